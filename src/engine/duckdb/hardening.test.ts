import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { GatewayError } from '../../base/gateway-error.ts'
import { DuckDbConnection } from './duckdb-connection.ts'
import { closeDatabase, openDatabase } from './duckdb-database.ts'
import { creationSettings, lockDown } from './hardening.ts'

let root: string
let database: bigint
let connection: DuckDbConnection
const inside = (name: string): string => join(root, 'inside', name)
const outside = (name: string): string => join(root, 'outside', name)

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'bluegate-hardening-'))
  for (const name of ['data', 'inside', 'outside', 'temporary']) mkdirSync(join(root, name))
  symlinkSync(join(root, 'inside'), join(root, 'link'))
  writeFileSync(inside('a.csv'), 'a\n1\n')
  writeFileSync(outside('a.csv'), 'a\n1\n')
  database = openDatabase({
    path: join(root, 'data', 'master.db'),
    settings: creationSettings({
      threads: 2,
      memoryBytesMax: 128 * 2 ** 20,
      temporaryDirectory: join(root, 'temporary'),
      temporaryBytesMax: 64 * 2 ** 20,
    }),
  })
  connection = DuckDbConnection.open(database)
  connection.execute("CREATE TABLE secrets AS SELECT 'canary' AS a; CHECKPOINT")
  lockDown(connection, { allowedDirectories: [join(root, 'link')] })
})
afterAll(() => {
  connection.close()
  closeDatabase(database)
  rmSync(root, { recursive: true })
})

const refused = expect.objectContaining({ kind: 'insufficient_privilege' }) as Error

test('files inside an allowed directory can be read and written, by its real path', () => {
  expect(connection.rows(`SELECT a FROM read_csv('${inside('a.csv')}')`)).toEqual([['1']])
  connection.execute(`COPY (SELECT 2 AS a) TO '${inside('b.csv')}'`)
  expect(readFileSync(inside('b.csv'), 'utf8')).toBe('a\n2\n')
})

test('a new file inside an allowed directory can be attached after the lock', () => {
  connection.execute(`ATTACH '${inside('late.db')}' AS late; CREATE TABLE late.t(a INTEGER)`)
  expect(connection.rows('SELECT count(*) FROM late.t')).toEqual([['0']])
  connection.execute('DETACH late')
})

test.each([
  (path: string) => `SELECT * FROM read_csv('${path}')`,
  (path: string) => `SELECT * FROM read_text('${path}')`,
  (path: string) => `SELECT * FROM read_blob('${path}')`,
  (path: string) => `SELECT * FROM '${path}'`,
  (path: string) => `COPY (SELECT 1) TO '${path}.out'`,
  (path: string) => `ATTACH '${path}.db' AS outsider`,
  (path: string) => `EXPORT DATABASE '${path}.export'`,
])('a file outside is refused: %s', (sql) => {
  for (const path of [outside('a.csv'), `${inside('..')}/outside/a.csv`]) {
    expect(() => connection.execute(sql(path))).toThrow(refused)
  }
})

test('extensions cannot be installed or loaded, and the network is out of reach', () => {
  for (const sql of [
    'INSTALL httpfs',
    'LOAD httpfs',
    "SELECT * FROM read_csv('https://example.invalid/a.csv')",
    "SELECT * FROM read_csv('s3://example/a.csv')",
  ]) {
    expect(() => connection.execute(sql)).toThrow(GatewayError)
  }
})

test.each([
  'SET threads = 1',
  "SET max_memory = '1GB'",
  'SET enable_external_access = true',
  'SET lock_configuration = false',
  "SET allowed_directories = ['/']",
  "SET GLOBAL allowed_configs = ['threads']",
  'RESET max_expression_depth',
  "PRAGMA temp_directory = '/tmp'",
])('settings are locked: %s', (sql) => {
  expect(() => connection.execute(sql)).toThrow(refused)
})

test('the time zone is UTC until a connection sets its own', () => {
  const other = DuckDbConnection.open(database)
  const shown = "SELECT TIMESTAMPTZ '2024-01-01 00:00:00+00'"
  expect(other.rows(shown)).toEqual([['2024-01-01 00:00:00+00']])
  other.execute("SET TimeZone = 'Asia/Tokyo'")
  expect(other.rows(shown)).toEqual([['2024-01-01 09:00:00+09']])
  expect(connection.rows(shown)).toEqual([['2024-01-01 00:00:00+00']])
  other.close()
})

// What the lock does not hold: the gate refuses these (spec/security-design.md, section 4).

test('ASSUMPTION the attached database’s own file can be read under the lock', () => {
  const sql = `SELECT contains(hex(content), hex('canary')) FROM read_blob('${join(root, 'data', 'master.db')}')`
  expect(connection.rows(sql)).toEqual([['true']])
})

test('ASSUMPTION the temporary directory can be written and listed under the lock', () => {
  const path = join(root, 'temporary', 'leak.csv')
  connection.execute(`COPY (SELECT 1) TO '${path}'`)
  expect(connection.rows(`SELECT count(*) FROM glob('${join(root, 'temporary')}/*')`)).toEqual([
    ['1'],
  ])
  rmSync(path)
})

test.each([
  'PRAGMA disable_optimizer',
  'PRAGMA enable_optimizer',
  'CHECKPOINT',
  'VACUUM',
  "ATTACH ':memory:' AS scratch; DETACH scratch",
  'SET VARIABLE x = 1',
  "SET schema = 'main'",
  "SET GLOBAL TimeZone = 'UTC'",
])('ASSUMPTION accepted under the lock: %s', (sql) => {
  expect(() => connection.execute(sql)).not.toThrow()
})

test('an unknown setting is refused at creation, and so is a directory that does not exist', () => {
  expect(() => openDatabase({ path: ':memory:', settings: { nosuch: '1' } })).toThrow(
    expect.objectContaining({ kind: 'invalid_parameter_value' }),
  )
  expect(() => openDatabase({ path: join(root, 'nosuch', 'x.db'), settings: {} })).toThrow(
    expect.objectContaining({ kind: 'io_error' }),
  )
  expect(() => lockDown(connection, { allowedDirectories: [join(root, 'nosuch')] })).toThrow(
    'ENOENT',
  )
})
