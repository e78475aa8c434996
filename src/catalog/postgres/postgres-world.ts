/**
 * What one reader may see, as PostgreSQL would have it: objects with numbers, columns with types.
 *
 * Everything in it is visible; nothing else is known to whoever makes rows from it. So a relation
 * cannot show what is hidden, whatever a statement asks of it. Hidden columns leave no gap in the
 * numbers of the others.
 */
import type { ColumnType } from '../../columnar/column-type.ts'
import { parseTypeName } from '../../columnar/parse-type-name.ts'
import { pgTypeOf } from '../../columnar/pg-type.ts'
import type { PgType } from '../../columnar/pg-type.ts'
import type { FileFormat } from '../../engine/engine.ts'
import type {
  CatalogSnapshot,
  ColumnEntry,
  DatabaseEntry,
  FunctionEntry,
  RelationKind,
  SchemaEntry,
  SequenceEntry,
  TableEntry,
  IdentityColumn,
} from '../catalog-snapshot.ts'
import type { SequenceOptions } from '../../identity/permit.ts'
import { constraintId, hashedNumber, indexId, numberOf, objectIds } from './object-ids.ts'
import { formatType } from './type-names.ts'

/** What may be shown. */
export interface Visible {
  /** The database of the session. */
  readonly database: DatabaseEntry
  readonly databases: readonly DatabaseEntry[]
  /** Of the session's database. */
  readonly schemas: readonly SchemaEntry[]
  readonly tables: readonly {
    readonly table: TableEntry
    readonly columns: readonly ColumnEntry[]
    /** Where it may be told. */
    readonly rows: number | undefined
    /** Of a view, where it may be told. */
    readonly definition: string | undefined
  }[]
  /** Of the session's database. */
  readonly sequences: readonly SequenceEntry[]
  /** Of the session's database. */
  readonly functions: readonly FunctionEntry[]
  readonly roles: readonly {
    readonly id: string
    readonly name: string
    readonly superuser: boolean
  }[]
  /** Schemas in which names without a schema are looked up, in order. */
  readonly searchPath: readonly string[]
  readonly blue: BlueWorld
}

/** What BLUE's catalogue shows besides. */
export interface BlueWorld {
  /** Of the product. */
  readonly version: string
  /** By BLUE's numbers. */
  readonly roles: readonly { readonly number: number; readonly name: string }[]
  readonly tableDefaults: readonly TableDefault[]
}

/** What is granted on a table when it is made. */
export interface TableDefault {
  /** undefined: in any schema. */
  readonly schema: SchemaEntry | undefined
  /** The number of the role that makes it; undefined: whichever does. */
  readonly creator: number | undefined
  /** undefined: the role that makes it. */
  readonly grantee: number | undefined
  readonly permission: number
}

export interface PostgresWorld {
  readonly blue: Omit<BlueWorld, 'tableDefaults'> & {
    readonly tableDefaults: readonly (Omit<TableDefault, 'schema'> & {
      readonly schema: Named | undefined
    })[]
  }
  readonly database: Named
  readonly databases: readonly Named[]
  /** Those of the system included. */
  readonly schemas: readonly Named[]
  readonly ownSchemas: readonly Named[]
  readonly tables: readonly PostgresTable[]
  readonly sequences: readonly PostgresSequence[]
  readonly functions: readonly PostgresFunction[]
  readonly roles: readonly PostgresRole[]
  readonly searchPath: readonly string[]
}

export interface Named {
  readonly oid: number
  readonly name: string
}

export interface PostgresTable extends Named {
  readonly kind: RelationKind
  /** Of a foreign table: the form of its files. */
  readonly format: FileFormat | undefined
  readonly schema: Named
  readonly columns: readonly PostgresColumn[]
  /** Absent when one of its columns is hidden. */
  readonly primaryKey: PostgresKey | undefined
  /** -1 where columns are hidden: how many rows there are is a thing to know, too. */
  readonly estimatedRows: number
  /** Where its rows may be read. */
  readonly rows: number | undefined
  readonly definition: string | undefined
}

export interface PostgresSequence extends Named {
  readonly schema: Named
  readonly options: SequenceOptions
}

export interface PostgresColumn {
  readonly table: Named
  /** From 1. */
  readonly number: number
  readonly name: string
  readonly engineType: ColumnType
  readonly type: PgType
  /** `numeric(10,2)` */
  readonly typeName: string
  readonly nullable: boolean
  readonly defaultExpression: string | undefined
  readonly identity: IdentityColumn | undefined
}

export interface PostgresKey {
  readonly name: string
  readonly table: Named
  readonly schema: Named
  readonly indexOid: number
  readonly constraintOid: number
  readonly columns: readonly PostgresColumn[]
}

/** A function of users. It is in no schema, and shown in `public`: PostgreSQL's tools want one. */
export interface PostgresFunction extends Named {
  readonly schema: Named
  readonly parameters: readonly {
    readonly name: string
    readonly type: PgType
    readonly typeName: string
  }[]
  readonly returns: PgType
  readonly returnsName: string
  /** Its body, as it was written. */
  readonly source: string
}

export interface PostgresRole extends Named {
  readonly superuser: boolean
}

export const PG_CATALOG: Named = { oid: 11, name: 'pg_catalog' }
const INFORMATION_SCHEMA: Named = { oid: 13_000, name: 'information_schema' }

/** Ours has no owners: what is there is the installation's. As PostgreSQL's first superuser. */
export const OWNER: PostgresRole = { oid: 10, name: 'bluegate', superuser: true }

const PUBLIC: Named = { oid: 2200, name: 'public' }

export function postgresWorld(catalog: CatalogSnapshot, visible: Visible): PostgresWorld {
  const ids = objectIds(catalog)
  const named = ({ id, name }: { id: string; name: string }): Named => ({
    oid: numberOf(ids, id),
    name,
  })
  const schemas = new Map(visible.schemas.map((schema) => [schema.id, schemaNamed(named, schema)]))
  const functions = visible.functions.map((one) => functionOf(one, named(one)))
  const isPublicThere = functions.length === 0 || [...schemas.values()].includes(PUBLIC)
  return {
    database: named(visible.database),
    databases: visible.databases.map(named),
    schemas: [
      ...schemas.values(),
      ...(isPublicThere ? [] : [PUBLIC]),
      PG_CATALOG,
      INFORMATION_SCHEMA,
    ],
    ownSchemas: [...schemas.values()],
    blue: {
      ...visible.blue,
      tableDefaults: visible.blue.tableDefaults.map((rule) => ({
        ...rule,
        schema: rule.schema && schemaNamed(named, rule.schema),
      })),
    },
    tables: visible.tables.map(({ table, columns, rows, definition }) => {
      const { id, schema, kind } = table
      const self = named(table)
      const own = columns.map((column, index) => columnOf(column, index, self))
      const inSchema = schemas.get(schema.id) ?? schemaNamed(named, schema)
      const keyOids = {
        indexOid: numberOf(ids, indexId(id)),
        constraintOid: numberOf(ids, constraintId(id)),
      }
      return {
        ...self,
        kind,
        format: table.foreign?.source.format,
        schema: inSchema,
        columns: own,
        primaryKey: keyOf(table, own, { table: self, schema: inSchema, ...keyOids }),
        estimatedRows: columns.length === table.columns.length ? table.estimatedRows : -1,
        rows,
        definition,
      }
    }),
    sequences: visible.sequences.map((sequence) => ({
      ...named(sequence),
      schema: schemas.get(sequence.schema.id) ?? schemaNamed(named, sequence.schema),
      options: sequence.options,
    })),
    functions,
    roles: [
      OWNER,
      ...visible.roles.map(({ id, name, superuser }) => ({
        oid: hashedNumber(`role ${id}`),
        name,
        superuser,
      })),
    ],
    searchPath: visible.searchPath,
  }
}

function schemaNamed(named: (schema: SchemaEntry) => Named, schema: SchemaEntry): Named {
  return schema.name === PUBLIC.name ? PUBLIC : named(schema)
}

function functionOf({ parameters, returns, source }: FunctionEntry, self: Named): PostgresFunction {
  return {
    ...self,
    schema: PUBLIC,
    parameters: parameters.map(({ name, type }) => ({ name, ...typed(type) })),
    returns: typed(returns).type,
    returnsName: typed(returns).typeName,
    source,
  }
}

function typed(engineName: string): { readonly type: PgType; readonly typeName: string } {
  const type = pgTypeOf(parseTypeName(engineName))
  return { type, typeName: formatType(type.oid, type.modifier) }
}

function columnOf(column: ColumnEntry, index: number, table: Named): PostgresColumn {
  const { name, nullable, defaultExpression, identity } = column
  const type = pgTypeOf(column.type)
  return {
    table,
    number: index + 1,
    name,
    engineType: column.type,
    type,
    typeName: formatType(type.oid, type.modifier),
    nullable,
    defaultExpression,
    identity,
  }
}

function keyOf(
  table: TableEntry,
  columns: readonly PostgresColumn[],
  place: Omit<PostgresKey, 'name' | 'columns'>,
): PostgresKey | undefined {
  const inKey = table.primaryKey.flatMap((name) => columns.filter((column) => column.name === name))
  const whole = inKey.length > 0 && inKey.length === table.primaryKey.length
  return whole ? { ...place, name: `${table.name}_pkey`, columns: inKey } : undefined
}

/** Tables that their name alone finds: the first of that name on the path. */
export function tablesOnPath({ tables, searchPath }: PostgresWorld): PostgresTable[] {
  return firstOnPath(tables, searchPath)
}

export function sequencesOnPath({ sequences, searchPath }: PostgresWorld): PostgresSequence[] {
  return firstOnPath(sequences, searchPath)
}

function firstOnPath<Entry extends Named & { readonly schema: Named }>(
  entries: readonly Entry[],
  searchPath: readonly string[],
): Entry[] {
  const found = new Map<string, Entry>()
  for (const schema of searchPath) {
    for (const entry of entries) {
      if (entry.schema.name === schema && !found.has(entry.name)) found.set(entry.name, entry)
    }
  }
  return [...found.values()]
}
