/** What sequences and identity columns (decision 30) rely on the engine for, or protect themselves from. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { DuckDbConnection } from './duckdb-connection.ts'
import { runInChild } from './testing/run-in-child.ts'
import { openTestConnection, openTestDatabase } from './testing/test-database.ts'
import type { TestDatabase } from './testing/test-database.ts'

let database: TestDatabase
let connection: DuckDbConnection
let directory: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'bluegate-sequences-'))
  database = openTestDatabase()
  connection = database.connection
  connection.execute(`ATTACH '${join(directory, 'm')}' AS m; CREATE SCHEMA m.own`)
})

afterEach(() => {
  database.close()
  rmSync(directory, { recursive: true })
})

const draw = (name: string, on = connection) => on.rows(`SELECT nextval('${name}')`)[0]?.[0]

test('ROLLBACK gives no value back', () => {
  connection.execute("CREATE SEQUENCE m.s; BEGIN; SELECT nextval('m.s'); ROLLBACK")
  expect(draw('m.s')).toBe('2')
})

test('what was committed is not given again after a kill', () => {
  const file = join(directory, 'killed')
  runInChild(`
    connection.execute("ATTACH '${file}' AS k; CREATE SEQUENCE k.s; CREATE TABLE k.t (a BIGINT DEFAULT nextval('k.main.s'), b INTEGER)")
    connection.execute("SELECT nextval('k.s'); INSERT INTO k.t (b) FROM range(4)")
    process.kill(process.pid, 'SIGKILL')`)
  connection.execute(`ATTACH '${file}' AS k; INSERT INTO k.t (b) VALUES (9)`)
  expect(connection.rows('SELECT max(a), count(*) FROM k.t')).toEqual([['6', '5']])
})

test('currval is everybody’s', () => {
  connection.execute("CREATE SEQUENCE m.s; SELECT nextval('m.s')")
  const other = openTestConnection(database.address)
  draw('m.s', other)
  other.close()
  expect(connection.rows("SELECT currval('m.s')")).toEqual([['2']])
})

test('a name in full and in quotes is read as it is, and a default keeps its text', () => {
  const name = `"m"."own"."it's 'odd'. x"`
  connection.execute(`CREATE SEQUENCE ${name}`)
  const text = `nextval('${name.replaceAll("'", "''")}')`
  connection.execute(`CREATE TABLE m.t (a INTEGER DEFAULT (${text}), b INTEGER)`)
  connection.execute('INSERT INTO m.t (b) VALUES (1), (2)')
  expect(connection.rows('SELECT a FROM m.t')).toEqual([['1'], ['2']])
  expect(
    connection.rows("SELECT column_default FROM duckdb_columns() WHERE column_name = 'a'"),
  ).toEqual([[text]])
})

test('a quote in a quoted name is left out: another sequence is meant', () => {
  connection.execute('CREATE SEQUENCE m."a""b"; CREATE SEQUENCE m.ab START 70')
  expect(draw('"m"."main"."a""b"')).toBe('70')
})

test('a name without its database in a default is looked for on the path of whoever inserts', () => {
  connection.execute(
    "CREATE SEQUENCE m.own.s; CREATE TABLE m.t (a INTEGER DEFAULT nextval('own.s'))",
  )
  expect(() => connection.execute('INSERT INTO m.t VALUES (DEFAULT)')).toThrow('does not exist')
})

test('options are read one after the other: INCREMENT resets those before it', () => {
  connection.execute('CREATE SEQUENCE m.a INCREMENT 1 MINVALUE 0 START 0')
  expect(() => connection.execute('CREATE SEQUENCE m.b MINVALUE 0 START 0 INCREMENT 1')).toThrow(
    'cannot be less than MINVALUE',
  )
})

test('past the last number of 64 bits one goes on at their other end', () => {
  const most = 2n ** 63n - 1n
  connection.execute(`CREATE SEQUENCE m.s MINVALUE ${-(2n ** 63n)} MAXVALUE ${most} START ${most}`)
  expect(() => draw('m.s')).toThrow('reached maximum')
  expect(draw('m.s')).toBe(String(-(2n ** 63n)))
})

test('that a table draws from one is known only until it is opened again', () => {
  connection.execute('CREATE SEQUENCE m.own.a; CREATE SEQUENCE m.own.b')
  connection.execute("CREATE TABLE m.t (a INTEGER DEFAULT nextval('m.own.a'), b INTEGER)")
  connection.execute(
    "CREATE TABLE m.u (b INTEGER); ALTER TABLE m.u ALTER b SET DEFAULT nextval('m.own.b')",
  )
  for (const name of ['a', 'b']) {
    expect(() => connection.execute(`DROP SEQUENCE m.own.${name}`)).toThrow('depend on it')
  }
  connection.execute(`DETACH m; ATTACH '${join(directory, 'm')}' AS m`)
  connection.execute('DROP SEQUENCE m.own.a; DROP SEQUENCE m.own.b')
})

test('a table and its sequence go, and a default changes hands, in one transaction with rows', () => {
  connection.execute(`BEGIN; CREATE SEQUENCE m.own.a;
    CREATE TABLE m.t (a INTEGER DEFAULT nextval('m.own.a'), b INTEGER PRIMARY KEY);
    CREATE INDEX i ON m.t (a); INSERT INTO m.t (b) VALUES (1), (2); COMMIT`)
  connection.execute(`BEGIN; DELETE FROM m.t; CREATE SEQUENCE m.own.b;
    ALTER TABLE m.t ALTER a SET DEFAULT nextval('m.own.b'); DROP SEQUENCE m.own.a;
    INSERT INTO m.t (b) VALUES (3); COMMIT`)
  expect(connection.rows('FROM m.t')).toEqual([['1', '3']])
  connection.execute('BEGIN; DROP TABLE m.t; DROP SEQUENCE m.own.b; COMMIT')
})

test('a copy of the definitions begins where the original goes on, and its defaults mean the original', () => {
  connection.execute(`CREATE SEQUENCE m.s MAXVALUE 3;
    CREATE TABLE m.t (a INTEGER DEFAULT nextval('m.main.s'), b INTEGER);
    INSERT INTO m.t (b) VALUES (1), (2), (3)`)
  connection.execute(
    `ATTACH '${join(directory, 'c')}' AS c; BEGIN; COPY FROM DATABASE m TO c (SCHEMA)`,
  )
  expect(
    connection.rows("SELECT start_value FROM duckdb_sequences() WHERE database_name = 'c'"),
  ).toEqual([['4']])
  expect(() => connection.execute('INSERT INTO c.t BY NAME SELECT * FROM m.t')).toThrow(
    'single attached database',
  )
  connection.execute('ROLLBACK')
})

test('nothing is drawn in a read-only transaction, and nothing by a plan', () => {
  connection.execute('CREATE SEQUENCE m.s; BEGIN TRANSACTION READ ONLY')
  expect(() => draw('m.s')).toThrow('read-only')
  connection.execute("ROLLBACK; EXPLAIN SELECT nextval('m.s')")
  connection.rows(`SELECT json_serialize_plan('SELECT nextval(''m.s'')')`)
  expect(draw('m.s')).toBe('1')
})
