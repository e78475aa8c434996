/**
 * What exists, at one version: databases, schemas, tables, views and their columns, with ids.
 *
 * Immutable. Names compare without regard to case, as in the engine. What belongs to the engine or
 * to us (`main`, `information_schema`, `bluegate_internal`, …) is not in it, so it cannot be named.
 */
import type { ColumnType } from '../columnar/column-type.ts'
import type { ObjectRef } from '../identity/permission.ts'

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
}

export interface CatalogSnapshot {
  /** Grows with every committed change of definitions. A transaction's own overlay has its own. */
  readonly version: number
  readonly databases: readonly DatabaseEntry[]
  readonly schemas: readonly SchemaEntry[]
  readonly tables: readonly TableEntry[]
  database(name: string): DatabaseEntry | undefined
  schema(database: string, name: string): SchemaEntry | undefined
  table(database: string, schema: string, name: string): TableEntry | undefined
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

export function fullName(table: TableEntry): string {
  return `${table.schema.database.name}.${table.schema.name}.${table.name}`
}
