/**
 * The engine port: what runs SQL.
 *
 * DuckDB in a child process (engine/client speaks to engine/host) implements it today; Trino will.
 * User SQL reaches it only as a `Permit`. Results come back already encoded, in frames.
 */
import type { EngineLayer } from './layers.ts'
import type { ParameterValue } from '../columnar/parameter-value.ts'
import type { ResultFormat } from '../columnar/result-format.ts'
import type { Schema } from '../columnar/column-type.ts'
import type {
  ColumnKey,
  FileColumn,
  FileFormat,
  FileSource,
  FunctionDefinition,
  FunctionUse,
  Permit,
  SequenceOptions,
} from '../identity/permit.ts'

export interface Engine {
  /** For the gate, outside any session's transaction. */
  readonly introspection: Introspection

  /** Opens a session with a home connection of its own. */
  openSession(): Promise<EngineSession>

  /** Everything defined, committed state. */
  readDefinitions(): Promise<Definitions>

  /** Loads a file of a location that the engine was started with into a new table, all or nothing. */
  loadFile(request: LoadFileRequest, signal?: AbortSignal): Promise<{ rows: number }>

  /**
   * Makes a database with a schema `public`, outside of any transaction.
   * @throws GatewayError `duplicate_database`; `object_in_use` during a backup; as the engine says.
   *         Nothing is left then; after `crash_shutdown` it may be there.
   */
  createDatabase(made: NewDatabase): Promise<void>

  /**
   * Removes a database with all that is in it. What reads it at this moment reads on.
   * @throws GatewayError `invalid_catalog_name`; `object_in_use` during a backup, and for `master`.
   */
  dropDatabase(name: string): Promise<void>

  /**
   * Prepares a copy of the databases, taken while they are in use. One at a time.
   * @throws GatewayError `object_in_use` while there is another; `disk_full`.
   */
  openBackup(): Promise<EngineBackup>

  /**
   * Bumped by the host after each committed change of definitions; a permit for another version is
   * refused with `serialization_failure`, safe to retry, before anything runs.
   */
  readonly catalogVersion: number

  /** How often the host process was started; 1 after the first start. */
  readonly generation: number

  /** False while it is being started again. */
  readonly isUp: boolean

  /** Of the process that it runs in, where that is one of this machine. */
  readonly hostPid: number | undefined

  /** What is around that process, and what is not. */
  readonly layers: readonly EngineLayer[]

  /** Ends running statements with an error and closes the database cleanly. */
  stop(): Promise<void>
}

/**
 * The engine's own parser and binder. Never runs anything.
 *
 * A complaint about the text is thrown with its kind and its position (1-based, in characters) in
 * the text that was parsed or bound; it may quote names that the principal must not see, and the
 * gate maps it. One complaint is given back as the engine's JSON instead, `"error_type":"internal"`
 * in a plan: a parameter whose type cannot be inferred leaves `json_serialize_plan` without a plan.
 * The instance is unharmed, and the gate asks again with types.
 */
/** A table without rows, in whose place a plan shows which columns are read. */
export interface StubTable {
  readonly name: string
  readonly columns: readonly { readonly name: string; readonly typeName: string }[]
}

export interface Introspection {
  /** JSON of `json_serialize_sql(text)`, as text: numbers in it may exceed what JSON.parse keeps. */
  parse(text: string): Promise<string>
  /**
   * `run` and `check` are JSON of `{"error":false,"statements":[…]}`. Gives back the regenerated
   * text of `run` and the JSON of the bound, unoptimised plan of `check`, in one round trip.
   *
   * `tree` is `parse(text)`: the gate compares it with what it checked, because the engine's
   * printer does not quote every name. Left out, the gate asks for it with one more round trip.
   *
   * `stubs` are there as `temp.main.name` while `check` is planned, and gone afterwards.
   *
   * `parts` are trees as well, printed in the same round trip as `deparse` would: of a write, whose
   * clauses are put together one by one.
   */
  regenerate(
    run: string,
    check: string,
    stubs?: readonly StubTable[],
    parts?: readonly string[],
  ): Promise<{ text: string; plan: string; tree?: string; parts: readonly string[] }>
  /** Regenerated text of several trees (fragments of a write), in order. */
  deparse(trees: readonly string[]): Promise<string[]>
  /** JSON of `json_serialize_plan(text)`, not optimised; with stubs as `regenerate`. */
  plan(text: string, stubs?: readonly StubTable[]): Promise<string>
  /**
   * The columns that files have: of Parquet those of the first, of JSON those that the engine
   * finds in them, of CSV none.
   * @throws GatewayError `undefined_object` where there is no file, or what the engine says of one.
   */
  inspect(source: InspectedFiles): Promise<readonly FileColumn[]>
}

export interface InspectedFiles {
  readonly format: FileFormat
  /** Of the location: a realpath. */
  readonly directory: string
  /** Inside of it, maybe with wildcards. */
  readonly path: string
}

export type { FileFormat, FileSource } from '../identity/permit.ts'

export type Isolation = 'read committed' | 'repeatable read' | 'serializable'

/**
 * One client session in the engine. Calls may overlap: a second portal may be opened while the
 * first is half read (design, engine fact 2); the host keeps them apart.
 */
export interface EngineSession {
  /** As `Engine.introspection`, on the home connection: sees the transaction's own definitions. */
  readonly introspection: Introspection
  /**
   * 0 while there are no temporary tables; another number after each commit that changed them. After a
   * restart of the host they are gone, which shows when the session is used again.
   */
  readonly temporaries: number
  /** Takes the temporary tables away. Outside of `begin` … `commit`. */
  discardTemporary(): Promise<void>

  /** Definitions as this session, and its transaction, see them: with temporary tables, in `temp.main`. */
  readDefinitions(): Promise<Definitions>

  begin(isolation: Isolation, readOnly: boolean): Promise<void>
  /** `rolled_back` when the engine had aborted the transaction: COMMIT is then never forwarded. */
  commit(): Promise<'committed' | 'rolled_back'>
  rollback(): Promise<void>

  /** Binds the text without running it. Nothing is left behind in the engine. */
  describe(permit: Permit): Promise<StatementShape>

  /**
   * Starts the statement. Resolves when its columns are known and its first rows, or its error,
   * are. An abort of `signal` at any time interrupts it: the portal then fails with `cancelled`.
   * The `further` texts of the permit have run then, too; the count is that of the last.
   *
   * Outside `begin` … `commit` a read runs in its own snapshot; a write or definition is run in a
   * transaction that the caller opened.
   */
  run(permit: Permit, options: RunOptions, signal: AbortSignal): Promise<EnginePortal>

  /** Ends the session: open portals are interrupted, an open transaction is rolled back. */
  close(): Promise<void>
}

export interface StatementShape {
  /** What the engine inferred per parameter, by number from 1; undefined where it could not. */
  readonly parameterTypes: readonly (string | undefined)[]
  readonly columns: Schema
}

export interface RunOptions {
  readonly parameters: readonly ParameterValue[]
  readonly format: ResultFormat
  /** Rows until the first suspension; 0 = all. */
  readonly rowsMax: number
  /** Told now and then, until the statement has its first rows or its end: from 0 to 100. */
  readonly onProgress?: ((percent: number) => void) | undefined
}

/** An open result. Holds native handles in the host until it is complete, failed or closed. */
export interface EnginePortal {
  readonly columns: Schema
  /**
   * The next encoded frame, or how the result stands. Frames are held back at the source when the
   * caller does not ask (about 1 MiB is on its way at any time).
   *
   * - `frame`: whole rows, `rows` of them.
   * - `suspended`: `rowsMax` rows were given; `resume` goes on.
   * - `complete`: the end. `count`: rows changed by a write, else undefined.
   *
   * @throws GatewayError when the statement failed, however many frames were given before.
   */
  next(): Promise<PortalEvent>
  /** After `suspended`: lets the next `rowsMax` rows come (0 = all). */
  resume(rowsMax: number): void
  /** Frees the handles. Interrupts the statement if it still runs. Never throws. */
  close(): Promise<void>
}

export type PortalEvent =
  | {
      readonly kind: 'frame'
      readonly bytes: Uint8Array
      readonly rows: number
      /** The memory behind `bytes` serves nothing else: it may be freed when they are sent. */
      readonly owned?: boolean
    }
  | { readonly kind: 'suspended' }
  | { readonly kind: 'complete'; readonly count: number | undefined }

/**
 * A copy of the databases in the making. Steps in this order; `close` at any time, and always. A step
 * that fails leaves a copy that can only be closed.
 */
export interface EngineBackup {
  /** One for each database. Complete and flushed after `finish`. */
  readonly files: readonly DatabaseCopy[]
  /**
   * Decides what will be in the copy: the state at one instant between the call and its end.
   * @returns the number of tables to copy.
   */
  takeSnapshot(): Promise<number>
  /** Copies one more table, and compares it with its original. Undefined when all are copied. */
  copyNext(signal: AbortSignal): Promise<CopiedTable | undefined>
  /** Compares the definitions, and puts the copy on disk. */
  finish(): Promise<void>
  /** Takes the copy away. Never throws. */
  close(): Promise<void>
}

export interface DatabaseCopy {
  /** What it is to be called among the databases of an installation: `master.duckdb`. */
  readonly name: string
  /** Absolute path of the copy, beside the databases. */
  readonly file: string
}

export interface CopiedTable {
  readonly schema: string
  readonly name: string
  readonly rows: number
}

/** What exists in the engine, as plain data. */
export interface Definitions {
  /**
   * For a permit that is checked against these. In a transaction with definitions of its own it is a
   * number of that transaction alone, another one after each of its definitions, and never used
   * again for anything else: both kinds come from one sequence.
   */
  readonly catalogVersion: number
  readonly databases: readonly {
    readonly id: string
    readonly name: string
    /** A file of others, that is attached to be read. */
    readonly readOnly?: boolean
  }[]
  readonly schemas: readonly {
    readonly id: string
    readonly database: string
    readonly name: string
  }[]
  readonly tables: readonly DefinedTable[]
  /** Those that have names; absent: there are none. */
  readonly sequences?: readonly DefinedSequence[]
  /** Absent: there are none. */
  readonly functions?: readonly DefinedFunction[]
  /** What the engine was started with. */
  readonly locations?: readonly Location[]
}

export interface DefinedSequence {
  readonly id: string
  readonly database: string
  readonly schema: string
  readonly name: string
  readonly options: SequenceOptions
}

/** A function of users. The engine knows nothing of it: the gate writes it out where it is called. */
export interface DefinedFunction extends FunctionDefinition {
  readonly id: string
  readonly database: string
  readonly name: string
  /** The id of the role with whose rights it calls others. */
  readonly ownerRole: string
  readonly uses: readonly FunctionUse[]
}

/** A directory whose files foreign tables may show. */
export interface Location {
  /** `a-z`, `0-9` and `_`, beginning with a letter. */
  readonly name: string
  /** As a realpath. */
  readonly directory: string
}

export interface DefinedTable {
  readonly id: string
  readonly kind: 'table' | 'view' | 'foreign table'
  readonly database: string
  readonly schema: string
  readonly name: string
  readonly estimatedRows: number
  readonly primaryKey: readonly string[]
  /** Names; absent: none. */
  readonly indexes?: readonly string[]
  readonly columns: readonly DefinedColumn[]
  /** Of a view alone. */
  readonly view?: DefinedView
  /** Of a foreign table alone. */
  readonly foreign?: DefinedForeign
  /** Where columns were renamed, dropped, or added once more. */
  readonly columnKeys?: readonly ColumnKey[]
}

export interface DefinedView {
  /** The id of the role whose rights it reads with. */
  readonly ownerRole: string
  /** `CREATE VIEW … AS …`, as the engine prints it. */
  readonly sql: string
  /** The functions that stand written out in it. Absent: none. */
  readonly uses?: readonly FunctionUse[]
}

export interface DefinedForeign {
  /** The id of the role that answers for its location. */
  readonly ownerRole: string
  readonly source: FileSource
}

export interface DefinedColumn {
  readonly name: string
  readonly typeName: string
  readonly nullable: boolean
  readonly defaultExpression: string | undefined
}

/** Ids to register for a new database. */
export interface NewDatabase {
  readonly name: string
  readonly databaseId: string
  /** Of its schema `public`. */
  readonly schemaId: string
}

export interface LoadFileRequest {
  readonly database: string
  readonly schema: string
  readonly table: string
  /** The id to register for the new table. */
  readonly tableId: string
  /** Absolute path inside one of the directories that the engine was started with. */
  readonly path: string
  readonly format: 'parquet' | 'csv'
}
