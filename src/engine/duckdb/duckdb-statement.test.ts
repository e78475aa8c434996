import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ParameterValue } from '../../columnar/parameter-value.ts'
import type { DuckDbConnection } from './duckdb-connection.ts'
import { DuckDbStatement } from './duckdb-statement.ts'
import { openTestDatabase } from './testing/test-database.ts'
import type { TestDatabase } from './testing/test-database.ts'
import { valueAt } from './testing/vector-values.ts'

let database: TestDatabase
let connection: DuckDbConnection
beforeAll(() => {
  database = openTestDatabase()
  connection = database.connection
})
afterAll(() => database.close())

function firstRow(statement: DuckDbStatement, parameters: readonly ParameterValue[]): unknown[] {
  statement.bind(parameters)
  const result = statement.start()
  const batch = result.next()
  const row = (batch?.columns ?? []).map((column) => valueAt(column, 0))
  result.close()
  return row
}

const failing = (kind: string): unknown => expect.objectContaining({ kind })

test('every kind of parameter arrives as it is, and as its declared type', () => {
  const statement = connection.prepare(`SELECT $1::BOOLEAN, $2::BIGINT, $3::DOUBLE, $4::VARCHAR,
    $5::BLOB, $6::INTEGER, $7::DECIMAL(38,2), $8::TIMESTAMP`)
  expect(statement.parameterCount).toBe(8)
  expect(
    firstRow(statement, [
      { kind: 'boolean', value: true },
      { kind: 'bigint', value: -(2n ** 63n) },
      { kind: 'double', value: 5e-324 },
      { kind: 'text', value: 'é\0😀' },
      { kind: 'blob', value: Uint8Array.of(0, 255) },
      { kind: 'null' },
      { kind: 'text', value: '999999999999999999999999999999999999.99' },
      { kind: 'text', value: '2024-02-29 12:00:00.000001' },
    ]),
  ).toEqual([
    'true',
    '-9223372036854775808',
    '5e-324',
    'é\0😀',
    String.raw`\x00\xFF`,
    null,
    '999999999999999999999999999999999999.99',
    '2024-02-29 12:00:00.000001',
  ])
  statement.close()
})

test('a statement is started again with other values, and with NULL instead of the old one', () => {
  const statement = connection.prepare('SELECT $1::VARCHAR')
  for (const value of ['one', 'another that is longer', '']) {
    expect(firstRow(statement, [{ kind: 'text', value }])).toEqual([value])
  }
  expect(firstRow(statement, [{ kind: 'null' }])).toEqual([null])
  statement.close()
})

test('a value that cannot be carried is refused', () => {
  const statement = connection.prepare('SELECT $1::VARCHAR')
  const bind =
    (...parameters: ParameterValue[]) =>
    (): void =>
      statement.bind(parameters)
  expect(bind({ kind: 'text', value: '\ud800' })).toThrow(failing('character_not_in_repertoire'))
  expect(bind({ kind: 'bigint', value: 2n ** 63n })).toThrow(failing('numeric_value_out_of_range'))
  expect(bind()).toThrow(failing('protocol_violation'))
  expect(bind({ kind: 'null' }, { kind: 'null' })).toThrow(failing('protocol_violation'))
  expect(firstRow(statement, [{ kind: 'bigint', value: 2n ** 63n - 1n }])).toEqual([
    '9223372036854775807',
  ])
  statement.close()
})

test('text that C would cut short, several statements and none are refused', () => {
  expect(() => connection.prepare("SELECT 1 \0 , 'hidden'")).toThrow(
    failing('character_not_in_repertoire'),
  )
  expect(() => connection.execute('SELECT 1\0')).toThrow(failing('character_not_in_repertoire'))
  expect(() => connection.prepare('SELECT 1; SELECT 2')).toThrow(failing('syntax_error'))
  expect(() => connection.prepare(' ; ')).toThrow(failing('syntax_error'))
})

test('what the binder inferred of parameters and columns is known before the start', () => {
  connection.execute('CREATE TABLE inferred(a INTEGER, b DECIMAL(10,2), c VARCHAR[])')
  const statement = connection.prepare('SELECT * FROM inferred WHERE b = $2 AND a < $1 AND c = $3')
  expect(statement.parameterTypeNames).toEqual(['INTEGER', 'DECIMAL(10,2)', 'VARCHAR[]'])
  expect(statement.columnsKnown).toBe(true)
  expect(statement.columns.map((column) => column.name)).toEqual(['a', 'b', 'c'])
  statement.close()
  const open = connection.prepare('SELECT $1')
  expect(open.parameterTypeNames).toEqual([undefined])
  expect(open.columnsKnown).toBe(false)
  expect(open.columns).toEqual([])
  open.bind([{ kind: 'text', value: 'x' }])
  const result = open.start()
  expect(result.columns).toEqual([{ name: '$1', type: { kind: 'varchar' } }])
  result.close()
  open.close()
})

test('parameters with gaps in their numbers are refused, without gaps in any order they are not', () => {
  expect(() => connection.prepare('SELECT $2::INTEGER')).toThrow(failing('indeterminate_datatype'))
  const statement = connection.prepare('SELECT $2::VARCHAR, $1::VARCHAR')
  expect(
    firstRow(statement, [
      { kind: 'text', value: 'first' },
      { kind: 'text', value: 'second' },
    ]),
  ).toEqual(['second', 'first'])
  statement.close()
})

test('names of columns may repeat and hold anything', () => {
  const statement = connection.prepare(`SELECT 1 AS a, 2 AS a, 3 AS " ", 4 AS "é""😀"`)
  expect(statement.columns.map((column) => column.name)).toEqual(['a', 'a', ' ', 'é"😀'])
  statement.close()
})

test('the kind is the engine’s word', () => {
  const kind = (sql: string): string => {
    const statement = connection.prepare(sql)
    statement.close()
    return statement.kind
  }
  expect(kind('FROM range(1)')).toBe('SELECT')
  expect(kind('CREATE TABLE k(a INTEGER)')).toBe('CREATE')
  expect(kind('BEGIN')).toBe('TRANSACTION')
  expect(kind('EXPLAIN SELECT 1')).toBe('EXPLAIN')
})

test('onBound is called once, after binding and before any result; its error gives the statement up', () => {
  const statement = connection.prepare('SELECT 1 AS x')
  const calls: string[] = []
  const result = statement.start(() => calls.push('bound'))
  expect(calls).toEqual(['bound'])
  result.close()
  expect(() =>
    statement.start(() => {
      throw new Error('given up')
    }),
  ).toThrow('given up')
  expect(firstRow(statement, [])).toEqual(['1'])
  statement.close()
})

test('a statement that no longer binds does not reach onBound', () => {
  connection.execute('CREATE TABLE dropped(a INTEGER)')
  const statement = connection.prepare('SELECT * FROM dropped')
  connection.execute('DROP TABLE dropped')
  let reached = false
  expect(() =>
    statement.start(() => {
      reached = true
    }),
  ).toThrow(failing('undefined_table'))
  expect(reached).toBe(false)
  statement.close()
})

test('after a change of the catalogue the result’s columns are the new ones', () => {
  connection.execute("CREATE TABLE changed AS SELECT 'POINT (1 2)'::GEOMETRY AS g")
  const statement = connection.prepare('SELECT g FROM changed')
  expect(statement.columns).toEqual([{ name: 'g', type: { kind: 'other', name: 'GEOMETRY' } }])
  expect(firstRow(statement, [])).toEqual(['POINT (1 2)'])
  connection.execute('CREATE OR REPLACE TABLE changed AS SELECT 42 AS g')
  expect(firstRow(statement, [])).toEqual(['42'])
  statement.close()
})

test('types read as text keep names, order, parameters and comments of the statement', () => {
  const statement =
    connection.prepare(`SELECT 'POINT (1 2)'::GEOMETRY AS "a b", $1::INTEGER AS "a b",
    ['POINT (3 4)'::GEOMETRY] AS l -- not the end ;
  ;`)
  expect(statement.columns.map((column) => column.name)).toEqual(['a b', 'a b', 'l'])
  expect(firstRow(statement, [{ kind: 'text', value: '7' }])).toEqual([
    'POINT (1 2)',
    '7',
    ['POINT (3 4)'],
  ])
  statement.close()
})

test('a statement that cannot be made to cast such a type is refused, not misread', () => {
  connection.execute('CREATE TABLE places(g GEOMETRY)')
  const statement = connection.prepare("INSERT INTO places VALUES ('POINT (1 2)') RETURNING g")
  expect(() => statement.start()).toThrow(failing('feature_not_supported'))
  statement.close()
  expect(connection.rows('SELECT g FROM places LIMIT 1')).toEqual([['POINT (1 2)']])
})

test('a wrapper made again from the address is the same statement', () => {
  const statement = connection.prepare('SELECT $1::INTEGER AS a')
  const again = DuckDbStatement.at(statement.address)
  expect(again.columns).toEqual(statement.columns)
  expect(again.kind).toBe('SELECT')
  expect(firstRow(again, [{ kind: 'bigint', value: 3n }])).toEqual(['3'])
  statement.close()
})

test('rows() gives every value as the engine’s text', () => {
  expect(
    connection.rows("SELECT 1, NULL, 'x', [1, 2], TIMESTAMP '2024-01-01' AS a, 2 AS a"),
  ).toEqual([['1', null, 'x', '[1, 2]', '2024-01-01 00:00:00', '2']])
  expect(connection.rows('SELECT i FROM range(3000) t(i) WHERE i = $1::BIGINT', ['2999'])).toEqual([
    ['2999'],
  ])
  expect(connection.rows('SELECT 1 WHERE false')).toEqual([])
  expect(() => connection.rows('SELECT nope')).toThrow(failing('undefined_column'))
})
