/** The SQLSTATE and the place of each mistake, as every stock client shows them to its user. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { failureOf } from './harness/client-connection.ts'
import type { ClientConnection, ClientError } from './harness/client-connection.ts'
import { connect, DRIVERS, STOCK_CLIENTS } from './harness/stock-clients.ts'
import type { StockClient } from './harness/stock-clients.ts'
import { AGAINST_POSTGRESQL, connectOptions, startServer } from './harness/test-server.ts'
import type { ClientCredentials, TestServer } from './harness/test-server.ts'

interface Mistake {
  readonly name: string
  readonly sql: string
  readonly sqlState: string
  /** 1-based, where the server knows the place. */
  readonly position?: number
}

const MISTAKES: readonly Mistake[] = [
  { name: 'a syntax error', sql: 'select id frm readable', sqlState: '42601', position: 15 },
  {
    name: 'a syntax error on a later line, behind letters of several bytes',
    sql: "select 'äöü€' as a,\n  id\nfrm readable",
    sqlState: '42601',
    position: 30,
  },
  { name: 'an unknown table', sql: 'select * from nowhere', sqlState: '42P01', position: 15 },
  { name: 'a table of an unknown schema', sql: 'select * from no.t', sqlState: '42P01' },
  { name: 'an unknown column', sql: 'select nope from readable', sqlState: '42703', position: 8 },
  { name: 'an unknown function', sql: 'select nofunction(1)', sqlState: '42883' },
  { name: 'a right that lacks', sql: 'insert into readable values (9)', sqlState: '42501' },
  { name: 'a bad cast', sql: "select cast('seven' as integer)", sqlState: '22P02' },
  { name: 'a number out of range', sql: 'select cast(300000 as smallint)', sqlState: '22003' },
  { name: 'a date that is none', sql: "select cast('junk' as date)", sqlState: '22007' },
  { name: 'a day that is not in the month', sql: "select date '2024-02-30'", sqlState: '22008' },
  { name: 'a missing value', sql: 'insert into writable values (null)', sqlState: '23502' },
  {
    name: 'a table that is there already',
    sql: 'create table writable (i int)',
    sqlState: '42P07',
  },
  {
    name: 'a column without GROUP BY',
    sql: 'select id, count(*) from readable',
    sqlState: '42803',
  },
  {
    name: 'an ambiguous column',
    sql: 'select id from readable a, readable b',
    sqlState: '42702',
  },
]

let server: TestServer
let credentials: ClientCredentials

beforeAll(async () => {
  server = await startServer()
  await server.admin('create table readable (id integer)')
  await server.admin('insert into readable values (1)')
  await server.admin('create table writable (id integer not null)')
  await server.admin('create table hidden_pay (id integer)')
  credentials = await server.createClient('careless', [
    'SELECT ON TABLE readable',
    'SELECT, INSERT ON TABLE writable',
    'USAGE, CREATE ON SCHEMA public',
  ])
})

afterAll(() => server?.stop())

describe.each(STOCK_CLIENTS)('%s', (name) => {
  let connection: ClientConnection

  beforeAll(async () => {
    connection = await connect(name, connectOptions(server, credentials))
  })

  afterAll(() => connection?.close())

  test.each(MISTAKES)('is told of $name: $sqlState', async ({ sql, sqlState, position }) => {
    const failure = await failureOf(connection.query(sql))
    expect(failure.sqlState).toBe(sqlState)
    expect(position === undefined || failure.position).toBe(
      position === undefined || asShown(name, sql, position),
    )
    expect((await connection.query('select id from readable')).rows).toEqual([['1']])
  })

  test.skipIf(AGAINST_POSTGRESQL)(
    'cannot tell a forbidden table from one that is not there',
    async () => {
      const forbidden = await failureOf(connection.query('select * from hidden_pay'))
      const missing = await failureOf(connection.query('select * from absent_pay'))
      expect(forbidden.sqlState).toBe('42P01')
      expect(wordsOf(forbidden)).toBe(wordsOf(missing).replaceAll('absent_pay', 'hidden_pay'))
    },
  )

  test('is not given the name of a hidden table as a guess at what it meant', async () => {
    const failure = await failureOf(connection.query('select * from hidden_pai'))
    expect(`${failure.message} ${failure.hint} ${failure.detail}`).not.toContain('hidden_pay')
  })

  test.skipIf(AGAINST_POSTGRESQL)('is told by name what is not offered', async () => {
    const failure = await failureOf(connection.query('VACUUM'))
    expect(failure.sqlState).toBe('0A000')
    expect(failure.message).toContain('VACUUM')
  })
})

test.each(DRIVERS)('%s is told of a parameter that does not fit its type', async (name) => {
  const connection = await connect(name, connectOptions(server, credentials))
  try {
    const failure = await failureOf(
      connection.query('select id from readable where id = $1::integer', ['seven']),
    )
    expect(failure.sqlState).toBe('22P02')
    const { rows } = await connection.query('select id from readable where id = $1::integer', ['1'])
    expect(rows).toEqual([['1']])
  } finally {
    await connection.close()
  }
})

/** psql shows the place by a caret below the line; the others count in the whole text. */
function asShown(client: StockClient, sql: string, position: number): number {
  return client === 'psql' ? position - (sql.lastIndexOf('\n', position - 2) + 1) : position
}

/** All that a client was told, as one text. */
function wordsOf({ sqlState, message, position, hint, detail }: ClientError): string {
  return JSON.stringify({ sqlState, message, position, hint, detail })
}
