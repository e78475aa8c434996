/**
 * Every common type, through every stock client: sent as a parameter, read back as text and in the
 * binary format, value by value. The texts below are PostgreSQL's own.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ClientConnection } from './harness/client-connection.ts'
import type { Field } from './harness/line-format.ts'
import { connect, DRIVERS, STOCK_CLIENTS } from './harness/stock-clients.ts'
import type { StockClient } from './harness/stock-clients.ts'
import { connectOptions, startServer } from './harness/test-server.ts'
import type { ClientCredentials, TestServer } from './harness/test-server.ts'

interface TypeCase {
  readonly type: string
  readonly values: readonly string[]
  /** Floats are compared as numbers: each language writes them in its own way. */
  readonly compare?: (text: string) => unknown
}

const asDouble = (text: string): number => Number(text)
const asReal = (text: string): number => Math.fround(Number(text))

const TYPES: readonly TypeCase[] = [
  { type: 'boolean', values: ['t', 'f'] },
  { type: 'smallint', values: ['-32768', '0', '32767'] },
  { type: 'integer', values: ['-2147483648', '0', '2147483647'] },
  { type: 'bigint', values: ['-9223372036854775808', '0', '9223372036854775807'] },
  {
    type: 'real',
    values: ['-3.4028235e+38', '1e-45', '0.1', '16777217', 'Infinity', '-Infinity', 'NaN'],
    compare: asReal,
  },
  {
    type: 'double precision',
    values: ['-1.7976931348623157e+308', '5e-324', '0.1', 'Infinity', '-Infinity', 'NaN'],
    compare: asDouble,
  },
  {
    type: 'numeric(38,10)',
    values: [
      '9999999999999999999999999999.9999999999',
      '-9999999999999999999999999999.9999999999',
      '0.0000000001',
      '0.0000000000',
      '10000.0001000000',
      '-1.5000000000',
    ],
  },
  { type: 'numeric(9,2)', values: ['1234567.89', '-0.01', '0.00', '10000.00'] },
  {
    type: 'varchar',
    values: ['', 'plain', `quote ' " \\ tab\tline\nend`, 'äöü € 漢字 😀', 'NULL'],
  },
  { type: 'bytea', values: ['\\x', '\\x00ff80', '\\x5c27'] },
  { type: 'date', values: ['1900-01-01', '1970-01-01', '2024-02-29', '9999-12-31'] },
  { type: 'time', values: ['00:00:00', '12:34:56.789012', '23:59:59.999999'] },
  {
    type: 'timestamp',
    values: ['1900-01-01 00:00:00', '2024-02-29 12:34:56.789012', '9999-12-31 23:59:59.999999'],
  },
  {
    type: 'timestamptz',
    values: ['1970-01-01 00:00:00+00', '2024-07-01 12:34:56.789012+00', '1999-12-31 23:59:59+00'],
  },
  { type: 'interval', values: ['00:00:00', '1 day 02:03:04', '04:05:06.5', '3 days'] },
  {
    type: 'uuid',
    values: ['00000000-0000-0000-0000-000000000000', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
  },
  { type: 'integer[]', values: ['{}', '{1,2,3}', '{1,NULL,-2147483648}'] },
  { type: 'varchar[]', values: ['{}', '{a,b}', '{"a b",NULL,"NULL","","{","\\"","\\\\"}'] },
  { type: 'double precision[]', values: ['{0.1,NULL,-2.5}'] },
]

/** The cases with a number each, which names their column: c0, c1 …. */
const COLUMNS = TYPES.map((entry, index) => ({ ...entry, number: index, column: `c${index}` }))
const ROWS = Math.max(...TYPES.map(({ values }) => values.length))

/** Row 0 is all NULL; then each type's values in turn. */
function valuesOfRow(row: number): Field[] {
  return TYPES.map(({ values }) => (row === 0 ? null : (values[(row - 1) % values.length] ?? null)))
}

let server: TestServer
let client: ClientCredentials

beforeAll(async () => {
  server = await startServer()
  const columns = COLUMNS.map(({ column, type }) => `${column} ${type}`).join(', ')
  for (const name of DRIVERS) {
    await server.admin(`create table ${tableOf(name)} (id integer, ${columns})`)
  }
  const tables = DRIVERS.map(tableOf).join(', ')
  client = await server.createClient('typist', [`SELECT, INSERT ON TABLE ${tables}`])
})

afterAll(() => server?.stop())

function tableOf(name: StockClient): string {
  return `types_by_${name.replace('-', '_')}`
}

/** pgjdbc asks the catalogue about the types that it does not know; see the test at the end. */
const KNOWN_TO_PGJDBC = COLUMNS.filter(({ type }) => type !== 'interval')

/** What a client reads in a table, and what was written there, both comparable. */
async function readAll(
  connection: ClientConnection,
  client: StockClient,
  table: string,
): Promise<{ read: unknown[][]; written: unknown[][] }> {
  const columns = client === 'pgjdbc' ? KNOWN_TO_PGJDBC : COLUMNS
  const names = columns.map(({ column }) => column).join(', ')
  const { rows } = await connection.query(`select ${names} from ${table} order by id`)
  const comparable = (fields: readonly Field[]): unknown[] =>
    columns.map(({ compare = String }, index) => {
      const field = fields[index] ?? null
      return field === null ? null : compare(field)
    })
  const written = Array.from({ length: ROWS + 1 }, (_, row) =>
    comparable(columns.map(({ number }) => valuesOfRow(row)[number] ?? null)),
  )
  return { read: rows.map(comparable), written }
}

describe.each(DRIVERS)('%s', (name) => {
  let connection: ClientConnection

  beforeAll(async () => {
    connection = await connect(name, connectOptions(server, client))
    const placeholders = ['$1', ...TYPES.map((_, index) => `$${index + 2}`)].join(', ')
    for (let row = 0; row <= ROWS; row += 1) {
      await connection.query(`insert into ${tableOf(name)} values (${placeholders})`, [
        String(row),
        ...valuesOfRow(row),
      ])
    }
  })

  afterAll(() => connection?.close())

  test('writes every type by parameters and reads it back as text', async () => {
    const { read, written } = await readAll(connection, name, tableOf(name))
    expect(read).toEqual(written)
  })

  test('finds a row again by each of its values', async () => {
    for (const [index, { column, type, values }] of COLUMNS.entries()) {
      const value = values.at(-1) ?? null
      const { rows } = await connection.query(
        `select count(*) from ${tableOf(name)} where ${column} = $1::${type}`,
        [value],
      )
      expect({ index, type, found: Number(rows[0]?.[0]) > 0 }).toEqual({ index, type, found: true })
    }
  })
})

/** node-postgres reads most types as text alone. */
test.each(['psycopg', 'pgjdbc'] as const)('%s reads every type in binary', async (name) => {
  const connection = await connect(name, { ...connectOptions(server, client), binary: true })
  try {
    const { read, written } = await readAll(connection, name, tableOf('node-postgres'))
    expect(read).toEqual(written)
  } finally {
    await connection.close()
  }
})

test.each(STOCK_CLIENTS)('%s reads what another client wrote', async (name) => {
  const connection = await connect(name, connectOptions(server, client))
  try {
    const { read, written } = await readAll(connection, name, tableOf('psycopg'))
    expect(read).toEqual(written)
  } finally {
    await connection.close()
  }
})

/** Asked as seconds since 1970: how a driver shows a moment is another matter. */
describe('a parameter that is a moment without a zone is one of the session’s time zone', () => {
  const CASES = [
    ['Asia/Tokyo', '2024-07-01 09:00:00', '2024-07-01T00:00:00Z'],
    ['Asia/Tokyo', '2024-07-01', '2024-06-30T15:00:00Z'],
    ['Asia/Tokyo', '2024-07-01 09:00:00+00', '2024-07-01T09:00:00Z'],
    ['America/New_York', '2024-01-01 12:00', '2024-01-01T17:00:00Z'],
    // the hour that is left out, and the one that comes twice
    ['Europe/Berlin', '2024-03-31 02:30:00', '2024-03-31T01:30:00Z'],
    ['Europe/Berlin', '2024-10-27 02:30:00', '2024-10-27T01:30:00Z'],
    ['UTC', '2024-07-01 09:00:00', '2024-07-01T09:00:00Z'],
  ] as const

  test.each(DRIVERS)('%s', async (name) => {
    const connection = await connect(name, connectOptions(server, client))
    try {
      for (const [zone, sent, moment] of CASES) {
        await connection.query(`SET TIME ZONE '${zone}'`)
        const { rows } = await connection.query(
          `select cast(extract(epoch from $1::timestamptz) as bigint),
                  cast(extract(epoch from ($2::timestamptz[])[1]) as bigint)`,
          [sent, `{"${sent}"}`],
        )
        const seconds = String(Date.parse(moment) / 1000)
        expect([zone, sent, rows]).toEqual([zone, sent, [[seconds, seconds]]])
      }
    } finally {
      await connection.close()
    }
  })
})

test('a parameter of 60 MiB of control characters arrives, and the engine lives on', async () => {
  const connection = await connect('node-postgres', connectOptions(server, client))
  try {
    const long = '\x01'.repeat(60 * 2 ** 20)
    const { rows } = await connection.query('select length($1::text)', [long])
    expect(rows).toEqual([[String(long.length)]])
    expect((await connection.query('select 1')).rows).toEqual([['1']])
  } finally {
    await connection.close()
  }
})

describe('a moment, in the time zone of the session', () => {
  const moment = `select cast('2024-07-01 12:00:00+00' as timestamptz) as summer,
                         cast('2024-01-01 12:00:00+00' as timestamptz) as winter`

  test.each(STOCK_CLIENTS)('%s', async (name) => {
    const connection = await connect(name, connectOptions(server, client))
    try {
      await connection.query(`SET TIME ZONE 'Asia/Kolkata'`)
      expect((await connection.query(moment)).rows).toEqual([
        ['2024-07-01 17:30:00+05:30', '2024-01-01 17:30:00+05:30'],
      ])
      await connection.query(`SET TIME ZONE 'America/New_York'`)
      expect((await connection.query(moment)).rows).toEqual([
        ['2024-07-01 08:00:00-04', '2024-01-01 07:00:00-05'],
      ])
    } finally {
      await connection.close()
    }
  })
})

test.each(STOCK_CLIENTS)('%s reads a value of several megabytes whole', async (name) => {
  const connection = await connect(name, connectOptions(server, client))
  try {
    const { rows } = await connection.query(`select repeat('wide €', 700000) as wide`)
    expect(rows[0]?.[0] === 'wide €'.repeat(700_000)).toBe(true)
  } finally {
    await connection.close()
  }
})

test('pgjdbc reads an interval, about whose type it asks the catalogue', async () => {
  const connection = await connect('pgjdbc', connectOptions(server, client))
  try {
    const { rows } = await connection.query(`select interval '1 day 02:03:04' as span`)
    expect(rows).toEqual([['1 day 02:03:04']])
  } finally {
    await connection.close()
  }
})
