/**
 * Every type at its least, its greatest, with awkward values and NULL, through the stock BLUE connector:
 * value by value what the PostgreSQL door gives for the same query.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { BlueConnector } from './harness/blue-connector.ts'
import { startBluegate } from './harness/bluegate-server.ts'
import type { BluegateServer } from './harness/bluegate-server.ts'
import type { ClientConnection } from './harness/client-connection.ts'
import type { Field } from './harness/line-format.ts'
import { connect } from './harness/stock-clients.ts'
import { connectOptions } from './harness/test-server.ts'

/** How the two differ, by what the protocol has: milliseconds, no zone, no type for some. */
type Difference = (postgres: string) => string

const asItIs: Difference = (text) => text
/** Milliseconds, and Python writes a fraction in six digits. */
const inMilliseconds: Difference = (text) =>
  text
    .replace(/\+00$/, '')
    .replace(/\.(\d{1,3})\d*$/, (_, digits: string) => `.${digits.padEnd(3, '0')}000`)
    .replace('.000000', '')
/** Python writes the shortest text that is the same number. */
const asNumber: Difference = (text) => String(Number(text))

const CASES: readonly { type: string; values: readonly string[]; differs?: Difference }[] = [
  { type: 'BOOLEAN', values: ['true', 'false'] },
  { type: 'TINYINT', values: ['-128', '127'] },
  { type: 'UTINYINT', values: ['0', '255'] },
  { type: 'SMALLINT', values: ['-32768', '32767'] },
  { type: 'USMALLINT', values: ['65535'] },
  { type: 'INTEGER', values: ['-2147483648', '2147483647'] },
  { type: 'UINTEGER', values: ['4294967295'] },
  { type: 'BIGINT', values: ['-9223372036854775808', '9223372036854775807'] },
  { type: 'UBIGINT', values: ['18446744073709551615'] },
  { type: 'HUGEINT', values: ['-99999999999999999999999999999999999999', '0', '1'] },
  { type: 'UHUGEINT', values: ['340282366920938463463374607431768211455'] },
  { type: 'DECIMAL(4,1)', values: ['-999.9', '0.0', '0.1'] },
  { type: 'DECIMAL(9,9)', values: ['-0.999999999'] },
  { type: 'DECIMAL(18,2)', values: ['9999999999999999.99', '-0.01'] },
  { type: 'DECIMAL(38,0)', values: ['-99999999999999999999999999999999999999'] },
  { type: 'DECIMAL(38,38)', values: ['0.00000000000000000000000000000000000001'] },
  { type: 'REAL', values: ['0.5', '-3.25', 'Infinity', 'NaN'] },
  {
    type: 'DOUBLE',
    values: ['1.7976931348623157e308', '5e-324', '0.1', '-Infinity', 'NaN'],
    differs: (text) => (/nf|NaN/.test(text) ? text : asNumber(text)),
  },
  { type: 'DATE', values: ['0001-01-01', '1969-12-31', '2000-02-29', '9999-12-31'] },
  {
    type: 'TIMESTAMP',
    values: ['0001-01-01 00:00:00', '1969-12-31 23:59:59.9999', '2024-02-29 01:02:03.004005'],
    differs: inMilliseconds,
  },
  { type: 'TIMESTAMP_S', values: ['1999-12-31 23:59:59'], differs: inMilliseconds },
  { type: 'TIMESTAMP_MS', values: ['9999-12-31 23:59:59.999'], differs: inMilliseconds },
  { type: 'TIMESTAMPTZ', values: ['2024-07-01 12:34:56.789012+02'], differs: inMilliseconds },
  { type: 'TIME', values: ['00:00:00', '23:59:59.999999'] },
  { type: 'INTERVAL', values: ['1 day 02:03:04', '00:00:00.000001'] },
  { type: 'UUID', values: ['a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'] },
  {
    type: 'VARCHAR',
    values: [
      '',
      ' trailing  ',
      'exactly8',
      'nine char',
      'tab\tline\n',
      'אבג 漢字 😀',
      'x'.repeat(1_000_000),
    ],
  },
  { type: 'BLOB', values: ['\\x00\\xFF'] },
  { type: 'BIT', values: ['10101'] },
  { type: 'JSON', values: ['{"a": [1, null]}'] },
  { type: 'INTEGER[]', values: ['[]', '[1]', '[1, NULL, 3]', '[-2147483648, 2147483647]'] },
  { type: 'VARCHAR[]', values: ['[]', "['a']", "['', NULL, 'exactly8', 'אב']"] },
  { type: 'DECIMAL(10,3)[]', values: ['[0.435, NULL]'] },
  { type: 'DATE[]', values: ['[2024-02-01, NULL]'] },
  { type: 'BOOLEAN[]', values: ['[true, NULL, false]'] },
]

let server: BluegateServer
let blue: BlueConnector
let postgres: ClientConnection

beforeAll(async () => {
  server = await startBluegate()
  const client = await server.createClient('typist')
  blue = await BlueConnector.connect(server, { access_token: client.token })
  await blue.execute(`set dialect = 'postgres'`) // the types are the engine's, by its own names
  postgres = await connect('psycopg', connectOptions(server, client))
})
afterAll(async () => {
  await blue?.close()
  await postgres?.close()
  await server?.stop()
})

/** NULL first, in the middle and last; and no NULL at all. */
function queriesOf(type: string, values: readonly string[]): string[] {
  const rows = values.map((value, index) => `(${index}, '${value.replaceAll("'", "''")}')`)
  const withNulls = [
    '(-1, NULL)',
    ...rows,
    '(998, NULL)',
    rows[0]?.replace(/^\(0/, '(999'),
    '(1000, NULL)',
  ]
  return [rows, withNulls].map(
    (list) => `SELECT CAST(v AS ${type}) AS v FROM (VALUES ${list.join(', ')}) t (i, v) ORDER BY i`,
  )
}

test.each(CASES)('$type', async ({ type, values, differs = asItIs }) => {
  for (const sql of queriesOf(type, values)) {
    const expected = (await postgres.query(sql)).rows.map(([value = null]): Field[] => [
      value === null ? null : differs(value),
    ])
    const got = (await blue.rowsOf(sql)).map(([value = null]): Field[] => [
      value === null || differs !== asNumber ? value : differs(value),
    ])
    expect(got).toEqual(expected)
  }
})

test.each([0, 1, 7, 8, 9, 2047, 2048, 2049, 10_000])(
  '%i rows of several types at once',
  async (rows) => {
    const sql = `SELECT range AS i, CASE WHEN range % 3 = 0 THEN NULL ELSE repeat('x', range::INT % 20) END AS t,
    range / 2 AS d, [range, NULL] AS l, DATE '2000-01-01' + range::INT AS day FROM range(${rows})`
    expect(await blue.rowsOf(sql)).toEqual((await postgres.query(sql)).rows)
  },
)

test.each(['infinity', '10000-01-01', '0044-03-15 (BC)'])(
  'the date %s is an error, not something else',
  async (date) => {
    await blue.execute(`SELECT DATE '2000-01-01'`)
    await expect(blue.rowsOf(`SELECT CAST('${date}' AS DATE)`)).rejects.toThrow(
      /outside of the years 1 to 9999/,
    )
    expect(await blue.rowsOf(`SELECT CAST(CAST('${date}' AS DATE) AS VARCHAR)`)).toHaveLength(1)
  },
)

test('nanoseconds are cut off to milliseconds, too', async () => {
  const sql = `SELECT TIMESTAMP_NS '2024-02-29 01:02:03.004005006'`
  expect(await blue.rowsOf(sql)).toEqual([['2024-02-29 01:02:03.004000']])
})

test('an integer of more digits than the connector’s decimals have is an error, not rounded', async () => {
  for (const value of [10n ** 38n, -(10n ** 38n), 2n ** 127n - 1n, -(2n ** 127n)]) {
    const sql = `SELECT CAST('${value}' AS HUGEINT) AS h`
    await expect(blue.rowsOf(sql)).rejects.toThrow(/column .*h.* more than 38 digits/)
    expect(await blue.rowsOf(`SELECT CAST(CAST('${value}' AS HUGEINT) AS VARCHAR)`)).toEqual([
      [String(value)],
    ])
  }
})
