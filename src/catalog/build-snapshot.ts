/** The engine's definitions, as the snapshot that names are resolved against. */
import type { Definitions } from '../engine/engine.ts'
import { parseTypeName } from '../columnar/parse-type-name.ts'
import { present } from '../base/assert.ts'
import { identityOf } from './identity-column.ts'
import { TEMPORARY_SCHEMA } from './temporary.ts'
import type {
  CatalogSnapshot,
  DatabaseEntry,
  FunctionEntry,
  SchemaEntry,
  SequenceEntry,
  TableEntry,
} from './catalog-snapshot.ts'

/** One key for a dotted name; the engine compares names without regard to case. */
function nameKey(...parts: readonly string[]): string {
  return JSON.stringify(parts.map((part) => part.toLowerCase()))
}

export function buildSnapshot(definitions: Definitions): CatalogSnapshot {
  const databases = new Map<string, DatabaseEntry>()
  for (const { id, name, readOnly = false } of definitions.databases) {
    databases.set(nameKey(name), { id, name, readOnly })
  }

  const schemas = new Map<string, SchemaEntry>()
  for (const { id, name, database } of definitions.schemas) {
    const holder = present(databases.get(nameKey(database)), `database of schema ${name}`)
    schemas.set(nameKey(database, name), { id, name, database: holder })
  }

  const tables = new Map<string, TableEntry>()
  for (const table of definitions.tables) {
    const { database, schema, columns, columnKeys = [], indexes = [], ...rest } = table
    const keys = new Map(columnKeys.map(({ column, key }) => [column, key]))
    const holder =
      database === TEMPORARY_SCHEMA.database.name
        ? TEMPORARY_SCHEMA
        : present(schemas.get(nameKey(database, schema)), `schema of table ${table.name}`)
    tables.set(nameKey(database, schema, table.name), {
      ...rest,
      indexes,
      schema: holder,
      columns: columns.map((column) => {
        const identity = identityOf(column.defaultExpression, holder)
        return {
          ...column,
          ...(identity && { identity, defaultExpression: undefined }),
          type: parseTypeName(column.typeName),
          key: keys.get(column.name) ?? column.name,
        }
      }),
      retiredKeys: columnKeys.flatMap(({ column, key }) => (column === null ? [key] : [])),
    })
  }

  const sequences = new Map<string, SequenceEntry>()
  for (const { database, schema, ...rest } of definitions.sequences ?? []) {
    const holder = present(schemas.get(nameKey(database, schema)), `schema of ${rest.name}`)
    sequences.set(nameKey(database, schema, rest.name), { ...rest, schema: holder })
  }

  const functions = new Map<string, FunctionEntry>()
  for (const { database, ...rest } of definitions.functions ?? []) {
    const holder = present(databases.get(nameKey(database)), `database of function ${rest.name}`)
    functions.set(nameKey(database, rest.name), { ...rest, database: holder })
  }

  const { locations = [] } = definitions
  const byName = new Map(locations.map((location) => [location.name, location]))

  return {
    version: definitions.catalogVersion,
    databases: [...databases.values()],
    schemas: [...schemas.values()],
    tables: [...tables.values()],
    sequences: [...sequences.values()],
    functions: [...functions.values()],
    locations,
    database: (name) => databases.get(nameKey(name)),
    schema: (database, name) => schemas.get(nameKey(database, name)),
    table: (database, schema, name) => tables.get(nameKey(database, schema, name)),
    sequence: (database, schema, name) => sequences.get(nameKey(database, schema, name)),
    function: (database, name) => functions.get(nameKey(database, name)),
    location: (name) => byName.get(name),
  }
}
