import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ColumnType } from '../../columnar/column-type.ts'
import type { DuckDbConnection } from './duckdb-connection.ts'
import { openTestDatabase } from './testing/test-database.ts'
import type { TestDatabase } from './testing/test-database.ts'
import { doubleText, valueAt } from './testing/vector-values.ts'
import type { PlainValue } from './testing/vector-values.ts'
import { typeName } from './type-name.ts'
import { randomColumn, randomNested, randomScalars } from './testing/random-column.ts'

let database: TestDatabase
let connection: DuckDbConnection
beforeAll(() => {
  database = openTestDatabase()
  connection = database.connection
})
afterAll(() => database.close())

function readColumn(sql: string): { type: ColumnType; values: PlainValue[] } {
  const statement = connection.prepare(sql)
  const result = statement.start()
  const values: PlainValue[] = []
  for (let batch = result.next(); batch !== undefined; batch = result.next()) {
    const [column] = batch.columns
    if (column === undefined) throw new Error('no column')
    expect(column.type).toEqual(result.columns[0]?.type)
    for (let row = 0; row < batch.rowCount; row += 1) values.push(valueAt(column, row))
  }
  const type = result.columns[0]?.type
  result.close()
  statement.close()
  if (type === undefined) throw new Error('no column')
  return { type, values }
}

const isNested = (type: ColumnType): boolean =>
  ['list', 'array', 'map', 'struct', 'union'].includes(type.kind)

/** The engine's own text of the column `v` of `from`, leaves as VARCHAR. */
function engineValues(from: string, type: ColumnType): PlainValue[] {
  const asText = typeName(type, (inner) => (isNested(inner) ? undefined : 'VARCHAR'))
  const sql = `SELECT to_json(v::${asText})::VARCHAR FROM (${from}) s(v)`
  return connection.rows(sql).map(([json]) => JSON.parse(json ?? 'null') as PlainValue)
}

function normalise(type: ColumnType, value: PlainValue): PlainValue {
  if (value === null) return null
  if (type.kind === 'list' || type.kind === 'array') {
    return (value as PlainValue[]).map((element) => normalise(type.element, element))
  }
  const members = type.kind === 'struct' ? type.fields : type.kind === 'union' ? type.members : []
  if (members.length > 0) {
    return Object.fromEntries(
      members.flatMap(({ name, type: inner }) => {
        const member = (value as Record<string, PlainValue>)[name]
        return member === undefined ? [] : [[name, normalise(inner, member)]]
      }),
    )
  }
  if (type.kind === 'map') {
    return Object.fromEntries(
      Object.entries(value as Record<string, PlainValue>).map(([key, inner]) => [
        key,
        normalise(type.value, inner),
      ]),
    )
  }
  if (type.kind === 'double' || type.kind === 'float') {
    const text = value as string
    if (text.includes('nan') || text.includes('inf')) return text
    return doubleText(type.kind === 'float' ? Math.fround(Number(text)) : Number(text))
  }
  return value
}

function expectSameAsEngine(from: string): PlainValue[] {
  const { type, values } = readColumn(`SELECT v FROM (${from}) s(v)`)
  const expected = engineValues(from, type).map((value) => normalise(type, value))
  expect(values).toEqual(expected)
  return values
}

const literals: Record<string, string[]> = {
  BOOLEAN: ['true', 'false'],
  TINYINT: ['-128', '127', '0'],
  SMALLINT: ['-32768', '32767'],
  INTEGER: ['-2147483648', '2147483647'],
  BIGINT: ["'-9223372036854775808'", '9223372036854775807'],
  HUGEINT: [
    "'-170141183460469231731687303715884105728'",
    "'170141183460469231731687303715884105727'",
    '-1',
    '18446744073709551616',
  ],
  UTINYINT: ['0', '255'],
  USMALLINT: ['0', '65535'],
  UINTEGER: ['0', '4294967295'],
  UBIGINT: ['0', "'18446744073709551615'"],
  UHUGEINT: ['0', "'340282366920938463463374607431768211455'"],
  BIGNUM: [
    '0',
    '-1',
    '255',
    "'-340282366920938463463374607431768211456123456789'",
    "repeat('9', 5000)",
  ],
  FLOAT: ["'nan'", "'inf'", "'-inf'", '-0.0', '1.17549435e-38', '3.4028235e38', '0.1'],
  DOUBLE: ["'nan'", "'inf'", '-0.0', '5e-324', '1.7976931348623157e308', '0.1', '1e21'],
  'DECIMAL(4,1)': ['-999.9', '999.9', '0.1'],
  'DECIMAL(9,9)': ['-0.999999999', '0.000000001'],
  'DECIMAL(18,3)': ["'-999999999999999.999'", "'999999999999999.999'"],
  'DECIMAL(38,10)': ["'-9999999999999999999999999999.9999999999'", "'0.0000000001'"],
  'DECIMAL(38,0)': ["'99999999999999999999999999999999999999'"],
  VARCHAR: [
    "''",
    "'twelve bytes'",
    "'thirteen byte'",
    "chr(0) || 'x' || chr(0)",
    "'é€😀'",
    "repeat('long', 5000)",
  ],
  JSON: [`'{"a": [1, null]}'`, `'"twelve bytes and more"'`],
  BLOB: ["''", String.raw`'\x00\xFF\x27\x5C'`, "repeat('z', 300)"],
  BIT: ["'0'", "'1'", "'10101010'", "'101010101'", "repeat('10', 200)"],
  UUID: [
    "'00000000-0000-0000-0000-000000000000'",
    "'ffffffff-ffff-ffff-ffff-ffffffffffff'",
    "'80000000-0000-4000-8000-000000000001'",
  ],
  DATE: [
    "'1970-01-01'",
    "'0001-01-01'",
    "'0044-03-15 (BC)'",
    "'5877642-06-25 (BC)'",
    "'5881580-07-10'",
    "'infinity'",
    "'-infinity'",
    "'2000-02-29'",
  ],
  TIME: ["'00:00:00'", "'23:59:59.999999'", "'24:00:00'", "'01:02:03.4'"],
  TIME_NS: ["'00:00:00'", "'23:59:59.999999999'"],
  TIMETZ: [
    "'00:00:00+15:59:59'",
    "'23:59:59.999999-15:59:59'",
    "'12:00:00+00'",
    "'12:00:00+05:30'",
  ],
  TIMESTAMP: [
    "'1970-01-01'",
    "'290309-12-22 (BC) 00:00:00'",
    "'294247-01-10 04:00:54.775806'",
    "'infinity'",
    "'-infinity'",
    "'1969-12-31 23:59:59.999999'",
  ],
  TIMESTAMP_S: ["'1970-01-01'", "'294247-01-10 04:00:54'", "'infinity'"],
  TIMESTAMP_MS: ["'1970-01-01 00:00:00.001'", "'1969-12-31 23:59:59.999'", "'-infinity'"],
  TIMESTAMP_NS: [
    "'1677-09-22 00:00:00'",
    "'2262-04-11 23:47:16.854775806'",
    "'1970-01-01 00:00:00.000000001'",
  ],
  TIMESTAMPTZ: ["'1970-01-01 00:00:00+00'", "'infinity'", "'2024-06-01 12:00:00+02'"],
  INTERVAL: [
    "'0 days'",
    "'-1 month -2 days -03:04:05.000006'",
    "'13 months 1 day 1 microsecond'",
    "'2562047788 hours'",
    "'-2562047788 hours'",
  ],
  "ENUM('', 'a', 'long label of an enum')": ["''", "'a'", "'long label of an enum'"],
  'INTEGER[]': ['[]', '[1, NULL, 3]'],
  'VARCHAR[][]': ["[['a', NULL], NULL, [], ['a text of more than twelve bytes']]"],
  'INTEGER[3]': ['[1, NULL, 3]'],
  'VARCHAR[2]': ["['x', 'a text of more than twelve bytes']", "[NULL, '']"],
  'STRUCT(a INTEGER, "B c" VARCHAR)': ["{'a': 1, 'B c': NULL}", "{'a': NULL, 'B c': 'x'}"],
  'STRUCT(s STRUCT(l DECIMAL(4,1)[]))': ["{'s': {'l': [1.5, NULL]}}", "{'s': NULL}"],
  'MAP(VARCHAR, INTEGER[])': ["map {'a': [1], 'b': NULL}", 'map {}'],
  'UNION(n INTEGER, t VARCHAR)': ['union_value(n := 1)', "union_value(t := 'x')"],
  GEOMETRY: ["'POINT (1 2)'", "'LINESTRING (0 0, 1 1)'"],
  VARIANT: ['42', "'text'"],
  'GEOMETRY[]': ["['POINT (1 2)'::GEOMETRY, NULL]"],
}

for (const [type, values] of Object.entries(literals)) {
  test(`${type}: extremes, awkward values and NULL are read as the engine writes them`, () => {
    const rows = values.map((value) => `((${value})::${type})`).join(', ')
    const read = expectSameAsEngine(`VALUES ${rows}, (NULL::${type})`)
    expect(read).toHaveLength(values.length + 1)
    expect(read.at(-1)).toBeNull()
    expectSameAsEngine(`SELECT NULL::${type} FROM range(3)`)
    expect(readColumn(`SELECT NULL::${type} AS v WHERE false`).values).toEqual([])
  })
}

test('an enum of 300 and one of 70,000 labels have wider indexes', () => {
  for (const count of [300, 70_000]) {
    connection.execute(
      `CREATE TYPE wide_${count} AS ENUM (SELECT 'label ' || i FROM range(${count}) t(i))`,
    )
    const labels = `SELECT ('label ' || i)::wide_${count} FROM range(${count}) t(i) WHERE i % 97 = 0`
    expect(expectSameAsEngine(labels)).toHaveLength(Math.ceil(count / 97))
  }
})

test('results of many chunks, constants, dictionaries and filters keep every row', () => {
  connection.execute(`CREATE TABLE many AS SELECT i, CASE i % 3 WHEN 0 THEN NULL
    WHEN 1 THEN 'short' ELSE 'a text that repeats and is compressed' END AS s FROM range(10000) t(i)`)
  for (const column of [
    'i',
    's',
    "'constant'",
    "'a constant of more than twelve bytes'",
    'NULL',
    '[s, NULL, i::VARCHAR]',
    "{'s': s, 'i': i, 'c': 'constant', 'n': {'s': s}}",
    "(CASE WHEN i % 2 = 0 THEN [s, 'y', i::VARCHAR] END)::VARCHAR[3]",
    "map([i::VARCHAR, 'k'], [i, NULL])",
    "[{'s': s, 'l': [i, i + 1]}]",
  ]) {
    expect(
      expectSameAsEngine(`SELECT ${column} FROM many WHERE i % 7 <> 0 ORDER BY i`).length,
    ).toBe(8571)
  }
  expectSameAsEngine('SELECT list(s ORDER BY i) FROM many GROUP BY i % 2 ORDER BY i % 2')
  expectSameAsEngine('SELECT m.s FROM range(20000) r(i) LEFT JOIN many m ON m.i = r.i ORDER BY r.i')
})

for (const type of randomScalars) {
  test(`random ${type.name} values are read as the engine writes them`, () => {
    expect(expectSameAsEngine(randomColumn(type, 5000, 1))).toHaveLength(5000)
  })
}

test('random values of random nested types are read as the engine writes them', () => {
  fc.assert(
    fc.property(
      randomNested,
      fc.nat(1000),
      fc.integer({ min: 1, max: 3000 }),
      (type, seed, rows) => {
        expect(expectSameAsEngine(randomColumn(type, rows, seed))).toHaveLength(rows)
      },
    ),
    { numRuns: 40 },
  )
})
