/** DuckDB files that other programs write, read as databases: by whoever was granted it, and changed by nobody. */
import { createHash } from 'node:crypto'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DuckDbConnection } from '../../src/engine/duckdb/duckdb-connection.ts'
import { closeDatabase, openDatabase } from '../../src/engine/duckdb/duckdb-database.ts'
import { startBluegate } from './harness/bluegate-server.ts'
import type { BluegateServer } from './harness/bluegate-server.ts'
import { failureOf } from './harness/client-connection.ts'
import { sessionsOn } from './harness/session-of.ts'
import { AGAINST_POSTGRESQL } from './harness/test-server.ts'
import type { ClientCredentials } from './harness/test-server.ts'
import { GatewayOn, runBluegate } from './operators/gateway-on.ts'

describe.skipIf(AGAINST_POSTGRESQL)('databases.attached', () => {
  const directory = mkdtempSync(join(tmpdir(), 'bluegate-attached-'))
  const file = join(directory, 'warehouse.duckdb')
  let server: BluegateServer
  let written: string
  /** Of the file, two columns of one table. */
  let reader: ClientCredentials
  let outsider: ClientCredentials
  let master: ClientCredentials

  beforeAll(async () => {
    writeDatabase(file, [
      'CREATE TABLE orders (id INTEGER PRIMARY KEY, customer INTEGER, total DECIMAL(9,2) DEFAULT 1, note VARCHAR)',
      "INSERT INTO orders VALUES (1, 10, 9.50, 'canary'), (2, 11, 20.00, 'canary')",
      'CREATE SCHEMA "Odd ""one"',
      `CREATE TABLE "Odd ""one"."T t" AS SELECT 9007199254740993 AS n`,
      'CREATE SCHEMA empty',
      'CREATE VIEW everything AS SELECT * FROM orders',
      'CREATE MACRO leak() AS (SELECT max(note) FROM orders)',
    ])
    written = contentOf(file)
    server = await startBluegate({ env: { BLUEGATE_DATABASES_ATTACHED: `warehouse=${file}` } })
    await server.admin('CREATE TABLE customers (id INTEGER, name VARCHAR)')
    await server.admin("INSERT INTO customers VALUES (10, 'Ann'), (11, 'Bob')")
    reader = await server.createClient('reader', [
      'CONNECT ON DATABASE warehouse',
      'USAGE ON SCHEMA warehouse.main',
      'SELECT (id, customer, total) ON TABLE warehouse.main.orders',
      'SELECT ON TABLE customers',
    ])
    outsider = await server.createClient('outsider', ['SELECT ON TABLE customers'])
    master = await server.createClient('master')
    await server.admin('GRANT SUPERUSER TO master_role')
  }, 120_000)

  afterAll(async () => {
    await server?.stop()
    rmSync(directory, { recursive: true })
  })

  const as = sessionsOn(() => server)

  test.each(['node-postgres', 'psql'] as const)('%s reads what was granted', async (client) => {
    await as(
      reader,
      async (session) => {
        const sql = `SELECT c.name, o.total FROM warehouse.main.orders o
          JOIN customers c ON c.id = o.customer ORDER BY 1`
        expect((await session.query(sql)).rows).toEqual([
          ['Ann', '9.50'],
          ['Bob', '20.00'],
        ])
      },
      client,
    )
    await as(
      reader,
      async (session) => {
        expect((await session.query('SELECT count(*) FROM main.orders')).rows).toEqual([['2']])
        await session.query('SET search_path = main')
        expect((await session.query('SELECT max(total) FROM orders')).rows).toEqual([['20.00']])
      },
      client,
      'warehouse',
    )
  })

  test('what was not granted is as what is not there', async () => {
    await as(reader, async (session) => {
      const hidden = await failureOf(session.query('SELECT note FROM warehouse.main.orders'))
      expect([hidden.sqlState, hidden.message]).toEqual([
        '42501',
        "Missing the following permissions: SELECT on column 'warehouse.main.orders.note'",
      ])
    })
    await as(outsider, async (session) => {
      const told = async (database: string): Promise<string> => {
        const failure = await failureOf(session.query(`SELECT * FROM ${database}.main.orders`))
        return `${failure.sqlState} ${failure.message}`.replaceAll(database, 'it')
      }
      expect(await told('warehouse')).toBe(await told('storehouse'))
      const named = await session.query("SELECT 1 FROM pg_database WHERE datname = 'warehouse'")
      expect(named.rows).toEqual([])
    })
  })

  test('its views and macros are not there, its schemas and tables are', async () => {
    await as(master, async (session) => {
      const odd = `SELECT n FROM warehouse."Odd ""one"."T t"`
      expect((await session.query(odd)).rows).toEqual([['9007199254740993']])
      for (const sql of [
        'SELECT * FROM warehouse.main.everything',
        'SELECT warehouse.main.leak()',
        'SELECT * FROM warehouse.main.missing',
      ]) {
        expect((await failureOf(session.query(sql))).message).toMatch(/does not exist/)
      }
    })
  })

  test.each([
    ['INSERT INTO $.orders VALUES (3, 12, 1, NULL)'],
    ['INSERT INTO $.orders SELECT * FROM $.orders ON CONFLICT (id) DO NOTHING'],
    ['UPDATE $.orders SET total = 0'],
    ['DELETE FROM $.orders WHERE id = 1'],
    ['MERGE INTO $.orders AS o USING customers AS c ON o.id = c.id WHEN MATCHED THEN DELETE'],
    ['TRUNCATE $.orders'],
    ['CREATE TABLE $.more (a INTEGER)'],
    ['CREATE TABLE $.more AS SELECT 1 AS a'],
    ['CREATE VIEW $.more AS SELECT 1 AS a'],
    ['CREATE SEQUENCE $.more'],
    ['CREATE INDEX more ON $.orders (total)'],
    ['ALTER TABLE $.orders ADD COLUMN more INTEGER'],
    ['ALTER TABLE $.orders RENAME TO more'],
    ['DROP TABLE $.orders'],
    ['CREATE SCHEMA warehouse.more'],
    ['DROP SCHEMA warehouse.empty'],
    ['DROP DATABASE warehouse'],
  ])('to SUPERUSER too it is read-only: %s', async (sql) => {
    await as(master, async (session) => {
      const { sqlState, message } = await failureOf(
        session.query(sql.replaceAll('$', 'warehouse.main')),
      )
      expect([sqlState, message]).toEqual(['25006', 'database "warehouse" is attached to be read'])
    })
  })

  test('what is made of it elsewhere is made', async () => {
    await as(master, async (session) => {
      await session.query('CREATE TABLE copied AS SELECT * FROM warehouse.main.orders')
      await session.query('CREATE VIEW shown AS SELECT id FROM warehouse.main.orders')
      expect((await session.query('SELECT count(*) FROM copied, shown')).rows).toEqual([['4']])
    })
  })

  test('to grant writing on it changes nothing', async () => {
    await server.admin('GRANT INSERT ON TABLE warehouse.main.orders TO reader_role')
    await as(reader, async (session) => {
      const { sqlState } = await failureOf(
        session.query('INSERT INTO warehouse.main.orders (id) VALUES (3)'),
      )
      expect(sqlState).toBe('25006')
    })
    await server.admin('REVOKE INSERT ON TABLE warehouse.main.orders FROM reader_role')
  })

  test('grants last over a start, a backup leaves it out, and no byte of it is changed', async () => {
    const at = { data: join(directory, 'data'), secrets: join(directory, 'secrets') }
    const copy = join(directory, 'warehouse-2.duckdb')
    copyFileSync(file, copy)
    const attached = ['--set', `databases.attached=warehouse=${copy}`]
    const count = 'SELECT count(*) AS rows FROM warehouse.main.orders'
    let gateway = await GatewayOn.start(at, ...attached)
    const grants = ['CONNECT ON DATABASE warehouse', 'SELECT ON TABLE warehouse.main.orders']
    const token = await gateway.makeClient('reader', [...grants, 'USAGE ON SCHEMA warehouse.main'])
    const backup = await runBluegate(at, ['backup', join(directory, 'backup.tar')])
    expect(backup.code).toBe(0)
    await gateway.stop()
    try {
      gateway = await GatewayOn.start(at, ...attached)
      const client = await gateway.connect('reader', token)
      expect((await client.query(count)).rows).toEqual([{ rows: '2' }])
      await client.end()
    } finally {
      await gateway.stop()
    }
    expect(contentOf(copy)).toBe(written)
    expect(contentOf(file)).toBe(written)
  })

  test('a file that is being written, or is no database, is told at the start', async () => {
    const at = { data: join(directory, 'data-3'), secrets: join(directory, 'secrets-3') }
    const other = join(directory, 'warehouse-3.duckdb')
    const attached = ['--set', `databases.attached=warehouse=${other}`]
    writeFileSync(other, 'no database')
    await expect(GatewayOn.start(at, ...attached)).rejects.toThrow(
      /databases\.attached\.warehouse cannot be opened/,
    )
    rmSync(other)
    const database = openDatabase({ path: other, settings: {} })
    try {
      await expect(GatewayOn.start(at, ...attached)).rejects.toThrow(
        /databases\.attached\.warehouse cannot be opened/,
      )
    } finally {
      closeDatabase(database)
    }
  })
})

function writeDatabase(file: string, statements: readonly string[]): void {
  const database = openDatabase({ path: file, settings: {} })
  const connection = DuckDbConnection.open(database)
  for (const sql of statements) connection.execute(sql)
  connection.execute('CHECKPOINT')
  connection.close()
  closeDatabase(database)
}

function contentOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex')
}
