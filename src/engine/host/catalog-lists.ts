/**
 * The engine's tables about itself, as it is asked for them: a statement of our own for each, whose first
 * column is the database.
 *
 * To parse, bind and optimise them is a third of what they cost, so a worker's own connection keeps them
 * prepared. Such a statement holds nothing of the answer before: what exists is looked up as it runs.
 */
import type { DuckDbConnection } from '../duckdb/duckdb-connection.ts'
import { DuckDbStatement } from '../duckdb/duckdb-statement.ts'
import { textRows } from '../duckdb/text-rows.ts'

const TEXTS = {
  schemas: 'SELECT database_name, schema_name, internal::VARCHAR FROM duckdb_schemas()',
  tables: `
    SELECT database_name, schema_name, table_name, estimated_size::VARCHAR, has_primary_key::VARCHAR
    FROM duckdb_tables() WHERE NOT internal`,
  views: `
    SELECT database_name, schema_name, view_name, sql FROM duckdb_views() WHERE NOT internal`,
  columns: `
    SELECT database_name, schema_name, table_name, column_index::VARCHAR, column_name, data_type,
           is_nullable::VARCHAR, column_default
    FROM duckdb_columns() WHERE NOT internal`,
  primaryKeys: `
    SELECT database_name, schema_name, table_name, unnest(constraint_column_names)
    FROM duckdb_constraints() WHERE constraint_type = 'PRIMARY KEY'`,
  indexes: 'SELECT database_name, schema_name, table_name, index_name FROM duckdb_indexes()',
  sequences: 'SELECT database_name, schema_name, sequence_name FROM duckdb_sequences()',
}

export type CatalogList = keyof typeof TEXTS

/** Addresses of the prepared statements. */
export type PreparedLists = Readonly<Record<CatalogList, bigint>>

/** To be closed with `closeLists` before the connection. */
export function prepareLists(connection: DuckDbConnection): PreparedLists {
  return forEach((list) => connection.prepare(TEXTS[list]).address)
}

export function closeLists(lists: PreparedLists): void {
  for (const address of Object.values(lists)) DuckDbStatement.at(address).close()
}

export type ReadList = (list: CatalogList) => readonly (readonly (string | null)[])[]

/** On a connection that has none prepared. */
export function readOnce(connection: DuckDbConnection): ReadList {
  return (list) => connection.rows(TEXTS[list])
}

export function readPrepared(lists: PreparedLists): ReadList {
  const statements = forEach((list) => DuckDbStatement.at(lists[list]))
  return (list) => textRows(statements[list], [])
}

function forEach<T>(work: (list: CatalogList) => T): Record<CatalogList, T> {
  return {
    schemas: work('schemas'),
    tables: work('tables'),
    views: work('views'),
    columns: work('columns'),
    primaryKeys: work('primaryKeys'),
    indexes: work('indexes'),
    sequences: work('sequences'),
  }
}
