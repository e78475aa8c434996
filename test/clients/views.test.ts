/** Views: whoever may read one sees what its owner lets it show, and nothing beneath it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startBluegate } from './harness/bluegate-server.ts'
import type { BluegateServer } from './harness/bluegate-server.ts'
import { failureOf } from './harness/client-connection.ts'
import { sessionsOn } from './harness/session-of.ts'
import type { StockClient } from './harness/stock-clients.ts'
import { AGAINST_POSTGRESQL } from './harness/test-server.ts'
import type { ClientCredentials } from './harness/test-server.ts'

const CLIENTS: readonly StockClient[] = ['node-postgres', 'psql']

describe.skipIf(AGAINST_POSTGRESQL)('views', () => {
  let server: BluegateServer
  let maker: ClientCredentials
  let reader: ClientCredentials

  beforeAll(async () => {
    server = await startBluegate()
    await server.admin('CREATE SCHEMA hr')
    await server.admin('CREATE SCHEMA shown')
    await server.admin('CREATE TABLE hr.people (id INTEGER, name VARCHAR, salary VARCHAR)')
    await server.admin("INSERT INTO hr.people VALUES (1, 'Ann', '100'), (2, 'Bob', 'canary')")
    maker = await server.createClient('maker', [
      'USAGE ON SCHEMA hr',
      'USAGE, CREATE ON SCHEMA shown',
      'SELECT ON TABLE hr.people',
    ])
    reader = await server.createClient('reader', ['USAGE ON SCHEMA shown'])
    await as(maker, async (session) => {
      await session.query('CREATE VIEW shown.people AS SELECT id, name, salary FROM hr.people')
    })
    await server.admin('GRANT SELECT ON COLUMN id, name IN VIEW shown.people TO reader_role')
  }, 120_000)

  afterAll(() => server?.stop())

  const as = sessionsOn(() => server)

  describe.each(CLIENTS)('%s', (client) => {
    test('the columns that were granted are read, the others are not', async () => {
      await as(
        reader,
        async (session) => {
          const { rows } = await session.query('SELECT p.name FROM shown.people p ORDER BY p.id')
          expect(rows).toEqual([['Ann'], ['Bob']])
          const hidden = await failureOf(session.query('SELECT salary FROM shown.people'))
          expect([hidden.sqlState, hidden.message]).toEqual([
            '42501',
            expect.stringContaining("SELECT on column 'master.shown.people.salary'"),
          ])
          const beneath = await failureOf(session.query('SELECT name FROM hr.people'))
          expect(beneath.sqlState).toBe('42P01')
          const plan = await failureOf(session.query('EXPLAIN SELECT name FROM shown.people'))
          expect(plan.sqlState).toBe('42501')
        },
        client,
      )
    })

    test('what the owner loses, all lose, and get back', async () => {
      const count = 'SELECT count(*) FROM shown.people'
      await as(
        reader,
        async (session) => {
          expect((await session.query(count)).rows).toEqual([['2']])
          await server.admin('REVOKE SELECT ON TABLE hr.people FROM maker_role')
          const failure = await failureOf(session.query(count))
          expect([failure.sqlState, failure.message]).toEqual([
            '55000',
            'view "people" cannot be read now',
          ])
          await server.admin('GRANT SELECT ON TABLE hr.people TO maker_role')
          expect((await session.query(count)).rows).toEqual([['2']])
        },
        client,
      )
    })
  })

  test('a value beneath a view is in no error', async () => {
    await as(maker, async (session) => {
      await session.query(
        "CREATE OR REPLACE VIEW shown.numbers AS SELECT id, salary::INTEGER AS n FROM hr.people WHERE name <> 'Ann'",
      )
      await session
        .query('GRANT SELECT ON VIEW shown.numbers TO reader_role')
        .catch(() => undefined)
    })
    await server.admin('GRANT SELECT ON VIEW shown.numbers TO reader_role')
    await as(reader, async (session) => {
      const failure = await failureOf(session.query('SELECT n FROM shown.numbers'))
      expect([failure.sqlState, failure.message]).toEqual([
        '22P02',
        'a value cannot be converted to the type that is needed',
      ])
    })
  })

  test('a view is made, used, replaced and taken back in one transaction', async () => {
    await as(maker, async (session) => {
      await session.query('BEGIN')
      await session.query('CREATE VIEW shown.mine (n) AS SELECT count(*) FROM hr.people')
      expect((await session.query('SELECT n FROM shown.mine')).rows).toEqual([['2']])
      await session.query('CREATE OR REPLACE VIEW shown.mine AS SELECT 7 AS seven')
      expect((await session.query('FROM shown.mine')).rows).toEqual([['7']])
      await session.query('ROLLBACK')
      expect((await failureOf(session.query('FROM shown.mine'))).sqlState).toBe('42P01')
    })
  })

  test('what was granted on a view outlives its replacement, and goes with it', async () => {
    const read = 'SELECT a FROM shown.kept'
    await as(maker, (session) => session.query('CREATE VIEW shown.kept AS SELECT 1 AS a'))
    await server.admin('GRANT SELECT ON VIEW shown.kept TO reader_role')
    await as(reader, async (session) => {
      expect((await session.query(read)).rows).toEqual([['1']])
      await server.admin('CREATE OR REPLACE VIEW shown.kept AS SELECT 2 AS a')
      expect((await session.query(read)).rows).toEqual([['2']])
      await server.admin('DROP VIEW shown.kept')
      await server.admin('CREATE VIEW shown.kept AS SELECT 3 AS a')
      expect((await failureOf(session.query(read))).sqlState).toBe('42P01')
    })
  })

  test('a statement that reads a view ends when its owner loses the right', async () => {
    await as(maker, (session) =>
      session.query(
        'CREATE VIEW shown.long AS SELECT a.id FROM hr.people a, range(100000000) r(i), range(1000) s(j)',
      ),
    )
    await server.admin('GRANT SELECT ON VIEW shown.long TO reader_role')
    await as(reader, async (session) => {
      const running = failureOf(session.query('SELECT count(id) FROM shown.long'))
      await new Promise((resolve) => setTimeout(resolve, 500))
      await server.admin('REVOKE SELECT ON TABLE hr.people FROM maker_role')
      expect((await running).sqlState).toBe('42501')
      await server.admin('GRANT SELECT ON TABLE hr.people TO maker_role')
    })
  })

  test('psql lists views', async () => {
    await as(
      reader,
      async (session) => {
        const { rows } = await session.query(
          "SELECT table_name FROM information_schema.views WHERE table_schema = 'shown' AND table_name = 'people'",
        )
        expect(rows).toEqual([['people']])
      },
      'psql',
    )
  })
})
