/**
 * What exists, with its ids: the engine's own tables about itself, joined to the registry.
 *
 * What is ours or the engine's is left out, and so is an object without an id (a leftover of a
 * crash between two stores): what is not listed cannot be named.
 */
import { present } from '../../base/assert.ts'
import type { DuckDbConnection } from '../duckdb/duckdb-connection.ts'
import { TEMPORARY } from '../temporary-database.ts'
import type { WireDefinitions, WireSequenceOptions, WireStoredSource } from '../wire/request.ts'
import { readAttached } from './attached-files.ts'
import { readFunctions, readUses } from './function-registry.ts'
import { columnsByTable, primaryKeyByTable, tableKey } from './read-columns.ts'
import { columnKeysOf, objectsOf } from './registry.ts'
import type { TaskOf } from './task.ts'

type Table = WireDefinitions['tables'][number]

/** All in one transaction of the caller: the lists belong together. */
export function readDefinitions(
  connection: DuckDbConnection,
  {
    databases,
    attached,
    temporary,
  }: Pick<TaskOf<'definitions'>, 'databases' | 'attached' | 'temporary'>,
): Omit<WireDefinitions, 'catalogVersion'> {
  const own = databases.map((database) => readDatabase(connection, database))
  const others = attached.map((database) => readAttached(connection, database))
  return {
    databases: [
      ...own.map(({ id, name }) => ({ id, name, readOnly: false })),
      ...others.map(({ id, name }) => ({ id, name, readOnly: true })),
    ],
    schemas: [...own, ...others].flatMap(({ schemas }) => schemas),
    tables: [
      ...[...own, ...others].flatMap(({ tables }) => tables),
      ...(temporary ? readTemporary(connection) : []),
    ],
    sequences: own.flatMap(({ sequences }) => sequences),
    functions: own.flatMap(({ functions }) => functions),
  }
}

/** Those of the connection's session, whose names are their ids: nothing else knows of them. */
function readTemporary(connection: DuckDbConnection): Table[] {
  const columns = columnsByTable(connection, TEMPORARY)
  const keys = primaryKeyByTable(connection, TEMPORARY)
  return connection
    .rows(
      `SELECT schema_name, table_name AS name, estimated_size::VARCHAR, NULL FROM duckdb_tables()
       WHERE database_name = $1
       UNION ALL
       SELECT schema_name, view_name, NULL, sql FROM duckdb_views()
       WHERE database_name = $1 AND NOT internal
       ORDER BY name`,
      [TEMPORARY],
    )
    .map(([schema, name, rows, sql]): Table => {
      const key = tableKey(schema, name)
      return {
        id: `temporary ${present(name, 'name')}`,
        kind: typeof sql === 'string' ? 'view' : 'table',
        database: TEMPORARY,
        schema: present(schema, 'schema'),
        name: present(name, 'name'),
        estimatedRows: Number(rows ?? 0),
        primaryKey: keys.get(key) ?? [],
        indexes: [],
        columns: columns.get(key) ?? [],
        columnKeys: [],
        view: typeof sql === 'string' ? { ownerRole: '', sql, uses: [] } : null,
        foreign: null,
      }
    })
}

interface Database {
  readonly id: string
  readonly name: string
  readonly schemas: WireDefinitions['schemas']
  readonly tables: readonly Table[]
  readonly sequences: WireDefinitions['sequences']
  readonly functions: WireDefinitions['functions']
}

function readDatabase(connection: DuckDbConnection, database: string): Database {
  const objects = objectsOf(database)
  const [databaseRow] = connection.rows(`SELECT id FROM ${objects} WHERE kind = 'database'`)
  const schemas = connection.rows(schemasOf(objects), [database]).map(([id, name]) => ({
    id: present(id, 'id'),
    database,
    name: present(name, 'name'),
  }))
  const columns = columnsByTable(connection, database)
  const keys = primaryKeyByTable(connection, database)
  const indexes = indexesByTable(connection, database)
  const columnKeys = columnKeysByTable(connection, database)
  const uses = readUses(connection, database)
  const tables = connection
    .rows(tablesOf(objects), [database])
    .map(([id, word, schema, name, rows, owner, sql, source]): Table => {
      const key = tableKey(schema, name)
      const kind = present(
        KINDS.find((one) => one === word),
        'a kind of relation',
      )
      return {
        id: present(id, 'id'),
        kind,
        database,
        schema: present(schema, 'schema'),
        name: present(name, 'name'),
        estimatedRows: Number(rows ?? 0),
        primaryKey: keys.get(key) ?? [],
        indexes: indexes.get(key) ?? [],
        columns: columns.get(key) ?? [],
        columnKeys: columnKeys.get(present(id, 'id')) ?? [],
        view:
          kind === 'view'
            ? {
                ownerRole: owner ?? '',
                sql: present(sql, 'its query'),
                uses: uses.get(present(id, 'id')) ?? [],
              }
            : null,
        foreign:
          kind === 'foreign table'
            ? { ownerRole: owner ?? '', source: storedSource(source) }
            : null,
      }
    })
  return {
    id: present(databaseRow?.[0], 'the id of the database'),
    name: database,
    schemas,
    tables,
    sequences: readSequences(connection, database, objects),
    functions: readFunctions(connection, database, objects, uses),
  }
}

const KINDS = ['table', 'view', 'foreign table'] as const

function storedSource(source: string | null | undefined): WireStoredSource {
  return JSON.parse(present(source, 'where its files are')) as WireStoredSource
}

function schemasOf(objects: string): string {
  return `
  SELECT o.id, s.schema_name
  FROM duckdb_schemas() s JOIN ${objects} o ON o.kind = 'schema' AND o.schema_name = s.schema_name
  WHERE s.database_name = $1
  ORDER BY s.schema_name`
}

function tablesOf(objects: string): string {
  return `
  SELECT o.id, o.kind, o.schema_name, o.object_name, t.estimated_rows::VARCHAR, o.owner_role, t.sql,
         o.source
  FROM (
    SELECT database_name, schema_name, table_name AS name, 'table' AS kind,
           estimated_size AS estimated_rows, NULL AS sql
    FROM duckdb_tables()
    UNION ALL
    SELECT database_name, schema_name, view_name, 'view', NULL, sql FROM duckdb_views()
  ) t
  JOIN ${objects} o
    ON (o.kind = t.kind OR (o.kind = 'foreign table' AND t.kind = 'view'))
    AND o.schema_name = t.schema_name AND o.object_name = t.name
  WHERE t.database_name = $1
  ORDER BY o.schema_name, o.object_name`
}

/** The registry alone remembers where one began: of a copy's the engine says where it goes on. */
function readSequences(
  connection: DuckDbConnection,
  database: string,
  objects: string,
): WireDefinitions['sequences'] {
  const rows = connection.rows(
    `SELECT o.id, o.schema_name, o.object_name, o.source
     FROM duckdb_sequences() s
     JOIN ${objects} o ON o.kind = 'sequence'
       AND o.schema_name = s.schema_name AND o.object_name = s.sequence_name
     WHERE s.database_name = $1
     ORDER BY o.schema_name, o.object_name`,
    [database],
  )
  return rows.map(([id, schema, name, options]) => ({
    id: present(id, 'id'),
    database,
    schema: present(schema, 'schema'),
    name: present(name, 'name'),
    options: JSON.parse(present(options, 'how it counts')) as WireSequenceOptions,
  }))
}

function indexesByTable(connection: DuckDbConnection, database: string): Map<string, string[]> {
  const indexes = new Map<string, string[]>()
  for (const [schema, table, name] of connection.rows(
    `SELECT schema_name, table_name, index_name FROM duckdb_indexes()
     WHERE database_name = $1 ORDER BY ALL`,
    [database],
  )) {
    const key = tableKey(schema, table)
    indexes.set(key, [...(indexes.get(key) ?? []), present(name, 'name')])
  }
  return indexes
}

function columnKeysByTable(
  connection: DuckDbConnection,
  database: string,
): Map<string, Table['columnKeys']> {
  const found = new Map<string, Table['columnKeys']>()
  for (const [id, column, key] of connection.rows(
    `SELECT table_id, column_name, key FROM ${columnKeysOf(database)} ORDER BY ALL`,
  )) {
    const table = present(id, 'a table')
    const entry = { column: column ?? null, key: present(key, 'a key') }
    found.set(table, [...(found.get(table) ?? []), entry])
  }
  return found
}
