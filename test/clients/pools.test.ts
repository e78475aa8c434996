/**
 * Resource pools through stock clients: so many statements at once, the others in line; every way
 * in which a wait or a run ends; who does not wait. Bluegate alone has it.
 */
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { startBluegate } from './harness/bluegate-server.ts'
import type { BluegateServer } from './harness/bluegate-server.ts'
import { failureOf } from './harness/client-connection.ts'
import type { ClientConnection } from './harness/client-connection.ts'
import { connect } from './harness/stock-clients.ts'
import type { StockClient } from './harness/stock-clients.ts'
import { AGAINST_POSTGRESQL, connectOptions } from './harness/test-server.ts'
import type { ClientCredentials } from './harness/test-server.ts'

/** Hours, and it touches a table: what touches none does not wait behind it. */
const ENDLESS = `select count(*) from numbers a, numbers b, numbers c
  where (a.i * b.i + c.i) % 7 = 8`
const SHORT = 'select count(*) from numbers'

let server: BluegateServer
let tool: ClientCredentials
const open = new Set<{ close(): Promise<void> }>()

beforeAll(async () => {
  if (AGAINST_POSTGRESQL) return
  server = await startBluegate()
  await server.admin('create table numbers as select i::bigint as i from range(20000) r(i)')
  tool = await server.createClient('tool', ['SELECT ON TABLE numbers'])
  await server.bluegate('pool', 'create', 'single', '--concurrency', '1')
  await server.bluegate('pool', 'create', 'hasty', '--concurrency', '1', '--queue-wait', '1')
  await server.bluegate('pool', 'create', 'brief', '--run', '1')
})

afterEach(async () => {
  for (const connection of open) await connection.close()
  open.clear()
})

afterAll(() => server?.stop())

async function inPool(pool: string, name: StockClient = 'psql'): Promise<ClientConnection> {
  const connection = await connect(name, connectOptions(server, tool))
  open.add(connection)
  await connection.query(`use pool ${pool}`)
  return connection
}

/** node-postgres itself, for what the commanded drivers cannot be asked. */
async function nodePostgres(options: string): Promise<pg.Client> {
  const client = new pg.Client({
    host: server.host,
    port: server.port,
    database: 'master',
    user: tool.name,
    password: tool.token,
    ssl: { ca: readFileSync(server.caFile, 'utf8') },
    options,
  })
  client.on('error', () => undefined)
  await client.connect()
  open.add({ close: () => client.end().catch(() => undefined) })
  return client
}

async function loadIs(pool: string, running: number, waiting: number): Promise<void> {
  for (;;) {
    const pools = (await server.bluegateJson('pool', 'list')) as Record<string, unknown>[]
    const found = pools.find(({ name }) => name === pool)
    if (found?.['running'] === running && found['waiting'] === waiting) return
    await sleep(50)
  }
}

/** A session whose statement has the one place of the pool. */
async function occupy(
  pool: string,
): Promise<{ connection: ClientConnection; ended: Promise<Error> }> {
  const connection = await inPool(pool)
  const ended = failureOf(connection.query(ENDLESS))
  await loadIs(pool, 1, 0)
  return { connection, ended }
}

describe.skipIf(AGAINST_POSTGRESQL)('choosing', () => {
  test('USE [RESOURCE] POOL and SET take a pool that is there; another is refused and nothing changes', async () => {
    const connection = await connect('psql', connectOptions(server, tool))
    open.add(connection)
    for (const words of ['use resource pool SINGLE', 'set pool = single', 'use pool "single"']) {
      await connection.query(words)
      expect((await connection.query('show pool')).rows).toEqual([['single']])
      for (const wrong of ['use pool nope', 'set pool = nope']) {
        const failure = await failureOf(connection.query(wrong))
        expect([failure.sqlState, failure.message]).toEqual(['42704', 'pool "nope" does not exist'])
      }
      expect((await connection.query('show pool')).rows).toEqual([['single']])
    }
    expect((await connection.query(SHORT)).rows).toEqual([['20000']])
  })

  test('the connection option pool does the same at login', async () => {
    const client = await nodePostgres('-c pool=single')
    expect((await client.query('show pool')).rows).toEqual([{ pool: 'single' }])
    expect((await client.query(SHORT)).rowCount).toBe(1)
    await expect(nodePostgres('-c pool=nope')).rejects.toMatchObject({
      code: '42704',
      message: 'pool "nope" does not exist',
    })
  })
})

describe.skipIf(AGAINST_POSTGRESQL)('waiting', () => {
  test('a statement waits for its turn, and has it when the one before is cancelled', async () => {
    const first = await occupy('single')
    const waiting = (await inPool('single', 'node-postgres')).query(SHORT)
    await loadIs('single', 1, 1)
    await first.connection.close()
    expect((await waiting).rows).toEqual([['20000']])
    await loadIs('single', 0, 0)
  })

  test('who waits too long is told the limit and its value; with more time it gets through', async () => {
    const first = await occupy('hasty')
    const second = await inPool('hasty')
    const failure = await failureOf(second.query(SHORT))
    expect(failure.sqlState).toBe('53400')
    expect(failure.message).toContain('limit queueWaitSeconds = 1 of pool "hasty"')
    await server.bluegate('pool', 'change', 'hasty', '--queue-wait', 'none')
    const waiting = second.query(SHORT)
    await loadIs('hasty', 1, 1)
    await first.connection.close()
    expect((await waiting).rows).toEqual([['20000']])
  })

  test('a cancel, a timeout, a client that goes away and one that is cut off leave the queue', async () => {
    const first = await occupy('single')
    const cancelled = await inPool('single', 'node-postgres')
    const [late, gone] = [await inPool('single'), await inPool('single')]
    expect((await failureOf(cancelled.queryThenCancel(SHORT, 200))).sqlState).toBe('57014')
    await late.query('set statement_timeout = 200')
    expect((await failureOf(late.query(SHORT))).sqlState).toBe('57014')
    void gone.query(SHORT).catch(() => undefined)
    await loadIs('single', 1, 1)
    await gone.close()
    await loadIs('single', 1, 0)

    const leaver = await server.createClient('leaver', ['SELECT ON TABLE numbers'])
    const doomed = await connect('psql', connectOptions(server, leaver))
    open.add(doomed)
    await doomed.query('use pool single')
    const end = failureOf(doomed.query(SHORT))
    await loadIs('single', 1, 1)
    await server.bluegate('client', 'disable', 'leaver')
    expect((await end).message).toContain('disabled')
    await loadIs('single', 1, 0)
    await first.connection.close()
  })

  test('a right that is taken away ends a statement that waits, at once', async () => {
    const loser = await server.createClient('loser', ['SELECT ON TABLE numbers'])
    const first = await occupy('single')
    const connection = await connect('psql', connectOptions(server, loser))
    open.add(connection)
    await connection.query('use pool single')
    const waiting = failureOf(connection.query(SHORT))
    await loadIs('single', 1, 1)
    await server.admin(`revoke select on table numbers from ${loser.role}`)
    expect((await waiting).sqlState).toBe('42501')
    await loadIs('single', 1, 0)
    await first.connection.close()
  })

  test('more places let those in who wait; dropping the pool refuses them, not who runs', async () => {
    await server.bluegate('pool', 'create', 'changing', '--concurrency', '1')
    await occupy('changing')
    const second = (await inPool('changing')).query(SHORT)
    await loadIs('changing', 1, 1)
    await server.bluegate('pool', 'change', 'changing', '--concurrency', '2')
    expect((await second).rows).toEqual([['20000']])
    await server.bluegate('pool', 'change', 'changing', '--concurrency', '1')
    const connection = await inPool('changing')
    const third = failureOf(connection.query(SHORT))
    await loadIs('changing', 1, 1)
    await server.bluegate('pool', 'drop', 'changing')
    expect((await third).sqlState).toBe('42704')
    expect((await failureOf(connection.query(SHORT))).message).toBe(
      'pool "changing" does not exist',
    )
    await connection.query('use pool default')
    expect((await connection.query(SHORT)).rows).toEqual([['20000']])
  })
})

describe.skipIf(AGAINST_POSTGRESQL)('running', () => {
  test('a statement that runs too long is stopped with the limit and its value; a short one is not', async () => {
    const connection = await inPool('brief')
    const failure = await failureOf(connection.query(ENDLESS))
    expect(failure.sqlState).toBe('57014')
    expect(failure.message).toContain('limit runSeconds = 1 of pool "brief"')
    expect((await connection.query(SHORT)).rows).toEqual([['20000']])
  })

  test('a half-read result keeps its place, not against its own session, until it is closed', async () => {
    const reader = await inPool('single', 'pgjdbc')
    await reader.begin()
    await reader.openPortal('p', 'select i from numbers', 100)
    expect(await reader.fetch('p', 100)).toHaveLength(100)
    expect((await reader.query(SHORT)).rows).toEqual([['20000']])
    const waiting = (await inPool('single')).query(SHORT)
    await loadIs('single', 1, 1)
    await reader.closePortal('p')
    await reader.commit()
    expect((await waiting).rows).toEqual([['20000']])
    await loadIs('single', 0, 0)
  })

  test('administrators, and what touches no table, do not wait', async () => {
    await occupy('single')
    const connection = await inPool('single')
    expect((await connection.query('select count(*) > 0 from pg_class')).rows).toEqual([['t']])
    expect((await connection.query('describe numbers')).rows[0]?.[0]).toBe('i')
    await server.admin('use pool single')
    expect(await server.admin(SHORT)).toEqual([['20000']])
    const waiting = connection.query(SHORT)
    waiting.catch(() => undefined)
    await loadIs('single', 1, 1)
  })

  test('the audit tells the pool, the wait and the limit', async () => {
    const found = await server.bluegateJson('audit', '--limit', '1000', '--action', 'statement')
    const records = found as Record<string, unknown>[]
    expect(records.find(({ limit }) => limit === 'runSeconds')).toMatchObject({
      outcome: 'cancelled',
      pool: 'brief',
    })
    const late = records.find(({ limit }) => limit === 'queueWaitSeconds')
    expect(late).toMatchObject({ outcome: 'refused', pool: 'hasty' })
    expect(late?.['queuedMs']).toBeGreaterThan(900)
    expect(records.some(({ pool, queuedMs }) => pool === 'single' && queuedMs === undefined)).toBe(
      true,
    )
  })
})
