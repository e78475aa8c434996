/**
 * The files of foreign tables, for one statement: found, looked at, and handed to the engine as a list.
 *
 * The engine would take a Parquet file whose columns have changed as it is: another type would appear
 * in the result, or values would be rounded to the type of the first file. So each file's columns are
 * held against the definition first. CSV and JSON are read as text, and every value is checked.
 */
import { statSync } from 'node:fs'
import { GatewayError } from '../../base/gateway-error.ts'
import { parseTypeName, typeName } from '../../columnar/parse-type-name.ts'
import type { DuckDbConnection } from '../duckdb/duckdb-connection.ts'
import { fileVariable } from '../file-variable.ts'
import type { WireFileColumn, WireFiles, WireFileSource } from '../wire/request.ts'
import { filesOf } from './location-files.ts'
import { RecentMap } from './recent-map.ts'

/** Parquet files that were found to be as they must be, by what shows that they are the same still. */
const KNOWN_MAX = 20_000
const known = new RecentMap<string, true>(KNOWN_MAX)

/**
 * Binds with the files as they are now. The list stays on the connection until the next one: taking
 * it away would end the statement's stream.
 *
 * @throws GatewayError as `filesOf`; `object_not_in_prerequisite_state` for a Parquet file without a
 *         column of the definition, or with one of another type.
 */
export function withFiles<T>(
  connection: DuckDbConnection,
  files: readonly WireFiles[],
  bind: () => T,
): T {
  for (const source of files) {
    const paths = filesOf(source)
    if (source.format === 'parquet')
      for (const path of paths) checkColumns(connection, path, source)
    connection.execute(`SET VARIABLE ${fileVariable(source.tableId)} = ${listOf(paths)}`)
  }
  return bind()
}

/**
 * What the files have: of Parquet the first one's columns, of JSON those that the engine finds, of
 * CSV none.
 */
export function inspectFiles(
  connection: DuckDbConnection,
  source: WireFileSource,
): readonly WireFileColumn[] {
  const paths = filesOf(source)
  switch (source.format) {
    case 'csv':
      return []
    case 'parquet':
      return columnsOf(connection, `read_parquet(${listOf(paths.slice(0, 1))}, ${PARQUET})`)
    case 'json':
      return columnsOf(connection, `read_json(${listOf(paths)}, ${JSON_FILES})`)
  }
}

const PARQUET = 'hive_partitioning = false, union_by_name = false'
const JSON_FILES = 'hive_partitioning = false, union_by_name = true, records = true'

function checkColumns(connection: DuckDbConnection, path: string, source: WireFiles): void {
  const { dev, ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true })
  const wanted = source.columns.map(({ name, typeName: type }) => [name, normal(type)] as const)
  const key = [dev, ino, size, mtimeNs, ctimeNs, JSON.stringify(wanted)].join(' ')
  if (known.get(key)) return
  const reader = `read_parquet(${listOf([path])}, ${PARQUET})`
  const found = new Map(
    columnsOf(connection, reader).map(({ name, typeName: type }) => [name, normal(type)]),
  )
  for (const [name, type] of wanted) {
    const there = found.get(name)
    if (there === type) continue
    const what = there === undefined ? 'there is none in the file' : `the file has ${there}`
    throw new GatewayError(
      'object_not_in_prerequisite_state',
      `column "${name}" of the foreign table is ${type}, and ${what}`,
      { place: { path } },
    )
  }
  known.set(key, true)
}

function columnsOf(connection: DuckDbConnection, reader: string): WireFileColumn[] {
  return connection
    .rows(`SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM ${reader})`)
    .map(([name, type]) => ({ name: name ?? '', typeName: type ?? '' }))
}

/** One spelling for each type. */
function normal(type: string): string {
  return typeName(parseTypeName(type))
}

/** Readers take patterns: what stands for others in one is put in brackets. */
function listOf(paths: readonly string[]): string {
  const items = paths.map((path) => path.replaceAll(/[*?[]/g, '[$&]').replaceAll("'", "''"))
  return `[${items.map((path) => `'${path}'`).join(', ')}]`
}
