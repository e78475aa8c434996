import { DuckDBInstance } from '@duckdb/node-api'
import type { DuckDBConnection } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseTypeName } from '../../src/columnar/parse-type-name.ts'
import { conversionBetween, conversionFromText } from '../../src/gate/load-conversion.ts'
import type { Conversion } from '../../src/gate/load-conversion.ts'

let instance: DuckDBInstance
let connection: DuckDBConnection

beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:')
  connection = await instance.connect()
  await connection.run("SET TimeZone = 'UTC'")
})
afterAll(() => instance.closeSync())

/** The stored value as the engine prints it, `BAD`, or null. */
async function loaded(conversion: Conversion, sql: string): Promise<unknown> {
  const result = await connection.runAndReadAll(
    `SELECT CASE WHEN t IS NULL THEN NULL WHEN coalesce(${conversion.fits('t', 'v')}, false)
       THEN CAST(v AS VARCHAR) ELSE 'BAD' END
     FROM (SELECT t, ${conversion.value('t')} AS v
       FROM (SELECT ${conversion.take('c')} AS t FROM (SELECT ${sql} AS c)))`,
  )
  return result.getRowsJson()[0]?.[0]
}

const ISO = { decimal: '.', dateFormat: 'YYYY-MM-DD' } as const

async function fromText(type: string, text: string, reading = {}): Promise<unknown> {
  const conversion = conversionFromText(parseTypeName(type), { ...ISO, ...reading })
  return await loaded(conversion, `'${text.replaceAll("'", "''")}'::VARCHAR`)
}

describe('what a type keeps exactly is loaded', () => {
  test.each([
    ['INTEGER', '42', '42'],
    ['INTEGER', ' -7 ', '-7'],
    ['INTEGER', '+7', '7'],
    ['INTEGER', '007', '7'],
    ['INTEGER', '', null],
    ['INTEGER', '  ', null],
    ['BIGINT', '9223372036854775807', '9223372036854775807'],
    ['HUGEINT', '9223372036854775808', '9223372036854775808'],
    ['DECIMAL(10,2)', '1.50', '1.50'],
    ['DECIMAL(10,2)', '1.5000', '1.50'],
    ['DECIMAL(10,2)', '-.5', '-0.50'],
    ['DECIMAL(38,0)', '9'.repeat(38), '9'.repeat(38)],
    ['DOUBLE', '0.1', '0.1'],
    ['DOUBLE', '0.30000000000000004', '0.30000000000000004'],
    ['DOUBLE', '1.7976931348623157e308', '1.7976931348623157e+308'],
    ['DOUBLE', '5e-324', '5e-324'],
    ['DOUBLE', '9007199254740992', '9007199254740992.0'],
    ['DOUBLE', '1e3', '1000.0'],
    ['DOUBLE', '-0.0', '-0.0'],
    ['DOUBLE', 'NaN', 'nan'],
    ['DOUBLE', '-Infinity', '-inf'],
    ['FLOAT', '0.1', '0.1'],
    ['FLOAT', '16777216', '16777216.0'],
    ['BOOLEAN', 'True', 'true'],
    ['BOOLEAN', 'no', 'false'],
    ['DATE', '2024-02-29', '2024-02-29'],
    ['TIME', '10:30', '10:30:00'],
    ['TIME', '10:30:00.1234560', '10:30:00.123456'],
    ['TIMESTAMP', '2024-01-01T10:00', '2024-01-01 10:00:00'],
    ['TIMESTAMP', '2024-01-01', '2024-01-01 00:00:00'],
    ['TIMESTAMP', '2024-01-01 10:00:00.123456', '2024-01-01 10:00:00.123456'],
    ['TIMESTAMP WITH TIME ZONE', '2024-01-01T10:00:00+02:00', '2024-01-01 08:00:00+00'],
    ['TIMESTAMP WITH TIME ZONE', '2024-01-01T10:00:00Z', '2024-01-01 10:00:00+00'],
    ['UUID', 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
    ['VARCHAR', ' 007 ', ' 007 '],
    ['VARCHAR', "=cmd|'/c calc'!A1", "=cmd|'/c calc'!A1"],
    ['VARCHAR', '', ''],
  ])('%s from %j', async (type, text, value) => {
    expect(await fromText(type, text)).toBe(value)
  })
})

describe('what a type would round, cut or guess is a bad value', () => {
  test.each([
    ['INTEGER', '1.5'],
    ['INTEGER', '1e3'],
    ['INTEGER', '0x10'],
    ['INTEGER', '1_000'],
    ['INTEGER', '1,000'],
    ['INTEGER', '2147483648'],
    ['INTEGER', '١'],
    ['INTEGER', 'abc'],
    ['BIGINT', '9223372036854775808'],
    ['DECIMAL(10,2)', '1.005'],
    ['DECIMAL(4,2)', '123.45'],
    ['DECIMAL(10,2)', '1e2'],
    ['DOUBLE', '9007199254740993'],
    ['DOUBLE', '0.1234567890123456789'],
    ['DOUBLE', '1e400'],
    ['DOUBLE', '1e-400'],
    ['DOUBLE', '1.23456789e-320'],
    ['DOUBLE', '1.2.3'],
    ['FLOAT', '16777217'],
    ['FLOAT', '123456789.125'],
    ['BOOLEAN', 'maybe'],
    ['BOOLEAN', '2'],
    ['DATE', '2024-02-30'],
    ['DATE', '2024-1-5'],
    ['DATE', '01/02/2024'],
    ['DATE', '2024-01-01 10:00:00'],
    ['DATE', '0000-01-01'],
    ['TIME', '25:00:00'],
    ['TIME', '10:30:00.1234567'],
    ['TIMESTAMP', '2024-01-01 10:00:00.1234567'],
    ['TIMESTAMP', '2024-01-01T10:00:00Z'],
    ['TIMESTAMP WITH TIME ZONE', '2024-01-01T10:00:00'],
    ['UUID', 'a0eebc999c0b4ef8bb6d6bb9bd380a11'],
  ])('%s from %j', async (type, text) => {
    expect(await fromText(type, text)).toBe('BAD')
  })

  test('a text with a NUL character', async () => {
    const conversion = conversionFromText(parseTypeName('VARCHAR'), ISO)
    expect(await loaded(conversion, "'a' || chr(0)")).toBe('BAD')
    expect(await loaded(conversion, "'a' || chr(1)")).toBe('a\u0001')
  })
})

describe('dates and numbers in a chosen form', () => {
  test.each([
    ['DATE', '5/1/2024', { dateFormat: 'DD/MM/YYYY' }, '2024-01-05'],
    ['DATE', '5/1/2024', { dateFormat: 'MM/DD/YYYY' }, '2024-05-01'],
    ['DATE', '31.12.2024', { dateFormat: 'DD.MM.YYYY' }, '2024-12-31'],
    ['DATE', '20241231', { dateFormat: 'YYYYMMDD' }, '2024-12-31'],
    ['DATE', '2024/12/31', { dateFormat: 'YYYY/MM/DD' }, '2024-12-31'],
    ['TIMESTAMP', '31-12-2024 23:59:01', { dateFormat: 'DD-MM-YYYY' }, '2024-12-31 23:59:01'],
    ['DATE', '13/13/2024', { dateFormat: 'DD/MM/YYYY' }, 'BAD'],
    ['DATE', '2024-01-05', { dateFormat: 'DD/MM/YYYY' }, 'BAD'],
    ['DATE', '5/1/24', { dateFormat: 'DD/MM/YYYY' }, 'BAD'],
    ['DECIMAL(10,2)', '1234,5', { decimal: ',' }, '1234.50'],
    ['DOUBLE', '0,5', { decimal: ',' }, '0.5'],
    ['DECIMAL(10,2)', '1.234,5', { decimal: ',' }, 'BAD'],
    ['DECIMAL(10,2)', '12.5', { decimal: ',' }, 'BAD'],
  ])('%s from %j', async (type, text, reading, value) => {
    expect(await fromText(type, text, reading)).toBe(value)
  })
})

describe('from one type to another there is a way back, or the value is bad', () => {
  test.each([
    ['INTEGER', '7', 'BIGINT', '7'],
    ['DOUBLE', '7.0', 'INTEGER', '7'],
    ['DOUBLE', '7.5', 'INTEGER', 'BAD'],
    ['BIGINT', '9007199254740993', 'DOUBLE', 'BAD'],
    ['BIGINT', '9007199254740992', 'DOUBLE', '9007199254740992.0'],
    ['TIMESTAMP', "'2024-01-01 00:00:00'", 'DATE', '2024-01-01'],
    ['TIMESTAMP', "'2024-01-01 10:00:00'", 'DATE', 'BAD'],
    ['DECIMAL(10,3)', '1.005', 'DECIMAL(10,2)', 'BAD'],
    ['DECIMAL(10,3)', '1.500', 'DECIMAL(10,2)', '1.50'],
    ['VARCHAR', "'007'", 'INTEGER', 'BAD'],
    ['VARCHAR', "'x'", 'INTEGER', 'BAD'],
    ['VARCHAR', "'7'", 'INTEGER', '7'],
    ['DOUBLE', "'nan'", 'DOUBLE', 'nan'],
  ])('%s %s to %s', async (from, sql, to, value) => {
    const conversion = conversionBetween(parseTypeName(from), parseTypeName(to))
    expect(await loaded(conversion, `CAST(${sql} AS ${from})`)).toBe(value)
  })
})
