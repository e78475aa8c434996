/**
 * Temporary tables: of one session alone, without any permission, gone with it. What PostgreSQL does
 * the same way is held against it with BLUEGATE_CLIENTS_AGAINST=postgresql.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isEngine } from '../soak/soak.ts'
import { failureOf } from './harness/client-connection.ts'
import type { ClientConnection } from './harness/client-connection.ts'
import { sessionsOn } from './harness/session-of.ts'
import type { StockClient } from './harness/stock-clients.ts'
import { AGAINST_POSTGRESQL, startServer } from './harness/test-server.ts'
import type { ClientCredentials, TestServer } from './harness/test-server.ts'

const CLIENTS: readonly StockClient[] = ['node-postgres', 'psql']

let server: TestServer
let reader: ClientCredentials
let other: ClientCredentials

beforeAll(async () => {
  server = await startServer()
  await server.admin('CREATE TABLE shown (id INTEGER, secret VARCHAR(20))')
  await server.admin("INSERT INTO shown VALUES (1, 'canary'), (2, 'canary')")
  await server.admin('CREATE TABLE hidden (id INTEGER)')
  reader = await server.createClient('reader', ['SELECT (id) ON TABLE shown'])
  other = await server.createClient('other')
}, 120_000)

afterAll(() => server?.stop())

const as = sessionsOn(() => server)

const count = async (session: ClientConnection, table: string): Promise<unknown> =>
  (await session.query(`SELECT count(*) FROM ${table}`)).rows[0]?.[0]

const stateOf = async (session: ClientConnection, sql: string): Promise<string | undefined> =>
  (await failureOf(session.query(sql))).sqlState

describe.each(CLIENTS)('%s', (client) => {
  test('makes, fills, reads, changes and drops one, with no right to create anything', async () => {
    await as(
      reader,
      async (session) => {
        await session.query('CREATE TEMPORARY TABLE mine (id INTEGER PRIMARY KEY, n VARCHAR(9))')
        await session.query("INSERT INTO mine SELECT id, 'n' || id FROM shown")
        await session.query("UPDATE mine SET n = 'changed' WHERE id = 2")
        const joined = await session.query(
          'SELECT m.id, m.n FROM mine m JOIN shown s ON s.id = m.id ORDER BY 1',
        )
        expect(joined.rows).toEqual([
          ['1', 'n1'],
          ['2', 'changed'],
        ])
        await session.query('DELETE FROM pg_temp.mine WHERE id = 1')
        expect(await count(session, 'mine')).toBe('1')
        await session.query('ALTER TABLE mine ADD COLUMN more INTEGER')
        await session.query('UPDATE mine SET more = 5')
        expect((await session.query('SELECT * FROM mine')).rows).toEqual([['2', 'changed', '5']])
        await session.query('TRUNCATE mine')
        await session.query('DROP TABLE mine')
        expect((await failureOf(session.query('SELECT * FROM mine'))).message).toContain(
          'relation "mine" does not exist',
        )
      },
      client,
    )
  })

  test('from a query, with the clauses that tools write', async () => {
    await as(
      reader,
      async (session) => {
        for (const [head, tail] of [
          ['CREATE TEMP TABLE', ''],
          ['CREATE LOCAL TEMPORARY TABLE', ' ON COMMIT PRESERVE ROWS'],
          ['CREATE GLOBAL TEMP TABLE', ''],
          ['CREATE TEMP TABLE IF NOT EXISTS', ' ON COMMIT PRESERVE ROWS'],
        ] as const) {
          await session.query(`${head} "#Tableau_1" (a, b)${tail} AS SELECT id, id FROM shown`)
          expect(await count(session, '"#Tableau_1"')).toBe('2')
          await session.query('DROP TABLE "#Tableau_1"')
        }
        await session.query('CREATE TEMP TABLE t (a INTEGER) ON COMMIT PRESERVE ROWS')
        await session.query('CREATE TABLE pg_temp.u AS SELECT 1 AS a')
        expect(await count(session, 't, u')).toBe('0')
      },
      client,
    )
  })
})

test('others do not see it, nor does the next session of the same client', async () => {
  await as(reader, async (session) => {
    await session.query('CREATE TEMP TABLE mine AS SELECT 1 AS a')
    await as(other, async (stranger) =>
      expect(await stateOf(stranger, 'SELECT * FROM mine')).toBe('42P01'),
    )
    await as(reader, async (second) => {
      expect(await stateOf(second, 'SELECT * FROM pg_temp.mine')).toBe('42P01')
      await second.query("CREATE TEMP TABLE mine AS SELECT 'two' AS b")
      expect((await second.query('SELECT * FROM mine')).rows).toEqual([['two']])
    })
    expect((await session.query('SELECT * FROM mine')).rows).toEqual([['1']])
  })
  await as(reader, async (session) =>
    expect(await stateOf(session, 'SELECT * FROM mine')).toBe('42P01'),
  )
})

test('it hides a table of the same name from its session alone', async () => {
  await as(reader, async (session) => {
    await session.query('CREATE TEMP TABLE shown AS SELECT 9 AS id')
    expect((await session.query('SELECT * FROM shown')).rows).toEqual([['9']])
    expect(await count(session, 'public.shown')).toBe('2')
    await as(other, async (stranger) =>
      expect(await stateOf(stranger, 'SELECT id FROM shown')).toMatch(/42P01|42501/),
    )
    await session.query('DROP TABLE shown')
    expect(await count(session, 'shown')).toBe('2')
  })
})

test('in a transaction it comes and goes with it', async () => {
  await as(reader, async (session) => {
    await session.query('BEGIN')
    await session.query('CREATE TEMP TABLE gone (a INTEGER)')
    await session.query('INSERT INTO gone VALUES (1)')
    expect(await count(session, 'gone')).toBe('1')
    await session.query('ROLLBACK')
    expect(await stateOf(session, 'SELECT * FROM gone')).toBe('42P01')
    await session.query('BEGIN')
    await session.query('CREATE TEMP TABLE kept (a INTEGER)')
    await session.query('INSERT INTO kept VALUES (1), (2)')
    await session.query('COMMIT')
    expect(await count(session, 'kept')).toBe('2')
    await session.query('BEGIN')
    await session.query('DELETE FROM kept')
    await session.query('DROP TABLE kept')
    await session.query('ROLLBACK')
    expect(await count(session, 'kept')).toBe('2')
  })
})

test('definitions of others come in between, and it stays what it was', async () => {
  await as(reader, async (session) => {
    await session.query('CREATE TEMP TABLE mine AS SELECT 1 AS a')
    for (const index of [1, 2, 3]) {
      await server.admin(`CREATE TABLE between_${index} (a INTEGER)`)
      expect(await count(session, 'mine')).toBe('1')
      await session.query(`CREATE TEMP TABLE more_${index} AS SELECT a FROM mine`)
      expect(await count(session, `more_${index}`)).toBe('1')
    }
    await server.admin('GRANT SELECT ON TABLE between_1 TO reader_role')
    expect(await count(session, 'between_1')).toBe('0')
  })
})

test('what may not be read cannot be had by way of one', async () => {
  await as(reader, async (session) => {
    for (const sql of [
      'CREATE TEMP TABLE t AS SELECT secret FROM shown',
      'CREATE TEMP TABLE t AS SELECT * FROM shown',
      'CREATE TEMP TABLE t AS SELECT * FROM hidden',
    ]) {
      expect(await stateOf(session, sql)).toMatch(/42P01|42501/)
    }
    await session.query('CREATE TEMP TABLE t (id INTEGER, secret VARCHAR(20))')
    expect(await stateOf(session, 'INSERT INTO t SELECT id, secret FROM shown')).toBe('42501')
    expect(await stateOf(session, 'UPDATE t SET secret = s.secret FROM shown s')).toBe('42501')
    await session.query('INSERT INTO t (id) SELECT id FROM shown')
    expect(await count(session, 't')).toBe('2')
  })
})

test('a result that is half read is read to its end while it changes', async () => {
  await as(
    reader,
    async (session) => {
      await session.query('CREATE TEMP TABLE big AS SELECT i FROM generate_series(1, 200000) g(i)')
      await session.begin()
      await session.openPortal('p', 'SELECT i FROM big', 1000)
      let rows = (await session.fetch('p', 1000)).length
      await session.query('CREATE TEMP TABLE beside AS SELECT 1 AS a')
      await session.query('DELETE FROM big WHERE i > 10')
      for (;;) {
        const more = await session.fetch('p', 50_000)
        if (more.length === 0) break
        rows += more.length
      }
      expect(rows).toBe(200_000)
      await session.commit()
      expect(await count(session, 'big')).toBe('10')
    },
    'pgjdbc',
  )
})

test('DISCARD TEMP and DISCARD ALL take them away', async () => {
  await as(reader, async (session) => {
    for (const what of ['TEMP', 'ALL']) {
      await session.query('CREATE TEMP TABLE mine AS SELECT 1 AS a')
      await session.query(`DISCARD ${what}`)
      expect([what, await stateOf(session, 'SELECT * FROM mine')]).toEqual([what, '42P01'])
      expect(await count(session, 'shown')).toBe('2')
    }
  })
})

describe.skipIf(AGAINST_POSTGRESQL)('of the gateway alone', () => {
  test.each([
    ['CREATE TEMP TABLE "stub x" (a INTEGER)', '22023'],
    ['ALTER TABLE mine RENAME TO "stub x"', '22023'],
    ['CREATE TEMP TABLE public.t (a INTEGER)', '42P16'],
    ['CREATE TABLE temp.main.t (a INTEGER)', '3F000'],
    ['CREATE TEMP TABLE t (a INTEGER) ON COMMIT DROP', '0A000'],
    ['CREATE TEMP TABLE t (a INTEGER) ON COMMIT DELETE ROWS', '0A000'],
    ['CREATE TABLE t (a INTEGER) ON COMMIT PRESERVE ROWS', '42501'],
    ['CREATE SCHEMA pg_temp', '42501'],
    ['DROP SCHEMA pg_temp', '3F000'],
    ['USE SCHEMA pg_temp', '3F000'],
    ['ALTER DEFAULT SCHEMA FOR reader_role TO pg_temp', '3F000'],
    ['GRANT SELECT ON TABLE mine TO other_role', '42501'],
  ])('%s is refused', async (sql, sqlState) => {
    await as(reader, async (session) => {
      await session.query('CREATE TEMP TABLE mine AS SELECT 1 AS a')
      expect(await stateOf(session, sql)).toBe(sqlState)
      expect(await count(session, 'mine')).toBe('1')
    })
  })

  test('a view cannot be made over one: it would outlive it', async () => {
    await server.admin('CREATE TEMP TABLE mine AS SELECT 1 AS a')
    const made = (sql: string): Promise<unknown> => server.admin(sql)
    await expect(made('CREATE VIEW v AS SELECT a FROM mine')).rejects.toMatchObject({
      code: '0A000',
    })
    await made('CREATE TABLE lasting AS SELECT a FROM mine')
    await made('CREATE VIEW v AS SELECT a FROM lasting')
  })

  test('they are gone when the engine is started again, and the session goes on', async () => {
    await as(reader, async (session) => {
      await session.query('CREATE TEMP TABLE mine AS SELECT 1 AS a')
      const engine = server.pids().filter((pid) => isEngine(pid))
      for (const pid of engine) process.kill(pid, 'SIGKILL')
      await session.query('SELECT 1').catch(() => undefined)
      expect(await stateOf(session, 'SELECT * FROM mine')).toBe('42P01')
      await session.query('CREATE TEMP TABLE mine AS SELECT 2 AS a')
      expect((await session.query('SELECT * FROM mine')).rows).toEqual([['2']])
      expect(await count(session, 'shown')).toBe('2')
    })
  })
})
