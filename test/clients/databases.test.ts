/** Several databases: made and dropped by SUPERUSER, read across by whoever may connect to them. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startBluegate } from './harness/bluegate-server.ts'
import type { BluegateServer } from './harness/bluegate-server.ts'
import { ClientError, failureOf } from './harness/client-connection.ts'
import type { ClientConnection } from './harness/client-connection.ts'
import { sessionsOn } from './harness/session-of.ts'
import { AGAINST_POSTGRESQL } from './harness/test-server.ts'
import type { ClientCredentials } from './harness/test-server.ts'

describe.skipIf(AGAINST_POSTGRESQL)('databases', () => {
  let server: BluegateServer
  /** May read one table of `sales` and all of `master.public`. */
  let reader: ClientCredentials
  /** Knows of no other database than `master`. */
  let outsider: ClientCredentials
  /** May create in both databases. */
  let maker: ClientCredentials
  let master: ClientCredentials

  beforeAll(async () => {
    server = await startBluegate()
    await server.admin('CREATE DATABASE sales')
    await server.admin(
      'CREATE TABLE sales.public.orders (id INTEGER, customer INTEGER, total DECIMAL(9,2))',
    )
    await server.admin('INSERT INTO sales.public.orders VALUES (1, 10, 9.50), (2, 11, 20.00)')
    await server.admin('CREATE TABLE sales.public.hidden (secret VARCHAR)')
    await server.admin("INSERT INTO sales.public.hidden VALUES ('canary')")
    await server.admin('CREATE TABLE customers (id INTEGER, name VARCHAR)')
    await server.admin("INSERT INTO customers VALUES (10, 'Ann'), (11, 'Bob')")
    reader = await server.createClient('reader', [
      'CONNECT ON DATABASE sales',
      'SELECT ON TABLE sales.public.orders',
      'SELECT ON TABLE customers',
    ])
    outsider = await server.createClient('outsider', [
      'SELECT ON TABLE customers',
      'SELECT ON TABLE sales.public.orders',
    ])
    maker = await server.createClient('maker', [
      'CONNECT ON DATABASE sales',
      'CREATE ON SCHEMA sales.public',
      'CREATE ON SCHEMA public',
      'SELECT ON TABLE customers',
      'SELECT ON TABLE sales.public.orders',
    ])
    master = await server.createClient('master')
    await server.admin('GRANT SUPERUSER TO master_role')
  }, 120_000)

  afterAll(() => server?.stop())

  const as = sessionsOn(() => server)

  const refusal = async (
    session: ClientConnection,
    sql: string,
  ): Promise<readonly [string | undefined, string]> => {
    const { sqlState, message } = await failureOf(session.query(sql))
    return [sqlState, message]
  }

  test.each(['node-postgres', 'psql'] as const)(
    '%s connects to another one, and reads across both',
    async (client) => {
      const join = `SELECT c.name, o.total FROM sales.public.orders o
        JOIN master.public.customers c ON c.id = o.customer ORDER BY 1`
      const rows = [
        ['Ann', '9.50'],
        ['Bob', '20.00'],
      ]
      await as(
        reader,
        async (session) => {
          expect((await session.query('SELECT current_database()')).rows).toEqual([['sales']])
          expect((await session.query('SELECT count(*) FROM orders')).rows).toEqual([['2']])
          expect((await session.query(join)).rows).toEqual(rows)
        },
        client,
        'sales',
      )
      await as(
        reader,
        async (session) => {
          expect((await session.query(join)).rows).toEqual(rows)
        },
        client,
      )
    },
  )

  test('one without CONNECT is like one that is not there, whatever is granted in it', async () => {
    const like = (text: readonly unknown[]): string =>
      JSON.stringify(text).replaceAll('absent', 'sales')
    await as(outsider, async (session) => {
      for (const sql of [
        'SELECT * FROM DB.public.orders',
        'SELECT id FROM DB.public.orders WHERE id = 1',
        'INSERT INTO DB.public.orders VALUES (1)',
        'DROP TABLE DB.public.orders',
        'CREATE TABLE DB.public.mine (a INTEGER)',
        'CREATE SCHEMA DB.mine',
        'USE DATABASE DB',
        'USE DB',
        'USE DATABASE DB SCHEMA public',
        'DROP SCHEMA DB.public',
      ]) {
        const there = await refusal(session, sql.replaceAll('DB', 'sales'))
        const absent = await refusal(session, sql.replaceAll('DB', 'absent'))
        expect([sql, JSON.stringify(there)]).toEqual([sql, like(absent)])
      }
      const names = await session.query('SELECT datname FROM pg_database ORDER BY 1')
      expect(names.rows).toEqual([['master']])
    })
    const login = async (database: string): Promise<ClientError> =>
      await failureOf(as(outsider, async () => undefined, 'node-postgres', database))
    expect((await login('sales')).message).toBe(
      (await login('absent')).message.replaceAll('absent', 'sales'),
    )
    await as(reader, async (session) => {
      const names = await session.query('SELECT datname FROM pg_database ORDER BY 1')
      expect(names.rows).toEqual([['master'], ['sales']])
      expect(await refusal(session, 'SELECT * FROM sales.public.hidden')).toEqual([
        '42P01',
        'relation "sales.public.hidden" does not exist',
      ])
    })
  })

  test('CONNECT that is revoked ends reading across, at the next statement', async () => {
    const late = await server.createClient('late', [
      'CONNECT ON DATABASE sales',
      'SELECT ON TABLE sales.public.orders',
    ])
    await as(late, async (session) => {
      const read = 'SELECT count(*) FROM sales.public.orders'
      expect((await session.query(read)).rows).toEqual([['2']])
      await server.admin('REVOKE CONNECT ON DATABASE sales FROM late_role')
      expect((await failureOf(session.query(read))).sqlState).toBe('42P01')
    })
  })

  test('USE goes to another database and schema; RESET and a rollback go back', async () => {
    await server.admin('CREATE SCHEMA sales.north')
    await server.admin('CREATE TABLE sales.north.orders (id INTEGER)')
    await server.admin('GRANT USAGE ON SCHEMA sales.north TO reader_role')
    await server.admin('GRANT SELECT ON TABLE sales.north.orders TO reader_role')
    await as(reader, async (session) => {
      const place = async (): Promise<unknown> =>
        (await session.query('SELECT current_database(), current_schema()')).rows[0]
      const count = async (): Promise<unknown> =>
        (await session.query('SELECT count(*) FROM orders')).rows[0]?.[0]
      await session.query('USE DATABASE sales')
      expect([await place(), await count()]).toEqual([['sales', 'public'], '2'])
      await session.query('USE SCHEMA north')
      expect([await place(), await count()]).toEqual([['sales', 'north'], '0'])
      await session.query('USE master')
      expect(await place()).toEqual(['master', 'public'])
      expect(await refusal(session, 'SELECT count(*) FROM orders')).toEqual([
        '42P01',
        'relation "orders" does not exist',
      ])
      await session.query('USE SCHEMA north DATABASE sales')
      expect(await place()).toEqual(['sales', 'north'])
      await session.query('RESET ALL')
      expect(await place()).toEqual(['master', 'public'])
      await session.query('BEGIN')
      await session.query('USE sales.north')
      expect(await place()).toEqual(['sales', 'north'])
      await session.query('ROLLBACK')
      expect(await place()).toEqual(['master', 'public'])
      await session.query('USE DATABASE sales SCHEMA north')
      expect(await refusal(session, 'USE SCHEMA nowhere')).toEqual([
        '3F000',
        'schema "nowhere" does not exist',
      ])
      expect((await refusal(session, "SET database = 'master'"))[0]).toBe('22023')
      expect(await place()).toEqual(['sales', 'north'])
    })
  })

  test('the default schema of the role is the one that USE goes to', async () => {
    await server.admin('CREATE SCHEMA sales.south')
    await server.admin('GRANT USAGE ON SCHEMA sales.south TO reader_role')
    await server.admin('ALTER DEFAULT SCHEMA FOR reader_role TO sales.south')
    await as(reader, async (session) => {
      await session.query('USE DATABASE sales')
      expect((await session.query('SHOW search_path')).rows).toEqual([['south']])
    })
  })

  test('one transaction writes to one database: the second is refused by name', async () => {
    await server.admin('CREATE TABLE w (a INTEGER)')
    await server.admin('CREATE TABLE sales.public.w (a INTEGER)')
    await as(master, async (session) => {
      await session.query('BEGIN')
      await session.query('INSERT INTO master.public.w VALUES (1)')
      expect((await refusal(session, 'INSERT INTO sales.public.w VALUES (1)'))[0]).toBe('0A000')
      await session.query('ROLLBACK')
      await session.query('INSERT INTO sales.public.w SELECT id FROM master.public.customers')
      expect((await session.query('SELECT count(*) FROM sales.public.w')).rows).toEqual([['2']])
      await session.query('BEGIN ISOLATION LEVEL REPEATABLE READ')
      await session.query('SELECT count(*) FROM master.public.w')
      await server.admin('INSERT INTO sales.public.w VALUES (99)')
      const seen = await session.query('SELECT count(*) FROM sales.public.w')
      expect(seen.rows).toEqual([['2']])
      await session.query('COMMIT')
    })
  })

  test('a view reads another database with its owner’s rights', async () => {
    await as(maker, async (session) => {
      await session.query(`CREATE VIEW public.totals AS SELECT c.name, o.total
        FROM sales.public.orders o JOIN customers c ON c.id = o.customer`)
    })
    await server.admin('GRANT SELECT ON VIEW public.totals TO outsider_role')
    await as(outsider, async (session) => {
      const { rows } = await session.query('SELECT name FROM totals ORDER BY 1')
      expect(rows).toEqual([['Ann'], ['Bob']])
      await server.admin('REVOKE CONNECT ON DATABASE sales FROM maker_role')
      const { message } = await failureOf(session.query('SELECT name FROM totals'))
      expect(message).not.toContain('sales')
      await server.admin('GRANT CONNECT ON DATABASE sales TO maker_role')
      expect((await session.query('SELECT count(*) FROM totals')).rows).toEqual([['2']])
    })
  })

  test.each([
    ['sales', '42P04', 'database "sales" already exists'],
    ['SALES', '42P04', 'database "sales" already exists'],
    ['"Sales"', '42P04', 'database "Sales" already exists'],
    ['public', '22023', 'a database cannot be named "public"'],
    ['pg_catalog', '22023', 'a database cannot be named "pg_catalog"'],
    ['system', '22023', 'a database cannot be named "system"'],
    ['temp', '22023', 'a database cannot be named "temp"'],
    ['memory', '22023', 'a database cannot be named "memory"'],
    ['bluegate_backup_0', '22023', 'a database cannot be named "bluegate_backup_0"'],
    ['"a\u0007b"', '22023', 'the name of a database must not hold control characters'],
    ['x WITH OWNER y', '0A000', 'CREATE DATABASE … WITH is not supported'],
  ])('CREATE DATABASE %s is refused', async (name, sqlState, message) => {
    await as(master, async (session) => {
      expect(await refusal(session, `CREATE DATABASE ${name}`)).toEqual([sqlState, message])
    })
  })

  test('a schema cannot be named like a database, nor a database be made by others', async () => {
    await as(master, async (session) => {
      expect((await refusal(session, 'CREATE SCHEMA sales'))[0]).toBe('22023')
      await session.query('BEGIN')
      expect((await refusal(session, 'CREATE DATABASE d'))[0]).toBe('25001')
      await session.query('ROLLBACK')
    })
    await as(maker, async (session) => {
      for (const sql of ['CREATE DATABASE d', 'DROP DATABASE sales', 'DROP DATABASE absent']) {
        expect(await refusal(session, sql)).toEqual([
          '42501',
          'Missing the following permissions: SUPERUSER',
        ])
      }
    })
  })

  test('one with an awkward name is made, used and dropped; its grants do not come back', async () => {
    const name = `"Ünit ""7"" of.all"`
    await server.admin(`CREATE DATABASE ${name}`)
    const odd = await server.createClient('odd', [`CONNECT ON DATABASE ${name}`])
    await server.admin(`CREATE TABLE ${name}.public.t (a INTEGER)`)
    await server.admin(`INSERT INTO ${name}.public.t VALUES (7)`)
    await server.admin(`GRANT SELECT ON TABLE ${name}.public.t TO odd_role`)
    const read = `SELECT a FROM ${name}.public.t`
    await as(odd, async (session) => {
      expect((await session.query(read)).rows).toEqual([['7']])
      await session.query(`USE DATABASE ${name}`)
      const busy = await failureOf(server.admin(`DROP DATABASE ${name}`).catch(asClientError))
      expect([busy.sqlState, busy.message]).toEqual([
        '55006',
        'database "Ünit "7" of.all" is being accessed by other users',
      ])
      await session.query('USE DATABASE master')
      await server.admin(`DROP DATABASE ${name}`)
      expect((await failureOf(session.query(read))).sqlState).toBe('42P01')
      await server.admin(`CREATE DATABASE ${name}`)
      await server.admin(`CREATE TABLE ${name}.public.t (a INTEGER)`)
      expect((await failureOf(session.query(read))).sqlState).toBe('42P01')
    })
    await server.admin(`DROP DATABASE IF EXISTS ${name}`)
    await server.admin(`DROP DATABASE IF EXISTS ${name}`)
  })

  test('the first one and the current one cannot be dropped', async () => {
    await as(master, async (session) => {
      expect(await refusal(session, 'DROP DATABASE master')).toEqual([
        '55006',
        'cannot drop the currently open database',
      ])
      await session.query('USE DATABASE sales')
      expect((await refusal(session, 'DROP DATABASE sales'))[0]).toBe('55006')
      expect((await refusal(session, 'DROP DATABASE master'))[0]).toBe('55006')
      expect((await session.query('SELECT count(*) FROM master.public.customers')).rows).toEqual([
        ['2'],
      ])
    })
  })

  test('what is read while it is dropped is read to its end; what was defined over it fails closed', async () => {
    await server.admin('CREATE DATABASE gone')
    await server.admin(
      'CREATE TABLE gone.public.t AS SELECT i, repeat(i::VARCHAR, 9) AS s FROM range(400000) r(i)',
    )
    await server.admin('CREATE VIEW over_gone AS SELECT * FROM gone.public.t')
    await as(
      master,
      async (session) => {
        await session.query('BEGIN')
        await session.openPortal('p', 'SELECT i FROM gone.public.t', 1000)
        const first = await session.fetch('p', 1000)
        await server.admin('DROP DATABASE gone')
        let rows = first.length
        for (;;) {
          const more = await session.fetch('p', 50_000)
          rows += more.length
          if (more.length === 0) break
        }
        expect(rows).toBe(400_000)
        await session.rollback().catch(() => undefined)
      },
      'pgjdbc',
    )
    await as(master, async (session) => {
      expect((await failureOf(session.query('SELECT * FROM over_gone'))).message).toMatch(
        /over_gone|gone/,
      )
      expect((await session.query('SELECT count(*) FROM customers')).rows).toEqual([['2']])
      await session.query('DROP VIEW over_gone')
    })
  })
})

/** `admin` speaks through the driver itself. */
function asClientError(thrown: unknown): never {
  const { message, code } = thrown as Error & { code?: string }
  throw new ClientError(message, { sqlState: code })
}
