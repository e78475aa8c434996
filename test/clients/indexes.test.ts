/**
 * Indexes: what a table means is the same with and without one, but for what UNIQUE forbids. What
 * PostgreSQL does the same way is held against it with BLUEGATE_CLIENTS_AGAINST=postgresql.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { isEngine } from '../soak/soak.ts'
import { failureOf } from './harness/client-connection.ts'
import type { ClientConnection } from './harness/client-connection.ts'
import { connect } from './harness/stock-clients.ts'
import { AGAINST_POSTGRESQL, connectOptions, startServer } from './harness/test-server.ts'
import type { ClientCredentials, TestServer } from './harness/test-server.ts'

let server: TestServer
let writer: ClientCredentials
let session: ClientConnection
let tables = 0
let table = ''

beforeAll(async () => {
  server = await startServer()
  writer = await server.createClient('writer', ['USAGE ON SCHEMA public'])
  session = await connect('node-postgres', connectOptions(server, writer))
}, 120_000)

afterAll(async () => {
  await session?.close()
  await server?.stop()
})

beforeEach(async () => {
  tables += 1
  table = `indexed_${tables}`
  await server.admin(`CREATE TABLE ${table} (id INTEGER, name VARCHAR, n INTEGER)`)
  await server.admin(`INSERT INTO ${table} VALUES (1, 'a', 10), (2, 'b', 20), (3, NULL, 30)`)
  await server.admin(`GRANT SELECT, INSERT, UPDATE, DELETE ON ${table} TO ${writer.role}`)
})

const all = async () =>
  await server.admin(`SELECT id::VARCHAR, name, n::VARCHAR FROM ${table} ORDER BY ${table}.id`)
const stateOf = async (sql: string) => (await failureOf(session.query(sql))).sqlState

test('a unique index forbids what is there twice, and NULL is nothing', async () => {
  await server.admin(`CREATE UNIQUE INDEX ${table}_u ON ${table} (name)`)
  expect(await stateOf(`INSERT INTO ${table} VALUES (4, 'a', 1)`)).toBe('23505')
  expect(await stateOf(`UPDATE ${table} SET name = 'a' WHERE id = 2`)).toBe('23505')
  await session.query(`INSERT INTO ${table} VALUES (4, NULL, 1), (5, 'c', 1)`)
  expect(await all()).toHaveLength(5)
  await server.admin(`DROP INDEX ${table}_u`)
  await session.query(`INSERT INTO ${table} VALUES (6, 'a', 1)`)
})

test('a unique index is not made over what is there twice', async () => {
  await server.admin(`INSERT INTO ${table} VALUES (1, 'a', 11)`)
  const make = `CREATE UNIQUE INDEX ${table}_u ON ${table} (id, name)`
  await expect(server.admin(make)).rejects.toMatchObject({ code: '23505' })
  await server.admin(`CREATE UNIQUE INDEX ${table}_u ON ${table} (id, name, n)`)
})

test('rows are written, in one transaction also the same keys again', async () => {
  await server.admin(`CREATE UNIQUE INDEX ${table}_u ON ${table} (id)`)
  await server.admin(`CREATE INDEX ${table}_i ON ${table} (n)`)
  await session.query('BEGIN')
  await session.query(`DELETE FROM ${table} WHERE id = 1`)
  await session.query(`INSERT INTO ${table} VALUES (1, 'new', 11)`)
  await session.query(`UPDATE ${table} SET n = n + 1, name = 'z' WHERE id = 2`)
  await session.query('COMMIT')
  await session.query('BEGIN')
  await session.query(`UPDATE ${table} SET n = 99`)
  await session.query('ROLLBACK')
  expect(await all()).toEqual([
    ['1', 'new', '11'],
    ['2', 'z', '21'],
    ['3', null, '30'],
  ])
  const found = await session.query(`SELECT id FROM ${table} WHERE n = 21`)
  expect(found.rows).toEqual([['2']])
})

test('names, and what is there or not', async () => {
  await server.admin(`CREATE INDEX ON ${table} (id, n)`)
  await server.admin(`CREATE INDEX ON ${table} (id, n)`)
  await server.admin(`DROP INDEX ${table}_id_n_idx, public.${table}_id_n_idx1`)
  for (const [sql, code] of [
    [`CREATE INDEX ${table} ON ${table} (id)`, '42P07'],
    [`CREATE INDEX i ON ${table} (nothing)`, '42703'],
    [`CREATE INDEX i ON ${table}_no (id)`, '42P01'],
    [`CREATE INDEX i ON ${table} (id`, '42601'],
    ['DROP INDEX no_index', '42704'],
  ] as const) {
    await expect(server.admin(sql)).rejects.toMatchObject({ code })
  }
  await server.admin(`CREATE INDEX IF NOT EXISTS ${table}_i ON ${table} USING btree (id)`)
  await server.admin(`CREATE INDEX IF NOT EXISTS ${table}_i ON ${table} (id)`)
  await server.admin(`DROP INDEX IF EXISTS ${table}_i, ${table}_no RESTRICT`)
})

test('an index goes with its table, and with the transaction that made it', async () => {
  await server.admin('BEGIN')
  await server.admin(`CREATE UNIQUE INDEX ${table}_u ON ${table} (id)`)
  await server.admin('ROLLBACK')
  await session.query(`INSERT INTO ${table} VALUES (1, 'twice', 1)`)
  await server.admin(`CREATE INDEX ${table}_i ON ${table} (id)`)
  await server.admin(`DROP TABLE ${table}`)
  await expect(server.admin(`DROP INDEX ${table}_i`)).rejects.toMatchObject({ code: '42704' })
})

test('one who may only write makes no index', async () => {
  expect(await stateOf(`CREATE INDEX i ON ${table} (id)`)).toBe('42501')
})

describe.skipIf(AGAINST_POSTGRESQL)('of Bluegate alone', () => {
  test('a table with an index is altered when the index is dropped', async () => {
    await server.admin(`CREATE INDEX ${table}_i ON ${table} (id)`)
    const alter = `ALTER TABLE ${table} DROP COLUMN n`
    await expect(server.admin(alter)).rejects.toMatchObject({ code: '2BP01' })
    await server.admin(`ALTER TABLE ${table} ADD COLUMN x VARCHAR DEFAULT lower('X')`)
    await server.admin(`DROP INDEX ${table}_i`)
    await server.admin(alter)
  })

  test('a temporary table has no index but its key', async () => {
    await session.query('CREATE TEMP TABLE own (id INTEGER PRIMARY KEY)')
    expect(await stateOf('CREATE INDEX own_index ON own (id)')).toBe('0A000')
    await session.query('DISCARD TEMP')
  })

  test('indexes are there after the engine was started again', async () => {
    await server.admin(`CREATE UNIQUE INDEX ${table}_u ON ${table} (id)`)
    server
      .pids()
      .filter(isEngine)
      .forEach((pid) => process.kill(pid, 'SIGKILL'))
    await expect
      .poll(() => stateOf(`INSERT INTO ${table} VALUES (1, 'x', 1)`), { timeout: 30_000 })
      .toBe('23505')
    await server.admin(`DROP INDEX ${table}_u`)
    await session.query(`INSERT INTO ${table} VALUES (1, 'x', 1)`)
  })
})
