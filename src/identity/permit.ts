/**
 * Leave to run exactly `text`.
 *
 * Only `gate/authorize.ts` makes one (test/tidy holds it to that), and engines take nothing else:
 * a front door that forgets to authorize does not compile.
 */
import type { Principal } from './principal.ts'
import type { Requirement } from './permission.ts'

declare const granted: unique symbol

export interface Permit {
  readonly [granted]: true
  readonly principal: Principal
  /** The regenerated statement: canonical text with full names, never what the client wrote. */
  readonly text: string
  /** What runs after it, in its transaction, and belongs to it: all of them or none. */
  readonly further: readonly string[]
  readonly action: PermittedAction
  /** A query of the catalogue, or of nothing that is stored. */
  readonly readsNoTable: boolean
  /** All that must still be held when the statement starts, and when its transaction commits. */
  readonly requires: readonly Requirement[]
  /** The version of the catalogue that `text` was checked against. */
  readonly catalogVersion: number
  /** The foreign tables that it reads, or makes. */
  readonly files: readonly PermittedFiles[]
}

export type FileFormat = 'csv' | 'json' | 'parquet'

/** Which files a foreign table shows. */
export interface FileSource {
  readonly format: FileFormat
  /** The name of a location. */
  readonly location: string
  /** Inside of it, with `/` between directories; `*` and `?` stand for parts of one name. */
  readonly path: string
  /** Of CSV files alone. */
  readonly csv?: CsvForm
}

/** How a CSV file is written. */
export interface CsvForm {
  readonly delimiter: string
  readonly quote: string
  /** As the engine spells it; undefined: whichever one the file uses. */
  readonly lineEnd?: '\\n' | '\\r\\n' | '\\r' | undefined
  /** Lines in front of the first record. */
  readonly skip: number
  readonly dateFormat: 'YYYY-MM-DD' | 'YYYYMMDD' | 'YYYY/MM/DD'
}

/** Leave to read the files of one foreign table. */
export interface PermittedFiles extends FileSource {
  readonly tableId: string
  /** Of the foreign table. */
  readonly name: string
  /** Of the location: a realpath. */
  readonly directory: string
  /** What each Parquet file must have; of other formats the engine's own definition says it. */
  readonly columns: readonly FileColumn[]
  /** The principal may read all of the table itself, so it may know which of its files is wrong. */
  readonly told: boolean
}

export interface FileColumn {
  readonly name: string
  readonly typeName: string
}

/** PostgreSQL's command tags of writes. SELECT: of a query that draws from a sequence. */
export type WriteTag =
  'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE' | 'MERGE' | 'TRUNCATE TABLE' | 'COPY'

export type PermittedAction =
  | { readonly kind: 'read' }
  /** `tag` is the PostgreSQL command tag's first words; the engine's result is the count of rows. */
  | {
      readonly kind: 'write'
      readonly tag: WriteTag
      /** RETURNING: the engine's result is the rows and not their count. */
      readonly returning?: boolean
      /** COPY … FROM STDIN: what each row has a value for (see `gate/check-copy-in.ts`). */
      readonly takes?: TakenRows
    }
  | {
      readonly kind: 'define'
      readonly tag: string
      readonly database: string
      /** Object ids to record in the same engine transaction as the statement. */
      readonly registers: readonly RegisteredObject[]
      /** Object ids whose objects the statement removes. */
      readonly unregisters: readonly string[]
      /** What changes about objects that keep their ids. */
      readonly amends?: readonly RegistryAmendment[]
      /** CREATE TABLE AS: the engine's result is a count of rows. */
      readonly countsRows: boolean
      /** For the client, where IF [NOT] EXISTS left nothing to do: `… already exists, skipping`. */
      readonly notices?: readonly string[]
    }

export interface TakenRows {
  /** Of the table, as its catalogue entry has it. */
  readonly table: string
  readonly columns: readonly TakenColumn[]
}

export interface TakenColumn {
  readonly name: string
  /** The engine's own spelling, such as `DECIMAL(10,2)`. */
  readonly typeName: string
  readonly nullable: boolean
}

export interface RegisteredObject {
  readonly id: string
  readonly kind: 'schema' | 'table' | 'view' | 'foreign table' | 'sequence' | 'function'
  /** Absent for a function. */
  readonly schema?: string
  /** Absent for a schema. */
  readonly name?: string
  /** The id of the role whose rights a view or a function uses, or that answers for a location. */
  readonly ownerRole?: string
  /** Of a view or a function: the functions that stand in it. */
  readonly uses?: readonly FunctionUse[]
  /** Of a foreign table. */
  readonly source?: FileSource
  /** Only for a sequence. */
  readonly sequence?: SequenceOptions
  /** Only for a function. */
  readonly definition?: FunctionDefinition
}

/** How a sequence counts. Whole numbers of 64 bits, as text. */
export interface SequenceOptions {
  readonly start: string
  readonly increment: string
  readonly minimum: string
  readonly maximum: string
  readonly cycles: boolean
}

/** A function as it was when something came to be made of it. */
export interface FunctionUse {
  readonly id: string
  readonly revision: string
}

/** All that a function is, but its name and its rights. */
export interface FunctionDefinition {
  /** Another one each time it is replaced. */
  readonly revision: string
  readonly parameters: readonly FunctionParameter[]
  /** The engine's spelling of the type. */
  readonly returns: string
  /** What a call becomes, as a query: `gate/function-call.ts` says of which form. */
  readonly text: string
  /** The body as it was written, for people. */
  readonly source: string
}

export interface FunctionParameter {
  readonly name: string
  /** The engine's spelling. */
  readonly type: string
}

export type RegistryAmendment =
  /** A view that was defined anew reads with the rights of the role that did it. */
  | { readonly kind: 'owner'; readonly id: string; readonly ownerRole: string }
  | { readonly kind: 'name'; readonly id: string; readonly name: string }
  | { readonly kind: 'uses'; readonly id: string; readonly uses: readonly FunctionUse[] }
  | { readonly kind: 'definition'; readonly id: string; readonly definition: FunctionDefinition }
  /** All that is to be known of the keys of a table's columns (`catalog/column-keys.ts`). */
  | { readonly kind: 'column keys'; readonly id: string; readonly keys: readonly ColumnKey[] }

/** What grants call a column, where that is not its name. */
export interface ColumnKey {
  /** Null for a column that is gone: its key is never used again. */
  readonly column: string | null
  readonly key: string
}

/** Whether a statement answers with rows. */
export function givesRows({ action }: Permit): boolean {
  return action.kind === 'read' || (action.kind === 'write' && action.returning === true)
}
