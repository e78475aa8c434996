/**
 * What exists, at one version: databases, schemas, tables, views, foreign tables and their columns,
 * sequences, functions of users, with ids; and the locations of the configuration.
 *
 * Immutable. Names compare without regard to case, as in the engine. What belongs to the engine or
 * to us (`main`, `information_schema`, `bluegate_internal`, …) is not in it, so it cannot be named.
 */
import type { ColumnType } from '../columnar/column-type.ts'
import type { FileSource } from '../engine/engine.ts'
import type { ObjectRef } from '../identity/permission.ts'
import type { FunctionDefinition, FunctionUse, SequenceOptions } from '../identity/permit.ts'

export interface DatabaseEntry {
  readonly id: string
  readonly name: string
  /** A file of others, that is attached to be read: nothing can be made or changed in it. */
  readonly readOnly: boolean
}

export interface SchemaEntry {
  readonly id: string
  readonly name: string
  readonly database: DatabaseEntry
}

export interface ColumnEntry {
  readonly name: string
  readonly type: ColumnType
  /** The engine's own spelling, such as `DECIMAL(10,2)`. */
  readonly typeName: string
  readonly nullable: boolean
  /** Of an identity column undefined. */
  readonly defaultExpression: string | undefined
  readonly identity?: IdentityColumn
  /** What grants call it: for its life the same, whatever it is renamed to, and nobody's afterwards. */
  readonly key: string
}

/** See `identity-column.ts`. */
export interface IdentityColumn {
  /** `always`: no other values but with OVERRIDING SYSTEM VALUE. */
  readonly generation: 'always' | 'by default'
  readonly options: SequenceOptions
  readonly sequence: OwnSequence
}

/** In the engine's own spelling. */
export interface OwnSequence {
  readonly database: string
  readonly schema: string
  readonly name: string
}

/** A directory of the configuration, whose files foreign tables may show. */
export interface LocationEntry {
  readonly name: string
  /** As a realpath. */
  readonly directory: string
}

export type RelationKind = 'table' | 'view' | 'foreign table'

export interface TableEntry {
  readonly kind: RelationKind
  readonly id: string
  readonly name: string
  readonly schema: SchemaEntry
  readonly columns: readonly ColumnEntry[]
  readonly primaryKey: readonly string[]
  /** Names of its indexes; they are in its schema. */
  readonly indexes: readonly string[]
  readonly estimatedRows: number
  /** Of a view alone. */
  readonly view?: ViewDefinition
  /** Of a foreign table alone. */
  readonly foreign?: ForeignDefinition
  /** Of columns that are gone. */
  readonly retiredKeys: readonly string[]
}

export interface ViewDefinition {
  /** The id of the role whose rights it reads with. */
  readonly ownerRole: string
  /** `CREATE VIEW … AS …`, as the engine prints it. */
  readonly sql: string
  /** The functions that stand written out in it; absent: none. */
  readonly uses?: readonly FunctionUse[]
}

/** A sequence that has a name. The own ones of tables are in their columns: `identity-column.ts`. */
export interface SequenceEntry {
  readonly id: string
  readonly name: string
  readonly schema: SchemaEntry
  readonly options: SequenceOptions
}

/** A function of users. It belongs to a database and is in no schema, as in BLUE. */
export interface FunctionEntry extends FunctionDefinition {
  readonly id: string
  readonly name: string
  readonly database: DatabaseEntry
  /** The id of the role with whose rights it calls others. */
  readonly ownerRole: string
  /** The functions that stand written out in it. */
  readonly uses: readonly FunctionUse[]
}

/** Where the rows of a foreign table are, and who answers for their being shown. */
export interface ForeignDefinition {
  /** The id of the role that must have USAGE on the location. */
  readonly ownerRole: string
  readonly source: FileSource
}

export interface CatalogSnapshot {
  /** Grows with every committed change of definitions. A transaction's own overlay has its own. */
  readonly version: number
  readonly databases: readonly DatabaseEntry[]
  readonly schemas: readonly SchemaEntry[]
  readonly tables: readonly TableEntry[]
  readonly sequences: readonly SequenceEntry[]
  readonly functions: readonly FunctionEntry[]
  readonly locations: readonly LocationEntry[]
  database(name: string): DatabaseEntry | undefined
  schema(database: string, name: string): SchemaEntry | undefined
  table(database: string, schema: string, name: string): TableEntry | undefined
  sequence(database: string, schema: string, name: string): SequenceEntry | undefined
  function(database: string, name: string): FunctionEntry | undefined
  location(name: string): LocationEntry | undefined
}

export function databaseRef(database: DatabaseEntry): ObjectRef {
  return { kind: 'database', databaseId: database.id }
}

export function schemaRef(schema: SchemaEntry): ObjectRef {
  return { kind: 'schema', databaseId: schema.database.id, schemaId: schema.id }
}

export function tableRef(table: TableEntry): ObjectRef {
  return {
    kind: table.kind,
    databaseId: table.schema.database.id,
    schemaId: table.schema.id,
    tableId: table.id,
  }
}

export function sequenceRef({ id, schema }: SequenceEntry): ObjectRef {
  return {
    kind: 'sequence',
    databaseId: schema.database.id,
    schemaId: schema.id,
    tableId: id,
  }
}

export function functionRef({ id, database }: FunctionEntry): ObjectRef {
  return { kind: 'function', databaseId: database.id, functionId: id }
}

export function locationRef({ name }: LocationEntry): ObjectRef {
  return { kind: 'location', databaseId: '', location: name }
}

export function fullName({ schema, name }: TableEntry | SequenceEntry): string {
  return `${schema.database.name}.${schema.name}.${name}`
}
