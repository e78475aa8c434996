/**
 * A client's budgets through stock clients: what exceeds a limit is refused with its name and value
 * and on record; what does not, is not; a change holds at the next statement of an open session.
 * Bluegate alone has it.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { startBluegate } from './harness/bluegate-server.ts'
import type { BluegateServer } from './harness/bluegate-server.ts'
import { failureOf } from './harness/client-connection.ts'
import type { ClientConnection } from './harness/client-connection.ts'
import { connect } from './harness/stock-clients.ts'
import type { StockClient } from './harness/stock-clients.ts'
import { AGAINST_POSTGRESQL, connectOptions } from './harness/test-server.ts'
import type { ClientCredentials } from './harness/test-server.ts'

const ENDLESS = `select count(*) from numbers a, numbers b, numbers c
  where (a.i * b.i + c.i) % 7 = 8`
const rows = (count: number): string => `select i from numbers order by i limit ${count}`

let server: BluegateServer
let clients = 0
let tool: ClientCredentials
const open = new Set<ClientConnection>()

beforeAll(async () => {
  if (AGAINST_POSTGRESQL) return
  server = await startBluegate()
  await server.admin('create table numbers as select i::bigint as i from range(20000) r(i)')
})

afterEach(async () => {
  for (const connection of open) await connection.close()
  open.clear()
})

afterAll(() => server?.stop())

/** A client of its own for each test: what an hour has used up stays used. */
async function newTool(...limits: string[]): Promise<void> {
  clients += 1
  tool = await server.createClient(`tool${clients}`, ['SELECT, INSERT ON TABLE numbers'])
  if (limits.length > 0) await limit(...limits)
}

function limit(...limits: string[]): Promise<string> {
  return server.bluegate('client', 'limit', tool.name, ...limits)
}

async function session(name: StockClient = 'psql'): Promise<ClientConnection> {
  const connection = await connect(name, connectOptions(server, tool))
  open.add(connection)
  return connection
}

async function refusalIn(connection: ClientConnection, sql: string): Promise<[unknown, string]> {
  const { sqlState, message } = await failureOf(connection.query(sql))
  return [sqlState, message.replace(/^.*: limit /, '')]
}

const countIn = async (connection: ClientConnection, sql: string): Promise<number> =>
  (await connection.query(sql)).rows.length

describe.skipIf(AGAINST_POSTGRESQL)('a limit on', () => {
  test('sessions', async () => {
    await newTool('--sessions', '2')
    const first = await session()
    await session('node-postgres')
    const refused = await failureOf(session())
    expect(refused.message).toContain(`limit sessions = 2 of client "${tool.name}"`)
    const driver = await failureOf(session('node-postgres'))
    expect(driver.sqlState).toBe('53300')
    await first.close()
    expect(await countIn(await retried(session), rows(3))).toBe(3)
  })

  test.each(['psql', 'node-postgres'] as const)('rows and bytes, through %s', async (name) => {
    await newTool('--rows-per-statement', '5000')
    const connection = await session(name)
    expect(await countIn(connection, rows(5000))).toBe(5000)
    expect(await refusalIn(connection, rows(5001))).toEqual([
      '54000',
      `rowsPerStatement = 5000 of client "${tool.name}"`,
    ])
    await limit('--rows-per-statement', 'none', '--bytes-per-statement', '1000')
    expect(await countIn(connection, rows(10))).toBe(10)
    expect((await refusalIn(connection, rows(1000)))[1]).toContain('bytesPerStatement = 1000')
    await limit('--bytes-per-statement', 'none')
    expect(await countIn(connection, rows(20000))).toBe(20000)
  })

  test('rows, in a result that is read in pages: the pages before are whole', async () => {
    await newTool('--rows-per-statement', '250')
    const connection = await session('pgjdbc')
    await connection.begin()
    await connection.openPortal('p', 'select i from numbers order by i', 100)
    expect(await connection.fetch('p', 100)).toHaveLength(100)
    expect(await connection.fetch('p', 100)).toHaveLength(100)
    expect((await failureOf(connection.fetch('p', 100))).sqlState).toBe('54000')
  })

  test('seconds', async () => {
    await newTool('--seconds-per-statement', '1')
    const connection = await session()
    expect(await refusalIn(connection, ENDLESS)).toEqual([
      '57014',
      `secondsPerStatement = 1 of client "${tool.name}"`,
    ])
    expect(await countIn(connection, rows(3))).toBe(3)
  })

  test('statements at once', async () => {
    await newTool('--statements', '1')
    const [busy, other] = [await session('pgjdbc'), await session()]
    await busy.begin()
    await busy.openPortal('p', 'select i from numbers', 10)
    expect(await busy.fetch('p', 10)).toHaveLength(10)
    expect(await refusalIn(other, rows(1))).toEqual([
      '53400',
      `statements = 1 of client "${tool.name}"`,
    ])
    await busy.closePortal('p')
    await busy.rollback()
    expect(await countIn(other, rows(1))).toBe(1)
  })

  test.each([
    ['--statements-per-hour', 'statementsPerHour', '53400'],
    ['--rows-per-hour', 'rowsPerHour', '54000'],
  ])('%s', async (flag, name, state) => {
    await newTool()
    const connection = await session()
    await countIn(connection, rows(3))
    await limit(flag, '4')
    for (let used = 1; used < 4; used += 1) {
      if (name === 'rowsPerHour' && used > 1) break
      expect(await countIn(connection, rows(1))).toBe(1)
    }
    expect((await failureOf(connection.query(rows(2)))).sqlState).toBe(
      name === 'rowsPerHour' ? '53400' : state,
    )
    await limit(flag, '1000')
    expect(await countIn(connection, rows(2))).toBe(2)
  })

  test('bytes and seconds of an hour', async () => {
    await newTool('--bytes-per-hour', '2000')
    const connection = await session()
    expect(await countIn(connection, rows(10))).toBe(10)
    expect((await refusalIn(connection, rows(1000)))[0]).toBe('54000')
    expect((await refusalIn(connection, rows(1)))[0]).toBe('53400')
    await limit('--bytes-per-hour', 'none', '--seconds-per-hour', '1')
    expect(await refusalIn(connection, ENDLESS)).toEqual([
      '57014',
      `secondsPerHour = 1 of client "${tool.name}"`,
    ])
    expect((await refusalIn(connection, rows(1)))[0]).toBe('53400')
    await limit('--seconds-per-hour', 'none')
    expect(await countIn(connection, rows(1))).toBe(1)
  })

  test('hours', async () => {
    await newTool('--hours', `${dayFromNow(0)},${dayFromNow(1)} 00:00-24:00 UTC`)
    const connection = await session()
    expect(await countIn(connection, rows(1))).toBe(1)
    const elsewhen = `${dayFromNow(3)} 00:00-24:00 UTC`
    await limit('--hours', elsewhen)
    for (const sql of [rows(1), 'show pool', 'begin']) {
      expect(await refusalIn(connection, sql)).toEqual([
        '53400',
        `hours = ${elsewhen} of client "${tool.name}"`,
      ])
    }
    expect((await failureOf(session('node-postgres'))).sqlState).toBe('53400')
    await limit('--hours', 'none')
    expect(await countIn(connection, rows(1))).toBe(1)
    await session('node-postgres')
  })
})

test.skipIf(AGAINST_POSTGRESQL)('a write whose RETURNING exceeds a limit is undone', async () => {
  await newTool('--rows-per-statement', '2')
  const connection = await session()
  const insert = (count: number): string =>
    `insert into numbers select -1 from range(${count}) r(i) returning i`
  expect((await failureOf(connection.query(insert(3)))).sqlState).toBe('54000')
  expect(await countIn(connection, insert(2))).toBe(2)
  expect(await server.admin('select count(*) from numbers where i = -1')).toEqual([['2']])
  await server.admin('delete from numbers where i = -1')
})

test.skipIf(AGAINST_POSTGRESQL)('every refusal is on record with its limit', async () => {
  const records = (await server.bluegateJson('audit', '--limit', '1000')) as {
    action: string
    limit?: string
    outcome: string
  }[]
  const limits = new Set(
    records
      .filter(({ action }) => action === 'statement' || action === 'login_refused')
      .map((record) => `${record.limit} ${record.outcome}`),
  )
  for (const refused of [
    'sessions refused',
    'statements refused',
    'rowsPerStatement refused',
    'bytesPerStatement refused',
    'secondsPerStatement cancelled',
    'statementsPerHour refused',
    'rowsPerHour refused',
    'bytesPerHour refused',
    'secondsPerHour cancelled',
    'hours refused',
  ]) {
    expect([...limits]).toContain(refused)
  }
})

/** In UTC; a test that runs over midnight is right as well. */
function dayFromNow(days: number): string {
  const day = new Date(Date.now() + days * 86_400_000).getUTCDay()
  return ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'][day] ?? ''
}

/** A session that was closed is gone a moment later. */
async function retried<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work()
    } catch (error) {
      if (attempt === 50) throw error
    }
  }
}
