/** COPY … FROM STDIN through stock clients: every format and every type, as PostgreSQL reads them. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ALL_TYPES } from '../fixtures/all-types.ts'
import { failureOf } from './harness/client-connection.ts'
import type { ClientConnection } from './harness/client-connection.ts'
import { connect, STOCK_CLIENTS } from './harness/stock-clients.ts'
import { AGAINST_POSTGRESQL, connectOptions, startServer } from './harness/test-server.ts'
import type { ClientCredentials, TestServer } from './harness/test-server.ts'

let server: TestServer
let client: ClientCredentials

beforeAll(async () => {
  server = await startServer()
  await server.admin(
    `create table notes (id integer not null, body varchar default 'none', price decimal(10,2))`,
  )
  await server.admin('create table sealed (id integer, secret varchar)')
  await server.admin("insert into sealed values (1, 'canary')")
  client = await server.createClient('writer', ['SELECT, INSERT, DELETE ON TABLE notes'])
})

afterAll(() => server?.stop())

const notes = async (): Promise<(string | null)[][]> =>
  await server.admin('select id::text, body, price::text from notes order by id')

describe.each(STOCK_CLIENTS)('through %s', (name) => {
  let connection: ClientConnection

  beforeAll(async () => {
    connection = await connect(name, connectOptions(server, client))
  })

  beforeEach(async () => {
    await server.admin('delete from notes')
  })

  afterAll(() => connection?.close())

  const copy = async (sql: string, ...lines: string[]): Promise<void> =>
    await connection.copyIn(sql, Buffer.from(lines.map((line) => `${line}\n`).join('')))

  test('text: tabs, \\N and escapes', async () => {
    await copy(
      'copy notes from stdin',
      '1\tplain\t1.50',
      '2\t\\N\t\\N',
      '3\t\t0',
      '4\ttab\\there, "quoted"\\nline \\\\ end\t-7.25',
    )
    expect(await notes()).toEqual([
      ['1', 'plain', '1.50'],
      ['2', null, null],
      ['3', '', '0.00'],
      ['4', 'tab\there, "quoted"\nline \\ end', '-7.25'],
    ])
  })

  test('csv with a header, in the new and the old form', async () => {
    await copy(
      'copy notes from stdin with (format csv, header)',
      'id,body,price',
      '1,plain,1.50',
      '2,,',
      '3,"",0.00',
      '4,"tab\there, ""quoted""\nline \\ end",-7.25',
    )
    await copy("COPY notes FROM STDIN CSV HEADER DELIMITER ';' NULL '-'", 'x;y;z', '5;-;2')
    expect(await notes()).toEqual([
      ['1', 'plain', '1.50'],
      ['2', null, null],
      ['3', '', '0.00'],
      ['4', 'tab\there, "quoted"\nline \\ end', '-7.25'],
      ['5', null, '2.00'],
    ])
  })

  test('binary', async () => {
    const row = '0003 00000004 00000007 00000002 c3a4 ffffffff'
    const head = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1')
    const data = Buffer.concat([head, Buffer.from(`${row}ffff`.replaceAll(' ', ''), 'hex')])
    await connection.copyIn('copy notes from stdin (format binary)', data)
    expect(await notes()).toEqual([['7', 'ä', null]])
  })

  test('columns that are not named take their defaults', async () => {
    await copy('copy notes (price, id) from stdin csv', '1.25,8')
    expect(await notes()).toEqual([['8', 'none', '1.25']])
  })

  test('all or nothing, and the client goes on', async () => {
    const lines = Array.from({ length: 30_000 }, (_, index) => `${index},x,1`)
    const failed = await failureOf(copy('copy notes from stdin csv', ...lines, 'broken,x,1'))
    expect(failed.sqlState).toBe('22P02')
    expect(failed.message).toMatch(/invalid input syntax for type integer/)
    expect(await notes()).toEqual([])
    await copy('copy notes from stdin csv', ...lines)
    expect(await notes()).toHaveLength(30_000)
  })

  test('what may not be written is refused before any row is asked for', async () => {
    const hidden = await failureOf(copy('copy sealed from stdin', '1\tx'))
    expect(hidden.message).toMatch(
      AGAINST_POSTGRESQL ? /permission denied/ : /relation "sealed" does not exist/,
    )
    expect(await server.admin('select count(*)::text from sealed')).toEqual([['1']])
  })
})

/** What PostgreSQL and the engine write alike, and each in COPY's text format. */
const SHARED_TYPES: readonly (readonly [type: string, values: readonly string[]])[] = [
  ['boolean', ['t', 'f', 'TRUE', 'off', '1']],
  ['smallint', ['32767', '-32768', ' 7 ', '007']],
  ['integer', ['2147483647', '-2147483648', '+5', '-0']],
  ['bigint', ['9223372036854775807', '-9223372036854775808']],
  ['decimal(10,2)', ['1', '-1.005', '0.125', '99999999.99', '1e3', '.5', '12345678.994999']],
  ['decimal(38,10)', ['1234567890123456789012345678.0123456789', '-0.0000000001']],
  ['real', ['1.5', '3.4028235e38', 'NaN', '-Infinity', '1e-45']],
  ['double precision', ['0.1', '-0', '1.7976931348623157e308', 'Infinity', '5e-324', '+2.50']],
  ['varchar', ['', 'NULL', '{}', 'ä€😀', '[1, "2"]', "it's", '\\\\', '\\"', ' x ', '\\x41']],
  ['bytea', ['\\\\x00ff', '\\\\x', 'abc', 'a\\\\000b']],
  ['date', ['2024-02-29', '0001-01-01', '0044-03-15 BC', 'infinity', '2024-1-5']],
  ['time', ['00:00', '23:59:59.999999', '12:30:15.5']],
  ['timestamp', ['2024-01-01 12:30', '1999-12-31T23:59:59.000001', '-infinity', '2024-06-01']],
  ['timestamptz', ['2024-01-01 12:30+02', '2024-07-01 00:00:00 Europe/Berlin', '2024-01-01']],
  ['interval', ['1 day', '-3 mons 2 days', 'P1Y2M3DT4H', '1 day +02:03:04']],
  ['uuid', ['a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '{A0EEBC999C0B4EF8BB6D6BB9BD380A11}']],
  ['integer[]', ['{1,NULL,-3}', '{}', '{ 4 , 5 }']],
  ['varchar[]', ['{a,"b c",NULL,"NULL","q\\\\"q"}', '{"{}","[x]","",","}']],
  ['decimal(10,2)[]', ['{1.5,NULL,-2.25}']],
  ['bytea[]', ['{"\\\\\\\\x0102",NULL}']],
  ['timestamptz[]', ['{"2024-01-01 12:30:00+00"}']],
]

const AS_WRITTEN: Readonly<Record<string, string>> = {
  'decimal(10,2)[]': 'numeric(10,2)[]',
  bytea: AGAINST_POSTGRESQL ? 'bytea' : 'blob',
  'bytea[]': AGAINST_POSTGRESQL ? 'bytea[]' : 'blob[]',
}

/** What `timestamptz '2024-01-01'` is in UTC, and so on: written down from PostgreSQL 15. */
const READ_BACK: Readonly<Record<string, readonly string[]>> = {
  boolean: ['t', 'f', 't', 'f', 't'],
  smallint: ['32767', '-32768', '7', '7'],
  integer: ['2147483647', '-2147483648', '5', '0'],
  bigint: ['9223372036854775807', '-9223372036854775808'],
  'decimal(10,2)': ['1.00', '-1.01', '0.13', '99999999.99', '1000.00', '0.50', '12345678.99'],
  'decimal(38,10)': ['1234567890123456789012345678.0123456789', '-0.0000000001'],
  real: ['1.5', '3.4028235e+38', 'NaN', '-Infinity', '1e-45'],
  'double precision': ['0.1', '-0', '1.7976931348623157e+308', 'Infinity', '5e-324', '2.5'],
  varchar: ['', 'NULL', '{}', 'ä€😀', '[1, "2"]', "it's", '\\\\', '"', ' x ', 'A'],
  bytea: ['\\\\x00ff', '\\\\x', '\\\\x616263', '\\\\x610062'],
  date: ['2024-02-29', '0001-01-01', '0044-03-15 BC', 'infinity', '2024-01-05'],
  time: ['00:00:00', '23:59:59.999999', '12:30:15.5'],
  timestamp: [
    '2024-01-01 12:30:00',
    '1999-12-31 23:59:59.000001',
    '-infinity',
    '2024-06-01 00:00:00',
  ],
  timestamptz: ['2024-01-01 10:30:00+00', '2024-06-30 22:00:00+00', '2024-01-01 00:00:00+00'],
  interval: ['1 day', '-3 mons +2 days', '1 year 2 mons 3 days 04:00:00', '1 day 02:03:04'],
  uuid: ['a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
  'integer[]': ['{1,NULL,-3}', '{}', '{4,5}'],
  'varchar[]': ['{a,"b c",NULL,"NULL","q\\\\"q"}', '{"{}",[x],"",","}'],
  'decimal(10,2)[]': ['{1.50,NULL,-2.25}'],
  'bytea[]': ['{"\\\\\\\\x0102",NULL}'],
  'timestamptz[]': ['{"2024-01-01 12:30:00+00"}'],
}

describe('every type', () => {
  let connection: ClientConnection

  beforeAll(async () => {
    const { token, name, role } = await server.createClient('typist', ['CREATE ON SCHEMA public'])
    connection = await connect('psycopg', connectOptions(server, { name, role, token }))
    await connection.query(`set timezone to 'UTC'`)
  })

  afterAll(() => connection?.close())

  let tables = 0
  /** psycopg prepares a text that comes often: each table has its own. */
  const newTable = (): string => {
    tables += 1
    return `typed_${tables}`
  }

  test.each(SHARED_TYPES)('%s, in text, csv and binary', async (type, values) => {
    const typed = newTable()
    await connection.query(`create table ${typed} (id integer, v ${AS_WRITTEN[type] ?? type})`)
    try {
      const lines = [...values, '\\N'].map((value, index) => `${index}\t${value}\n`)
      await connection.copyIn(`copy ${typed} from stdin`, Buffer.from(lines.join('')))
      const back = async () =>
        String(await connection.copyOut(`copy (select v from ${typed} order by id) to stdout`))
      const expected = [...(READ_BACK[type] ?? []), '\\N', ''].join('\n')
      expect(await back()).toBe(expected)

      const all = `copy (select * from ${typed} order by id)`
      const binary = await connection.copyOut(`${all} to stdout (format binary)`)
      const csv = await connection.copyOut(`${all} to stdout (format csv)`)
      for (const [format, data] of Object.entries({ binary, csv })) {
        await connection.query(`delete from ${typed}`)
        await connection.copyIn(`copy ${typed} from stdin (format ${format})`, data)
        expect(await back()).toBe(expected)
      }
    } finally {
      await connection.query(`drop table ${typed}`)
    }
  })

  const NESTED = /STRUCT|MAP|UNION|\[\]\[|^NULL|"NULL"|VARIANT|GEOMETRY/
  /** Texts that the engine writes and cannot read, and JSON that is none. */
  const REFUSED = ['2562047788:00:54.775807', '[1,]']
  const own = ALL_TYPES.filter(({ name }) => !NESTED.test(name)).map(({ name, values }) => ({
    name,
    texts: values.map(({ text }) => text).filter((text) => !REFUSED.includes(text)),
  }))

  test.skipIf(AGAINST_POSTGRESQL).each(own)(
    'the engine’s $name comes back as it was',
    async (one) => {
      const typed = newTable()
      await connection.query(`create table ${typed} (id integer, v ${one.name})`)
      try {
        const lines = one.texts.map((text, index) => `${index}\t${escaped(text)}\n`)
        await connection.copyIn(`copy ${typed} from stdin`, Buffer.from(lines.join('')))
        const back = String(
          await connection.copyOut(`copy (select v from ${typed} order by id) to stdout`),
        )
        expect(back).toBe(one.texts.map((text) => `${escaped(text)}\n`).join(''))
      } finally {
        await connection.query(`drop table ${typed}`)
      }
    },
  )
})

function escaped(text: string): string {
  const letters: Record<string, string> = { '\n': 'n', '\t': 't', '\r': 'r', '\b': 'b', '\f': 'f' }
  return text.replaceAll(
    /[\\\n\t\r\b\f\v]/g,
    (found) => `\\${letters[found] ?? (found === '\v' ? 'v' : found)}`,
  )
}
