/** Columns and primary keys, as the engine tells of them. */
import { present } from '../../base/assert.ts'
import type { DuckDbConnection } from '../duckdb/duckdb-connection.ts'
import type { WireDefinitions } from '../wire/request.ts'

type Column = WireDefinitions['tables'][number]['columns'][number]

/** By `tableKey`, in their order. */
export function columnsByTable(
  connection: DuckDbConnection,
  database: string,
): Map<string, Column[]> {
  const columns = new Map<string, Column[]>()
  const rows = connection.rows(
    `
    SELECT schema_name, table_name, column_name, data_type, is_nullable::VARCHAR, column_default
    FROM duckdb_columns()
    WHERE database_name = $1 AND NOT internal
    ORDER BY schema_name, table_name, column_index`,
    [database],
  )
  for (const [schema, table, name, typeName, nullable, defaultExpression] of rows) {
    const key = tableKey(schema, table)
    const list = columns.get(key) ?? []
    columns.set(key, list)
    list.push({
      name: present(name, 'name'),
      typeName: present(typeName, 'type'),
      nullable: nullable === 'true',
      defaultExpression: defaultExpression ?? null,
    })
  }
  return columns
}

/** By `tableKey`. */
export function primaryKeyByTable(
  connection: DuckDbConnection,
  database: string,
): Map<string, string[]> {
  const rows = connection.rows(
    `
    SELECT schema_name, table_name, unnest(constraint_column_names)
    FROM duckdb_constraints()
    WHERE database_name = $1 AND constraint_type = 'PRIMARY KEY'`,
    [database],
  )
  const keys = new Map<string, string[]>()
  for (const [schema, table, column] of rows) {
    const key = tableKey(schema, table)
    keys.set(key, [...(keys.get(key) ?? []), present(column, 'column')])
  }
  return keys
}

export function tableKey(
  schema: string | null | undefined,
  table: string | null | undefined,
): string {
  return JSON.stringify([schema, table])
}
