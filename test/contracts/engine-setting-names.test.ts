/** The engine's own list of settings, against the names that sessions are refused. */
import { DuckDBInstance } from '@duckdb/node-api'
import { expect, test } from 'vitest'
import { isEngineSetting } from '../../src/session/engine-setting-names.ts'
import { SETTINGS } from '../../src/session/setting-table.ts'

test('every setting of the engine is refused to sessions, or is one of PostgreSQL’s', async () => {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  try {
    const result = await connection.runAndReadAll('SELECT lower(name) FROM duckdb_settings()')
    const names = result.getRows().map(([name]) => String(name))
    expect(names.length).toBeGreaterThan(100)
    expect(names.filter((name) => !isEngineSetting(name) && !SETTINGS.has(name))).toEqual([])
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
})
