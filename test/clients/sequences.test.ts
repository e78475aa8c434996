/**
 * Sequences and identity columns: what they give, who may draw, and what is left of them when things
 * go wrong. What PostgreSQL does the same way is held against it with
 * BLUEGATE_CLIENTS_AGAINST=postgresql.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { failureOf } from './harness/client-connection.ts'
import type { ClientConnection } from './harness/client-connection.ts'
import { connect } from './harness/stock-clients.ts'
import { AGAINST_POSTGRESQL, connectOptions, startServer } from './harness/test-server.ts'
import type { ClientCredentials, TestServer } from './harness/test-server.ts'

let server: TestServer
let writer: ClientCredentials
let session: ClientConnection
let made = 0
let s = ''
let t = ''

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
  made += 1
  s = `counter_${made}`
  t = `counted_${made}`
  await server.admin(`CREATE SEQUENCE ${s}`)
  await server.admin(`GRANT USAGE ON SEQUENCE ${s} TO ${writer.role}`)
})

const draw = async (name = s, on = session) =>
  String((await on.query(`SELECT nextval('${name}')`)).rows[0]?.[0])
const stateOf = async (sql: string) => (await failureOf(session.query(sql))).sqlState
const rowsOf = async (sql: string) =>
  (await session.query(sql)).rows.map((row) => row.map(String).join(' '))

describe('named sequences', () => {
  test('a value is given once, also when the transaction that drew it is rolled back', async () => {
    expect([await draw(), await draw()]).toEqual(['1', '2'])
    await session.query('BEGIN')
    expect(await draw()).toBe('3')
    await session.query('ROLLBACK')
    expect(await draw()).toBe('4')
  })

  test('two sessions never draw the same', async () => {
    const other = await connect('node-postgres', connectOptions(server, writer))
    await session.query('BEGIN')
    const drawn = [await draw(), await draw(s, other), await draw(), await draw(s, other)]
    await session.query('COMMIT')
    await other.close()
    expect(drawn).toEqual(['1', '2', '3', '4'])
  })

  test('options: direction, bounds, cycle', async () => {
    await server.admin(`CREATE SEQUENCE ${s}_d INCREMENT -2 MINVALUE -4 START -1 MAXVALUE -1`)
    await server.admin(`CREATE SEQUENCE ${s}_c MAXVALUE 2 MINVALUE 0 START 1 CYCLE`)
    for (const name of [`${s}_d`, `${s}_c`]) {
      await server.admin(`GRANT UPDATE ON SEQUENCE ${name} TO ${writer.role}`)
    }
    expect([await draw(`${s}_d`), await draw(`${s}_d`)]).toEqual(['-1', '-3'])
    const ended = await failureOf(draw(`${s}_d`))
    expect([ended.sqlState, ended.message]).toEqual([
      '2200H',
      `nextval: reached minimum value of sequence "${s}_d" (-4)`,
    ])
    const four = [await draw(`${s}_c`), await draw(`${s}_c`), await draw(`${s}_c`)]
    expect(four).toEqual(['1', '2', '0'])
  })

  test('without a right there is a refusal, and its default asks it of whoever inserts', async () => {
    await server.admin(`CREATE TABLE ${t} (id BIGINT DEFAULT nextval('${s}'), v INTEGER)`)
    await server.admin(`GRANT SELECT, INSERT ON ${t} TO ${writer.role}`)
    await session.query(`INSERT INTO ${t} (v) VALUES (10), (20)`)
    await session.query(`INSERT INTO ${t} VALUES (DEFAULT, 30)`)
    expect(await rowsOf(`SELECT id, v FROM ${t} ORDER BY v`)).toEqual(['1 10', '2 20', '3 30'])
    await server.admin(`REVOKE USAGE ON SEQUENCE ${s} FROM ${writer.role}`)
    await server.admin(`GRANT SELECT ON SEQUENCE ${s} TO ${writer.role}`)
    expect(await stateOf(`SELECT nextval('${s}')`)).toBe('42501')
    expect(await stateOf(`INSERT INTO ${t} (v) VALUES (40)`)).toBe('42501')
    await session.query(`INSERT INTO ${t} (id, v) VALUES (99, 40)`)
    await expect(server.admin(`DROP SEQUENCE ${s}`)).rejects.toMatchObject({ code: '2BP01' })
    await server.admin(`DROP TABLE ${t}`)
    await server.admin(`DROP SEQUENCE ${s}`)
    expect(await stateOf(`SELECT nextval('${s}')`)).toBe('42P01')
  })

  test('nothing is drawn in a read-only transaction', async () => {
    await session.query('BEGIN READ ONLY')
    const failure = await failureOf(draw())
    await session.query('ROLLBACK')
    expect([failure.sqlState, failure.message]).toEqual([
      '25006',
      'cannot execute nextval() in a read-only transaction',
    ])
    expect(await draw()).toBe('1')
  })

  test('the catalogue lists it for those who may know of it', async () => {
    await server.admin(`DROP SEQUENCE ${s}`)
    await server.admin(`CREATE SEQUENCE ${s} START 7 INCREMENT 3`)
    await server.admin(`GRANT USAGE ON SEQUENCE ${s} TO ${writer.role}`)
    await server.admin(`CREATE SEQUENCE ${s}_hidden`)
    const of = `FROM pg_catalog.pg_class c JOIN pg_catalog.pg_sequence q ON q.seqrelid = c.oid`
    expect(
      await rowsOf(`SELECT relname, relkind, seqstart, seqincrement, seqmin, seqmax, seqcycle ${of}
        WHERE relname LIKE '${s}%' AND relname <> '${s}_hidden'`),
    ).toEqual([`${s} S 7 3 1 9223372036854775807 f`])
    expect(
      await rowsOf(`SELECT sequence_name, start_value, increment, cycle_option
        FROM information_schema.sequences WHERE sequence_name = '${s}'`),
    ).toEqual([`${s} 7 3 NO`])
    if (AGAINST_POSTGRESQL) return
    expect(await rowsOf(`SELECT relname FROM pg_class WHERE relname = '${s}_hidden'`)).toEqual([])
    const hidden = await failureOf(session.query(`SELECT nextval('${s}_hidden')`))
    const missing = await failureOf(session.query(`SELECT nextval('${s}_missing')`))
    expect(hidden.message.replace('hidden', 'missing')).toBe(missing.message)
  })
})
