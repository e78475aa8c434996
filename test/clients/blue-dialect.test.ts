/**
 * The dialect `blue` through the stock connector, in which it is the session's own; and through
 * PostgreSQL's drivers, which ask for it by a setting.
 */
import pg from 'pg'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BLUE_FUNCTIONS } from '../../src/sql/blue/calls.ts'
import { EXPRESSIONS, REFUSED, UNCHANGED } from '../../src/sql/blue/examples.ts'
import type { Example } from '../../src/sql/blue/blue-function.ts'
import { BlueConnector } from './harness/blue-connector.ts'
import { startBluegate } from './harness/bluegate-server.ts'
import type { BluegateServer } from './harness/bluegate-server.ts'
import { connectOptions } from './harness/test-server.ts'
import type { ClientCredentials } from './harness/test-server.ts'

let server: BluegateServer
let client: ClientCredentials
let blue: BlueConnector

beforeAll(async () => {
  server = await startBluegate()
  await server.admin('CREATE TABLE hidden (canary VARCHAR)')
  client = await server.createClient('notebook', ['CREATE ON SCHEMA public'])
  blue = await BlueConnector.connect(server, { access_token: client.token })
  await blue.execute('create table t (a int, b text(5), c float, l int[3])')
  await blue.execute(
    `insert into t values (7, 'one', 1.5, array[1, 2]), (null, 'two ', 2., array[]), (3, null, null, null)`,
  )
})
afterAll(async () => {
  await blue?.close()
  await server?.stop()
})

async function valueOf({ expression, gives }: Example): Promise<void> {
  expect(await blue.rowsOf(`select cast(${expression} as text)`)).toEqual([[gives]])
}

describe.each([...BLUE_FUNCTIONS, ...EXPRESSIONS])('$written', ({ examples }) => {
  test.each(examples)('$expression', valueOf)
})

test.each(UNCHANGED)('as in the engine: $expression', valueOf)

test.each(REFUSED)('refused: $statement', async ({ statement }) => {
  await expect(blue.execute(statement)).rejects.toThrow(/is not supported/)
})

describe('over the stock connector', () => {
  test('queries', async () => {
    expect(await blue.rowsOf('select top 2 a from t order by a')).toEqual([[null], ['3']])
    expect(await blue.rowsOf('select top 1 a from t order by a desc')).toEqual([['7']])
    expect(await blue.rowsOf('select a / 2, len(b), l[0] from t where c > 1.7')).toEqual([
      [null, '3', null],
    ])
    expect(await blue.rowsOf(`select b from t where b like '[a-o]%' or b rlike 'tw'`)).toEqual([
      ['one'],
      ['two '],
    ])
    expect(await blue.rowsOf('select count(*) from t x inner merge join t y on x.a = y.a')).toEqual(
      [['2']],
    )
  })

  test('columns are named as BLUE names them, and have its types', async () => {
    await blue.execute(
      `select getdate(), getdate(), len(b), a || b, a, a / 2 x, cast(a as tinyint) y from t`,
    )
    const description = await blue.description()
    expect(description.map(([name]) => name)).toEqual([
      'getdate',
      'getdate0',
      'len',
      '?column?',
      'a',
      'x',
      'y',
    ])
    await blue.fetchall()
  })

  test('what does not fit a column is an error', async () => {
    await expect(blue.execute(`insert into t (b) values ('longer')`)).rejects.toThrow(/CHECK/)
    await expect(blue.execute(`insert into t (l) values (array[1, 2, 3, 4])`)).rejects.toThrow(
      /CHECK/,
    )
    await expect(
      blue.execute(`select cast(b as text(2)) from t`).then(() => blue.fetchall()),
    ).rejects.toThrow(/value too long for type TEXT\(2\)/)
  })

  test('the setting is shown, and can be changed and given back', async () => {
    expect(await blue.rowsOf('show dialect')).toEqual([['blue']])
    await blue.execute(`set dialect = 'postgres'`)
    expect(await blue.rowsOf('select log(100)')).toEqual([['2']])
    await blue.execute('reset dialect')
    expect(await blue.rowsOf('show dialect')).toEqual([['blue']])
    expect(await blue.rowsOf('select round(log(100), 3)')).toEqual([['4.605']])
  })

  test('the record has what the client wrote', async () => {
    const text = `select top 1 len(b) /* as written */ from t`
    await blue.rowsOf(text)
    await expect(blue.execute('select top 1 len(canary) from hidden')).rejects.toThrow(
      /does not exist/,
    )
    const all = JSON.stringify(await server.bluegateJson('audit', '--limit', '20'))
    expect(all).toContain(text)
    expect(all).toContain('select top 1 len(canary) from hidden')
    expect(all).not.toContain('rtrim(canary')
  })
})

describe('over the PostgreSQL protocol', () => {
  async function asPg<T>(
    options: string | undefined,
    work: (session: pg.Client) => Promise<T>,
  ): Promise<T> {
    const { host, port, user, password, database } = connectOptions(server, client)
    const session = new pg.Client({
      host,
      port,
      user,
      password,
      database,
      ssl: { ca: readFileSync(server.caFile, 'utf8') },
      ...(options !== undefined && { options }),
    })
    await session.connect()
    try {
      return await work(session)
    } finally {
      await session.end()
    }
  }
  const firstOf = async (session: pg.Client, sql: string, values?: unknown[]) =>
    Object.values((await session.query<Record<string, unknown>>(sql, values)).rows[0] ?? {})[0]

  test('it is asked for at login or by SET, and is not there otherwise', async () => {
    await asPg(undefined, async (session) => {
      expect(await firstOf(session, 'SHOW dialect')).toBe('postgres')
      await expect(session.query('SELECT TOP 1 a FROM t')).rejects.toMatchObject({ code: '42601' })
      await session.query(`SET dialect = 'blue'`)
      expect(await firstOf(session, 'SELECT TOP 1 a FROM t ORDER BY a DESC')).toBe(7)
      await session.query('BEGIN')
      await session.query('SET LOCAL dialect = postgres')
      expect(await firstOf(session, 'SELECT LOG(100)')).toBe(2)
      await session.query('COMMIT')
      expect(await firstOf(session, 'SELECT ROUND(LOG(100), 3)')).toBe(4.605)
      await expect(session.query(`SET dialect = 'oracle'`)).rejects.toMatchObject({ code: '22023' })
    })
    await asPg('-c dialect=blue', async (session) => {
      expect(await firstOf(session, 'SHOW dialect')).toBe('blue')
      expect(await firstOf(session, 'SELECT 7 / 2')).toBe(3)
    })
  })

  test('parameters keep their numbers', async () => {
    await asPg('-c dialect=blue', async (session) => {
      const sql = 'SELECT TOP $1 a / $2 AS half FROM t WHERE LEN(b) = $3 ORDER BY a DESC'
      expect(await firstOf(session, sql, [1, 2, 3])).toBe('3')
      expect(await firstOf(session, `SELECT ISNULL($1::text, 'none')`, [null])).toBe('none')
    })
  })

  test('PREPARE keeps the meaning that it was written in', async () => {
    await asPg('-c dialect=blue', async (session) => {
      await session.query('PREPARE half AS SELECT LOG(1) + $1 / 2 AS h, 1.5 AS x')
      await session.query('SET dialect = postgres')
      expect(await firstOf(session, 'EXECUTE half (7)')).toBe(3)
    })
  })

  test.each([
    ['SELECT TOP 3 LEN(b), nothing FROM t', '42703', 22],
    [`SELECT '💡', DATEADD(day, 1, a), b FROM nowhere`, '42P01', 40],
    [`SELECT LEN('x') + 1.5 frm t`, '42601', 27],
    ['SELECT 1; SELECT DATEDIFF(week, a, b) FROM t', '0A000', 27],
    ['SELECT LEN(nothing) FROM t', '42703', 12],
  ])('%s: the place of the mistake is in what was sent', async (sql, code, position) => {
    await asPg('-c dialect=blue', async (session) => {
      await expect(session.query(sql)).rejects.toMatchObject({ code, position: String(position) })
    })
  })
})
