/**
 * What exists, asked in BLUE's words: the DESCRIBE family and GET_DDL, by the stock connector and by
 * the SQLAlchemy dialect that reads tables with them.
 */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BlueConnector } from './harness/blue-connector.ts'
import { startBluegate } from './harness/bluegate-server.ts'
import type { BluegateServer } from './harness/bluegate-server.ts'
import type { ClientCredentials } from './harness/test-server.ts'
import { installBlueSqlAlchemy } from './setup/install-blue-sqlalchemy.ts'

let server: BluegateServer
let client: ClientCredentials
let blue: BlueConnector

beforeAll(async () => {
  installBlueSqlAlchemy()
  server = await startBluegate()
  for (const sql of [
    'CREATE SCHEMA shop',
    'CREATE SCHEMA cellar',
    `CREATE TABLE shop.items (id INTEGER NOT NULL, name VARCHAR DEFAULT 'none', price DECIMAL(10,2),
       day DATE, made TIMESTAMP, flag BOOLEAN, small UTINYINT, ratio DOUBLE, margin DECIMAL(5,2))`,
    `INSERT INTO shop.items (id, name, price, day) VALUES (1, 'a', 1.50, DATE '2024-02-29'), (2, 'b', NULL, NULL)`,
    'CREATE TABLE "Mixed Case" ("Two Words" BIGINT)',
    'CREATE TABLE cellar.wine (id INTEGER)',
    'CREATE TABLE hidden (id INTEGER)',
    'CREATE VIEW public.cheap AS SELECT id FROM shop.items WHERE price < 10',
    'CREATE DATABASE other',
    'CREATE FUNCTION twice (x INTEGER) RETURNS INTEGER AS $$ SELECT x * 2 $$ LANGUAGE SQL',
  ]) {
    await server.admin(sql)
  }
  client = await server.createClient('reader', [
    'USAGE ON SCHEMA shop',
    'SELECT ON TABLE shop.items',
    'SELECT ON TABLE "Mixed Case"',
    'SELECT ON VIEW cheap',
    'SELECT ON TABLE cellar.wine', // in a schema that is closed to it
    'EXECUTE ON FUNCTION twice',
    'CREATE ON SCHEMA public',
  ])
  blue = await BlueConnector.connect(server, { access_token: client.token })
})
afterAll(async () => {
  await blue?.close()
  await server?.stop()
})

test('DESCRIBE DATABASES: those that the role may connect to', async () => {
  expect(await blue.rowsOf('describe databases')).toEqual([['master', null, 't']])
  expect(await blue.rowsOf(`desc databases like 'x%'`)).toEqual([])
})

test('DESCRIBE SCHEMAS: those that are open to it', async () => {
  const names = (await blue.rowsOf('describe schemas')).map(([, name]) => name)
  expect(new Set(names)).toEqual(new Set(['public', 'shop']))
})

test('DESCRIBE TABLES: tables that it has a right on, without views', async () => {
  const rows = await blue.rowsOf('describe tables')
  expect(new Set(rows.map((row) => JSON.stringify(row.slice(0, 5))))).toEqual(
    new Set([
      '["master","shop","items","Internal","2"]',
      '["master","public","Mixed Case","Internal","0"]',
    ]),
  )
  expect(await blue.rowsOf(`describe tables schema shop like 'it%'`)).toHaveLength(1)
  expect(await blue.rowsOf('describe tables external')).toEqual([])
})

test('DESCRIBE VIEWS does not tell what is beneath to those who may only read', async () => {
  expect(await blue.rowsOf('describe views')).toEqual([[null, 'cheap', 'master', 'public', null]])
  const [row = []] = await server.admin('DESCRIBE VIEWS SCHEMA public')
  expect(row[4]).toMatch(/^CREATE VIEW/)
})

test('DESCRIBE COLUMNS: types as they arrive', async () => {
  const rows = await blue.rowsOf('describe columns schema shop table items')
  expect(
    rows.map(([, , , nullable, name, type, value, , size]) => [name, type, nullable, value, size]),
  ).toEqual([
    ['id', 'INT', 'f', null, '4'],
    ['name', 'TEXT', 't', `'none'`, '0'],
    ['price', 'NUMERIC(10,2)', 't', null, '16'],
    ['day', 'DATE', 't', null, '4'],
    ['made', 'DATETIME', 't', null, '8'],
    ['flag', 'BOOL', 't', null, '1'],
    ['small', 'TINYINT', 't', null, '1'],
    ['ratio', 'DOUBLE', 't', null, '8'],
    ['margin', 'NUMERIC(5,2)', 't', null, '16'],
  ])
  expect(await blue.rowsOf('describe columns view cheap')).toHaveLength(1)
})

test('of a table of which some columns are granted those alone are told', async () => {
  const some = await server.createClient('some', [
    'USAGE ON SCHEMA shop',
    'SELECT ON COLUMN id, name IN TABLE shop.items',
  ])
  const connector = await BlueConnector.connect(server, { access_token: some.token })
  const columns = await connector.rowsOf('describe columns schema shop table items')
  expect(columns.map(([, , , , name]) => name)).toEqual(['id', 'name'])
  const [[ddl] = []] = await connector.rowsOf('select get_ddl(items)')
  expect(ddl).not.toMatch(/price|margin/)
  await connector.close()
})

test('DESCRIBE USER FUNCTIONS', async () => {
  expect(await blue.rowsOf('describe user functions')).toEqual([
    ['master', '1', 'twice', expect.stringContaining('x * 2')],
  ])
})

test('the version is that of the product', async () => {
  const [[version = ''] = []] = await blue.rowsOf('select get_sqream_server_version()')
  expect(version).toMatch(/^Bluegate \d+\.\d+\.\d+/)
})

test('GET_DDL has the form that can be taken apart', async () => {
  const [[ddl] = []] = await blue.rowsOf('select get_ddl("Mixed Case")')
  expect(ddl).toBe('create table "public"."Mixed Case" (\n "Two Words" bigint null\n)\n;\n\n\n')
})

describe('what is hidden is as if it were not there', () => {
  test.each([
    [(name: string) => `describe columns table ${name}`, 'hidden', 'hiddem'],
    [(name: string) => `select get_ddl(${name})`, 'hidden', 'hiddem'],
    [(name: string) => `select get_ddl(cellar.${name})`, 'wine', 'winf'],
    [(name: string) => `describe tables schema ${name}`, 'cellar', 'cellas'],
    [(name: string) => `describe views schema ${name}`, 'cellar', 'cellas'],
    [(name: string) => `describe tables database ${name}`, 'other', 'othes'],
    [(name: string) => `describe schemas database ${name}`, 'other', 'othes'],
  ])('%s', async (form, hidden, missing) => {
    const refusals = [await refusalOf(form(hidden)), await refusalOf(form(missing))]
    expect(refusals[0]).toBe(refusals[1]?.replaceAll(missing, hidden))
  })
})

async function refusalOf(sql: string): Promise<string> {
  try {
    await blue.rowsOf(sql)
  } catch (error) {
    return String(error).replace(/[0-9a-f-]{36}:\d+/, '')
  }
  throw new Error(`it was answered: ${sql}`)
}

test('SQLAlchemy and pandas: rows, names, columns, reflection, a frame', async () => {
  const program = fileURLToPath(new URL('harness/drivers/blue_sqlalchemy.py', import.meta.url))
  const { host, port } = server.grpc
  const { stdout } = await promisify(execFile)(
    installBlueSqlAlchemy(),
    [program, host, String(port)],
    {
      env: {
        ...process.env,
        ACCESS_TOKEN: client.token,
        GRPC_DEFAULT_SSL_ROOTS_FILE_PATH: server.caFile,
      },
      timeout: 60_000,
    },
  )
  expect(JSON.parse(stdout)).toEqual({
    rows: [
      [1, 'a'],
      [2, 'b'],
    ],
    tables: ['Mixed Case', 'alchemy', 'items'],
    schemas: expect.arrayContaining(['public', 'shop']) as unknown,
    views: ['cheap'],
    columns: {
      alchemy: [
        ['id', 'INTEGER'],
        ['t', 'VARCHAR'],
      ],
      'Mixed Case': [['Two Words', 'BIGINT']],
      items: expect.arrayContaining([
        ['id', 'INTEGER'],
        ['name', 'VARCHAR'],
        ['day', 'DATE'],
      ]) as unknown,
    },
    reflected: expect.objectContaining({
      alchemy: ['id', 't'],
      'Mixed Case': ['Two Words'],
    }) as unknown,
    frame: [
      ['1', '1.5', '2024-02-29'], // pandas makes numbers of decimals
      ['2', 'nan', 'None'],
    ],
  })
})
