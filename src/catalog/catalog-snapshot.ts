/**
 * What exists, at one version: databases, schemas, tables, views and their columns, functions of
 * users, with ids.
 *
 * Immutable. Names compare without regard to case, as in the engine. What belongs to the engine or
 * to us (`main`, `information_schema`, `bluegate_internal`, …) is not in it, so it cannot be named.
 */
import type { ColumnType } from '../columnar/column-type.ts'
import type { ObjectRef } from '../identity/permission.ts'
import type { FunctionDefinition, FunctionUse } from '../identity/permit.ts'

export interface DatabaseEntry {
  readonly id: string
  readonly name: string
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
  readonly defaultExpression: string | undefined
  /** What grants call it: for its life the same, whatever it is renamed to, and nobody's afterwards. */
  readonly key: string
}

export interface TableEntry {
  readonly kind: 'table' | 'view'
  readonly id: string
  readonly name: string
  readonly schema: SchemaEntry
  readonly columns: readonly ColumnEntry[]
  readonly primaryKey: readonly string[]
  readonly estimatedRows: number
  /** Absent for a table. */
  readonly view?: ViewDefinition
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

export interface CatalogSnapshot {
  /** Grows with every committed change of definitions. A transaction's own overlay has its own. */
  readonly version: number
  readonly databases: readonly DatabaseEntry[]
  readonly schemas: readonly SchemaEntry[]
  readonly tables: readonly TableEntry[]
  readonly functions: readonly FunctionEntry[]
  database(name: string): DatabaseEntry | undefined
  schema(database: string, name: string): SchemaEntry | undefined
  table(database: string, schema: string, name: string): TableEntry | undefined
  function(database: string, name: string): FunctionEntry | undefined
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

export function functionRef({ id, database }: FunctionEntry): ObjectRef {
  return { kind: 'function', databaseId: database.id, functionId: id }
}

export function fullName(table: TableEntry): string {
  return `${table.schema.database.name}.${table.schema.name}.${table.name}`
}
