/**
 * Lists the functions of the engine that nobody has judged yet, after an upgrade of it.
 *
 *     node scripts/list-engine-functions.ts
 *
 * Each belongs into `src/gate/allowed-functions.ts` or `src/gate/refused-functions.ts`. Ends with 1
 * while there is any, and names those in the lists that the engine no longer has.
 */
import { DuckDBInstance } from '@duckdb/node-api'
import {
  ALLOWED_FUNCTIONS,
  ALLOWED_OPERATORS,
  ALLOWED_TABLE_FUNCTIONS,
  BINDER_FUNCTIONS,
} from '../src/gate/allowed-functions.ts'
import { refusalReason } from '../src/gate/refused-functions.ts'

const instance = await DuckDBInstance.create(':memory:')
const connection = await instance.connect()
const [version, ...rest] = (await connection.runAndReadAll('SELECT version()')).getRows()
console.log(`DuckDB ${String(version?.[0])}${rest.length > 0 ? '?' : ''}`)

const reader = await connection.runAndReadAll(`
  SELECT lower(function_name) AS name, string_agg(DISTINCT function_type, ', '),
         coalesce(any_value(description), '')
  FROM duckdb_functions() WHERE internal GROUP BY 1 ORDER BY 1`)
const functions = reader.getRows().map((row) => row.map(String))
const names = new Set(functions.map(([name]) => name ?? ''))

const lists = [ALLOWED_FUNCTIONS, ALLOWED_OPERATORS, ALLOWED_TABLE_FUNCTIONS, BINDER_FUNCTIONS]
const judged = (name: string) =>
  lists.some((list) => list.has(name)) || refusalReason(name) !== undefined

const unjudged = functions.filter(([name = '']) => !judged(name))
for (const [name, kind, description] of unjudged)
  console.log(`new   ${name} (${kind}) ${description}`)
for (const list of lists) {
  for (const name of list) if (!names.has(name)) console.log(`gone  ${name}`)
}
console.log(`${functions.length} functions, ${unjudged.length} of them not judged`)
instance.closeSync()
process.exitCode = unjudged.length > 0 ? 1 : 0
