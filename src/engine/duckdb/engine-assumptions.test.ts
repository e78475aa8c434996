/**
 * What we rely on the engine for, or protect ourselves from (design, section 3, and
 * spec/security-design.md, sections 4 and 5). One of these failing after an upgrade is news, not
 * necessarily bad news: look up what was built on it.
 */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { GatewayError } from '../../base/gateway-error.ts'
import type { DuckDbConnection } from './duckdb-connection.ts'
import { openTestConnection, openTestDatabase } from './testing/test-database.ts'
import type { TestDatabase } from './testing/test-database.ts'
import { runInChild } from './testing/run-in-child.ts'

let database: TestDatabase
let connection: DuckDbConnection
beforeAll(() => {
  database = openTestDatabase({ max_expression_depth: '250' })
  connection = database.connection
})
afterAll(() => database.close())

test('COMMIT of a transaction that a late failure aborted says success, and nothing is written', () => {
  const other = openTestConnection(database.address)
  connection.execute('CREATE TABLE lost(a INTEGER)')
  other.execute('BEGIN; INSERT INTO lost VALUES (1)')
  const statement = other.prepare("SELECT error('late') FROM range(3000000) t(i) WHERE i > 2900000")
  expect(() => {
    const result = statement.start()
    while (result.next() !== undefined);
  }).toThrow('late')
  statement.close()
  other.execute('COMMIT')
  expect(connection.rows('SELECT count(*) FROM lost')).toEqual([['0']])
  other.close()
})

test.each([
  ['another query', (on: DuckDbConnection) => on.execute('SELECT 1')],
  ['prepare', (on: DuckDbConnection) => on.prepare('SELECT 1').close()],
  [
    'json_serialize_sql',
    (on: DuckDbConnection) => on.rows("SELECT json_serialize_sql('SELECT 1')"),
  ],
])('%s ends the open stream of its connection', (_, call) => {
  const other = openTestConnection(database.address)
  const statement = other.prepare('SELECT * FROM range(3000000)')
  const result = statement.start()
  result.next()
  call(other)
  expect(() => {
    while (result.next() !== undefined);
  }).toThrow(GatewayError)
  result.close()
  statement.close()
  other.close()
})

test('a stream on one connection is not disturbed by any other connection', () => {
  const other = openTestConnection(database.address)
  const statement = other.prepare('SELECT * FROM range(100000)')
  const result = statement.start()
  let rows = 0
  for (let batch = result.next(); batch !== undefined; batch = result.next()) {
    rows += batch.rowCount
    connection.execute('SELECT 1')
  }
  expect(rows).toBe(100_000)
  result.close()
  statement.close()
  other.close()
})

test('other connections see neither uncommitted writes nor temporary tables', () => {
  const other = openTestConnection(database.address)
  connection.execute('CREATE TABLE seen(a INTEGER)')
  other.execute('BEGIN; INSERT INTO seen VALUES (1); CREATE TEMP TABLE mine(a INTEGER)')
  expect(connection.rows('SELECT count(*) FROM seen')).toEqual([['0']])
  expect(() => connection.execute('SELECT * FROM mine')).toThrow(GatewayError)
  expect(other.rows('SELECT count(*) FROM seen, mine')).toEqual([['0']])
  other.execute('COMMIT')
  expect(connection.rows('SELECT count(*) FROM seen')).toEqual([['1']])
  other.close()
})

test('definitions are transactional', () => {
  connection.execute('BEGIN; CREATE TABLE undone(a INTEGER); ROLLBACK')
  expect(() => connection.execute('SELECT * FROM undone')).toThrow(GatewayError)
})

test('a transaction writes one attached database only', () => {
  connection.execute("ATTACH ':memory:' AS one; ATTACH ':memory:' AS two")
  connection.execute('CREATE TABLE one.t(a INTEGER); CREATE TABLE two.t(a INTEGER)')
  expect(() =>
    connection.execute('BEGIN; INSERT INTO one.t VALUES (1); INSERT INTO two.t VALUES (1)'),
  ).toThrow(expect.objectContaining({ kind: 'feature_not_supported' }))
  connection.execute('ROLLBACK; DETACH one; DETACH two')
})

test('a prepared statement is bound anew after a change of a table, but not of a view without tables', () => {
  connection.execute('CREATE TABLE base AS SELECT 1 AS a; CREATE VIEW over_table AS FROM base')
  connection.execute('CREATE VIEW over_nothing AS SELECT 1 AS a')
  const first = (statement: ReturnType<DuckDbConnection['prepare']>): unknown => {
    const result = statement.start()
    const value = result.next()?.columns[0]?.values?.[0]
    result.close()
    return value
  }
  const table = connection.prepare('SELECT a FROM over_table')
  const nothing = connection.prepare('SELECT a FROM over_nothing')
  connection.execute('CREATE OR REPLACE VIEW over_table AS SELECT 2 AS a FROM base')
  connection.execute('CREATE OR REPLACE VIEW over_nothing AS SELECT 2 AS a')
  expect(first(table)).toBe(2)
  expect(first(nothing)).toBe(1)
  table.close()
  nothing.close()
})

test('two openings of one file are two instances that know nothing of each other', () => {
  const directory = mkdtempSync(join(tmpdir(), 'bluegate-twice-'))
  const { output } = runInChild(`
    const { openDatabase } = await import(${JSON.stringify(new URL('./duckdb-database.ts', import.meta.url).href)})
    const path = ${JSON.stringify(join(directory, 'x.db'))}
    const first = openTestConnection(openDatabase({ path, settings: {} }))
    const second = openTestConnection(openDatabase({ path, settings: {} }))
    first.execute('CREATE TABLE t(a INTEGER)')
    try { second.execute('FROM t'); console.log('shared') } catch (error) { console.log(error.kind) }
    process.exit(0)`)
  rmSync(directory, { recursive: true })
  expect(output.trim()).toBe('undefined_table')
})

test('a nested loop made of an ASOF join kills the process or the database; without it both are right', () => {
  const statements = [
    'VALUES ((SELECT n FROM (VALUES (1)) v(n) ASOF JOIN t ON v.n >= t.id))',
    `UPDATE t SET id = id FROM (SELECT n FROM (VALUES (1) EXCEPT ALL SELECT 2) v(n)
       ASOF LEFT JOIN t u ON v.n >= u.id) q WHERE q.n = t.id`,
  ]
  const run = (statement: string, rows: string): string =>
    runInChild(`
      connection.execute('CREATE TABLE t AS SELECT 1 AS id')
      connection.execute('SET GLOBAL asof_loop_join_threshold = ${rows}')
      attempt(${JSON.stringify(statement)})
      console.log(attempt('SELECT count(*) FROM t'))`).output.trim()
  expect(statements.map((one) => run(one, '0'))).toEqual(['ok', 'ok'])
  expect(statements.map((one) => run(one, '64'))).not.toContain('ok')
})

test('the memory limit holds for sorting, and not for lists: the process needs one of its own', () => {
  const { output } = runInChild(`
    connection.execute("SET temp_directory = ''")
    console.log(attempt('SELECT md5(range::VARCHAR) AS x FROM range(5000000) ORDER BY x'))
    const before = process.resourceUsage().maxRSS
    console.log(attempt('SELECT len(range(x)) FROM (SELECT 20000000 + i AS x FROM range(1) t(i))'))
    console.log(process.resourceUsage().maxRSS - before > 64 * 1024)`)
  expect(output.trim().split('\n')).toEqual(['out_of_memory', 'ok', 'true'])
})

test('a name of 50,000 parts kills the process: the lexer’s limit must come first', () => {
  const { output, exitCode } = runInChild(`
    console.log('before')
    connection.execute('SELECT * FROM ' + Array(50000).fill('a').join('.'))
    console.log('after')`)
  expect(output).toContain('before')
  expect(output).not.toContain('after')
  expect(exitCode).not.toBe(0)
})

test('deep but legal SQL at the limits of the gate does not crash', () => {
  const { output, exitCode } = runInChild(`
    console.log(attempt('SELECT ' + '('.repeat(100) + '1' + ')'.repeat(100)))
    console.log(attempt('SELECT 1' + ' + 1'.repeat(240)))
    console.log(attempt('SELECT 1' + ' + 1'.repeat(900)))
    console.log(attempt('SELECT ' + '(SELECT '.repeat(10) + '1' + ')'.repeat(10)))
    console.log(attempt('SELECT ' + 'abs('.repeat(200) + '1' + ')'.repeat(200)))
    console.log(attempt('SELECT 1' + ' UNION ALL SELECT 1'.repeat(100)))
    console.log(attempt('SELECT ' + '['.repeat(100) + '1' + ']'.repeat(100)))`)
  expect(output.trim().split('\n')).toEqual([
    'ok',
    'ok',
    'statement_too_complex',
    'ok',
    'ok',
    'ok',
    'ok',
  ])
  expect(exitCode).toBe(0)
})

test('an ALTER is computed again when the log is read, an UPDATE is not', () => {
  const directory = mkdtempSync(join(tmpdir(), 'bluegate-log-'))
  const at = (name: string) => join(directory, name)
  const state = (name: string) =>
    connection.rows(`SELECT altered, filled, ts::VARCHAR FROM ${name}.t`).flat()
  connection.execute(`ATTACH '${at('live')}' AS live`)
  connection.execute(`CREATE TABLE live.t AS SELECT 1 AS altered, TIMESTAMP '2020-01-31' AS ts`)
  connection.execute('CHECKPOINT live')
  connection.execute('ALTER TABLE live.t ALTER altered TYPE VARCHAR USING (uuid()::VARCHAR)')
  connection.execute('ALTER TABLE live.t ALTER ts TYPE TIMESTAMPTZ')
  connection.execute(`BEGIN; ALTER TABLE live.t ADD filled VARCHAR;
    ALTER TABLE live.t ALTER filled SET DEFAULT (uuid()::VARCHAR);
    UPDATE live.t SET filled = uuid()::VARCHAR; COMMIT`)
  connection.execute('CREATE UNIQUE INDEX filled_once ON live.t (filled)')
  const [altered, filled, ts] = state('live')
  for (const suffix of ['', '.wal']) copyFileSync(at(`live${suffix}`), at(`killed${suffix}`))
  connection.execute("SET GLOBAL TimeZone = 'Asia/Tokyo'")
  connection.execute(`ATTACH '${at('killed')}' AS killed`)
  connection.execute("SET GLOBAL TimeZone = 'UTC'")
  const [alteredAgain, filledAgain, tsAgain] = state('killed')
  expect(filledAgain).toBe(filled)
  expect(alteredAgain).not.toBe(altered)
  expect(() => connection.execute('INSERT INTO killed.t FROM killed.t')).toThrow('Duplicate key')
  expect([ts, tsAgain]).toEqual(['2020-01-31 00:00:00+00', '2020-01-30 15:00:00+00'])
  connection.execute('DETACH killed; DETACH live')
  rmSync(directory, { recursive: true })
})

test('an index changes nothing of what transactions see', () => {
  const other = openTestConnection(database.address)
  connection.execute('CREATE TABLE found AS SELECT i AS a, i AS b FROM range(100000) t(i)')
  connection.execute('CREATE INDEX found_a ON found (a)')
  other.execute('BEGIN; FROM found LIMIT 1')
  connection.execute('DELETE FROM found WHERE a = 5; UPDATE found SET a = -7 WHERE a = 7')
  expect(other.rows('SELECT b FROM found WHERE a IN (5, 7, -7) ORDER BY b')).toEqual([['5'], ['7']])
  other.execute('COMMIT')
  expect(other.rows('SELECT b FROM found WHERE a IN (5, 7, -7)')).toEqual([['7']])
  // rows that were not committed when the index was made are in it, or keep a unique one from them
  connection.execute('CREATE TABLE late (a INTEGER); INSERT INTO late VALUES (1)')
  other.execute('BEGIN; INSERT INTO late VALUES (2)')
  connection.execute('CREATE INDEX late_a ON late (a)')
  other.execute('COMMIT')
  expect(other.rows('SELECT a FROM late WHERE a = 2')).toEqual([['2']])
  other.execute('BEGIN; INSERT INTO late VALUES (1)')
  connection.execute('CREATE UNIQUE INDEX late_once ON late (a)')
  expect(() => other.execute('COMMIT')).toThrow(
    expect.objectContaining({ kind: 'unique_violation' }),
  )
  other.close()
})

test('a unique index is not dropped and made again in one transaction', () => {
  const directory = mkdtempSync(join(tmpdir(), 'bluegate-index-'))
  connection.execute(`ATTACH '${join(directory, 'x')}' AS filed`)
  connection.execute('CREATE TABLE filed.t AS SELECT 1 AS a')
  connection.execute('CREATE UNIQUE INDEX again ON filed.t (a); CREATE INDEX plain ON filed.t (a)')
  connection.execute('BEGIN; DROP INDEX filed.plain; CREATE INDEX plain ON filed.t (a); COMMIT')
  expect(() =>
    connection.execute('BEGIN; DROP INDEX filed.again; CREATE UNIQUE INDEX again ON filed.t (a)'),
  ).toThrow('already exists')
  connection.execute('ROLLBACK; DETACH filed')
  rmSync(directory, { recursive: true })
})

test('a unique index on a temporary table goes on when it is dropped', () => {
  connection.execute(
    'CREATE TEMP TABLE own (a INTEGER); CREATE UNIQUE INDEX own_a ON temp.main.own (a)',
  )
  connection.execute('INSERT INTO temp.main.own VALUES (1)')
  connection.execute('DROP INDEX temp.main.own_a')
  expect(() => connection.execute('INSERT INTO temp.main.own VALUES (1)')).toThrow(
    expect.objectContaining({ kind: 'unique_violation' }),
  )
})

test('of a table with an index only defaults change, and columns come', () => {
  connection.execute('CREATE TABLE held (a INTEGER, b INTEGER); CREATE INDEX held_a ON held (a)')
  for (const action of [
    'DROP b',
    'ALTER b TYPE BIGINT',
    'ALTER b SET NOT NULL',
    'ALTER b DROP NOT NULL',
    'RENAME b TO c',
    'RENAME TO kept',
    'ADD PRIMARY KEY (b)',
  ]) {
    expect(() => connection.execute(`ALTER TABLE held ${action}`)).toThrow('depend')
  }
  connection.execute('ALTER TABLE held ADD c INTEGER DEFAULT 3')
  connection.execute(
    'ALTER TABLE held ALTER b SET DEFAULT 4; ALTER TABLE held ALTER b DROP DEFAULT',
  )
})

test('a table that a transaction changed rows of cannot be altered in it afterwards', () => {
  connection.execute('CREATE TABLE changed (a INTEGER PRIMARY KEY, b INTEGER)')
  connection.execute('INSERT INTO changed VALUES (1, 2)')
  const begin = 'BEGIN; UPDATE changed SET b = 3'
  const [here, atCommit] = ['ALTER b SET NOT NULL', 'ALTER b TYPE VARCHAR'].map((alter) => () => {
    connection.execute(`${begin}; ALTER TABLE changed ${alter}; COMMIT`)
  })
  expect(here).toThrow(expect.objectContaining({ kind: 'object_in_use' }))
  connection.execute('ROLLBACK')
  expect(atCommit).toThrow(expect.objectContaining({ kind: 'serialization_failure' }))
  expect(connection.rows('FROM changed')).toEqual([['1', '2']])
})

test('each level of nested scalar subqueries about doubles the time of planning', () => {
  const plan = (levels: number): number => {
    const start = performance.now()
    connection.prepare(`SELECT ${'(SELECT '.repeat(levels)}1${')'.repeat(levels)}`).close()
    return performance.now() - start
  }
  plan(12)
  expect(plan(16) / plan(11)).toBeGreaterThan(5)
})

test('file logging, which the lock does not hold, takes every connection down', () => {
  const { output } = runInChild(`
    connection.execute('SET GLOBAL enable_external_access = false; SET GLOBAL lock_configuration = true')
    console.log(attempt("CALL enable_logging(storage='file', storage_path='/nosuch/x')"))
    console.log(attempt('SELECT 1'))
    process.kill(process.pid, 'SIGKILL')`)
  const [accepted, next] = output.trim().split('\n')
  expect(accepted).toBe('ok')
  expect(next).not.toBe('ok')
})
