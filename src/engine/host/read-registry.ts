/** All that the registry of a database holds (`registry.ts`, `function-registry.ts`), to be put beside what the engine tells. */
import { present } from '../../base/assert.ts'
import type { DuckDbConnection } from '../duckdb/duckdb-connection.ts'
import type { WireDefinitions } from '../wire/request.ts'
import { compareTexts } from './engine-catalog.ts'
import { readFunctions, readUses } from './function-registry.ts'
import type { UsesByObject } from './function-registry.ts'
import { columnKeysOf, objectsOf } from './registry.ts'

type ColumnKeys = WireDefinitions['tables'][number]['columnKeys']

export interface RegistryEntry {
  readonly id: string
  readonly kind: string
  /** Empty of the database itself, and of functions. */
  readonly schema: string
  /** Empty of schemas. */
  readonly name: string
  readonly ownerRole: string
  /** JSON: of a foreign table where its files are, of a sequence how it counts. */
  readonly source: string | null
}

export interface Registry {
  readonly database: string
  /** Of the database. */
  readonly id: string
  /** By schema and name. */
  readonly entries: readonly RegistryEntry[]
  /** By the id of the table. */
  readonly columnKeys: ReadonlyMap<string, ColumnKeys>
  readonly uses: UsesByObject
  readonly functions: WireDefinitions['functions']
}

export function readRegistry(connection: DuckDbConnection, database: string): Registry {
  const entries = connection
    .rows(
      `SELECT id, kind, schema_name, object_name, owner_role, source FROM ${objectsOf(database)}`,
    )
    .map(([id, kind, schema, name, owner, source]): RegistryEntry => ({
      id: present(id, 'id'),
      kind: present(kind, 'kind'),
      schema: schema ?? '',
      name: name ?? '',
      ownerRole: owner ?? '',
      source: source ?? null,
    }))
    .sort((a, b) => compareTexts(a.schema, b.schema) || compareTexts(a.name, b.name))
  const itself = entries.find(({ kind }) => kind === 'database')
  const uses = readUses(connection, database)
  const hasFunctions = entries.some(({ kind }) => kind === 'function')
  return {
    database,
    id: present(itself?.id, 'the id of the database'),
    entries,
    columnKeys: readColumnKeys(connection, database),
    uses,
    functions: hasFunctions ? readFunctions(connection, database, objectsOf(database), uses) : [],
  }
}

function readColumnKeys(connection: DuckDbConnection, database: string): Map<string, ColumnKeys> {
  const found = new Map<string, ColumnKeys[number][]>()
  for (const [id, column, key] of connection.rows(
    `SELECT table_id, column_name, key FROM ${columnKeysOf(database)} ORDER BY ALL`,
  )) {
    const table = present(id, 'a table')
    const keys = found.get(table) ?? []
    found.set(table, keys)
    keys.push({ column: column ?? null, key: present(key, 'a key') })
  }
  return found
}
