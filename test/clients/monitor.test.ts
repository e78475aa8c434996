/**
 * DESCRIBE POOLS, SESSIONS, SESSION QUERIES, QUERY and LOCKS, and ABORT, through stock clients: what
 * each tells, and to whom. Bluegate alone has it.
 */
import { setTimeout as sleep } from 'node:timers/promises'
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

let server: BluegateServer
let [tool, other]: ClientCredentials[] = []
const open = new Set<ClientConnection>()

beforeAll(async () => {
  if (AGAINST_POSTGRESQL) return
  server = await startBluegate()
  await server.admin('create table numbers as select i::bigint as i from range(20000) r(i)')
  const grants = ['SELECT, INSERT ON TABLE numbers']
  tool = await server.createClient('tool', grants)
  other = await server.createClient('other', grants)
  await server.bluegate('role', 'create', 'watchers', '--cluster-admin')
  await server.bluegate('pool', 'create', 'single', '--concurrency', '1', '--run', '600')
})

afterEach(async () => {
  for (const connection of open) await connection.close()
  open.clear()
})

afterAll(() => server?.stop())

async function session(
  client: ClientCredentials | undefined,
  name: StockClient = 'psql',
): Promise<ClientConnection> {
  if (!client) throw new Error('the client was not made')
  const connection = await connect(name, connectOptions(server, client))
  open.add(connection)
  return connection
}

type Record = { readonly [column: string]: string | null }

async function records(connection: ClientConnection, sql: string): Promise<Record[]> {
  const { columns, rows } = await connection.query(sql)
  return rows.map((row) => Object.fromEntries(columns.map((name, at) => [name, row[at] ?? null])))
}

async function idOf(connection: ClientConnection): Promise<string> {
  const [own] = await records(connection, 'describe session queries')
  return String(own?.['session_id'])
}

/** A query of that session that stands so; asked by somebody who sees it. */
async function queryThatIs(asking: ClientConnection, id: string, status: string): Promise<Record> {
  for (;;) {
    const sql = `describe session queries session id '${id}' status in (${status})`
    const [found] = await records(asking, sql)
    if (found) return found
    await sleep(30)
  }
}

describe.skipIf(AGAINST_POSTGRESQL)('DESCRIBE', () => {
  test.each(['psql', 'node-postgres'] as const)('POOLS, through %s', async (name) => {
    const connection = await session(tool, name)
    const { columns, rows } = await connection.query('describe resource pools')
    expect(columns).toEqual([
      'resource_pool_name',
      'number_of_workers',
      'parallelism_policy',
      'auto_suspend',
      'auto_suspend_inactivity_period',
      'auto_resume',
      'is_default',
      'pool_id',
    ])
    expect(rows.map((row) => [row[0], row[1], row[6]])).toEqual([
      ['default', '8', 't'],
      ['single', '1', 'f'],
    ])
  })

  test('SESSIONS: the own ones; with SUPERUSER or CLUSTERADMIN all', async () => {
    const watcher = (await server.bluegateJson(
      'client',
      'create',
      'watcher',
      '--role',
      'watchers',
    )) as ClientCredentials
    const [mine, theirs] = [await session(tool), await session(other)]
    const [mineId, theirsId] = [await idOf(mine), await idOf(theirs)]
    const seen = await records(mine, 'describe sessions')
    expect(Object.keys(seen[0] ?? {})).toEqual([
      'start_time',
      'end_time',
      'database',
      'role',
      'source_ip',
      'client',
      'status',
      'rejection_reason',
      'session_id',
      'username',
      'InitiatedBy',
    ])
    expect(seen.find((record) => record['session_id'] === mineId)).toMatchObject({
      status: 'Active',
      end_time: null,
      database: 'master',
      role: tool?.role,
      username: 'tool',
      InitiatedBy: 'External',
    })
    expect(new Set(seen.map(({ username }) => username))).toEqual(new Set(['tool']))
    const admin = (await server.admin('describe sessions')).map((row) => row[8])
    expect(admin).toEqual(expect.arrayContaining([mineId, theirsId]))
    const watching = await session(watcher)
    const ofOther = await records(watching, "describe sessions user 'other'")
    expect(ofOther.map((record) => record['session_id'])).toContain(theirsId)
    expect(new Set(ofOther.map(({ username }) => username))).toEqual(new Set(['other']))
    const longAgo = "timeframe from '2020-01-01' to '2020-01-02'"
    expect(await records(watching, `describe sessions ${longAgo}`)).toEqual([])
  })

  test('SESSIONS: one that ended, and one that was rejected', async () => {
    const closing = await session(tool)
    const id = await idOf(closing)
    await closing.close()
    const connection = await session(tool)
    await server.bluegate('client', 'limit', 'tool', '--sessions', '1')
    await failureOf(session(tool))
    await server.bluegate('client', 'limit', 'tool', '--sessions', 'none')
    const seen = await records(connection, 'describe sessions')
    const closed = seen.find((record) => record['session_id'] === id)
    expect(closed).toMatchObject({ status: 'Closed' })
    expect(closed?.['end_time']).not.toBeNull()
    expect(seen.find(({ status }) => status === 'rejected')?.['rejection_reason']).toContain(
      'limit sessions = 1',
    )
  })

  test('SESSION QUERIES: how statements ended, and how far one is', async () => {
    const connection = await session(tool)
    await connection.query('select i from numbers limit 3')
    await failureOf(connection.query('select nothing from numbers'))
    await failureOf(connection.query('select 1 / (i - i) + error(i::text) from numbers'))
    const mine = await records(connection, 'describe session queries')
    expect(Object.keys(mine[0] ?? {})).toEqual([
      'query_id',
      'query_status',
      'query_type',
      'sql_text',
      'role',
      'session_id',
      'start_time',
      'end_time',
      'duration',
      'time_in_queue',
      'compilation_time',
      'execution_time',
      'total_compute_time',
      'rows_read',
      'rows produced',
      'data produced',
      'data_read_compressed',
      'data_read_uncompressed',
      'client_info',
      'query_error',
      'pool_name',
    ])
    expect(mine[0]).toMatchObject({
      query_id: '1',
      query_status: 'EXECUTION_SUCCEED',
      query_type: 'SELECT',
      sql_text: 'select i from numbers limit 3',
      'rows produced': '3',
      pool_name: 'default',
    })
    expect(mine[1]).toMatchObject({ query_status: 'COMPILATION_FAILED', pool_name: null })
    expect(mine.at(-1)).toMatchObject({ query_type: 'DESCRIBE', query_status: 'COMPILING' })

    const [busy, waiting] = [await session(tool), await session(tool)]
    const [busyId, waitingId] = [await idOf(busy), await idOf(waiting)]
    await busy.query('use pool single')
    await waiting.query('use pool single')
    void busy.query(ENDLESS).catch(() => undefined)
    await queryThatIs(connection, busyId, 'executing')
    void waiting.query('select count(*) from numbers').catch(() => undefined)
    const queued = await queryThatIs(connection, waitingId, 'queued')
    expect(queued).toMatchObject({ end_time: null, pool_name: 'single' })
    const all = await records(
      connection,
      'describe session queries all status in (executing, queued)',
    )
    expect(new Set(all.map((record) => record['query_status']))).toEqual(
      new Set(['EXECUTING', 'QUEUED']),
    )
  })

  test('SESSION QUERIES and QUERY of others are not told, not even whether there are any', async () => {
    const [mine, theirs] = [await session(tool), await session(other)]
    const id = await idOf(theirs)
    for (const sessionId of [id, 'nobody']) {
      for (const sql of [
        `describe session queries session id '${sessionId}'`,
        `describe query session id '${sessionId}' query id '1'`,
      ]) {
        const failure = await failureOf(mine.query(sql))
        expect([failure.sqlState, failure.message]).toEqual(['42704', 'there is no such session'])
      }
    }
    const all = await records(mine, 'describe session queries all')
    expect(all.some((record) => record['session_id'] === id)).toBe(false)
    expect(await server.admin(`describe session queries session id '${id}'`)).not.toEqual([])
  })

  test('QUERY', async () => {
    const connection = await session(tool)
    await connection.query('select i from numbers limit 3')
    const [query] = await records(connection, "describe query query id '1'")
    expect(query).toMatchObject({
      query_id: `${await idOf(connection)}:1`,
      node_id: '0',
      parent_id: '-1',
      node_type: 'SELECT',
      rows_produced: '3',
      status: '2',
    })
    const unknown = await failureOf(connection.query("describe query query id '99'"))
    expect(unknown.sqlState).toBe('42704')
  })

  test('LOCKS: what an open transaction has written, for SUPERUSER alone', async () => {
    const connection = await session(tool)
    await connection.begin()
    await connection.query('select count(*) from numbers')
    expect(await server.admin('describe locks')).toEqual([])
    await connection.query('insert into numbers values (-1)')
    const [lock] = await server.admin('describe locks')
    expect([lock?.[1], lock?.[4], lock?.[5], lock?.[8]]).toEqual([
      'tool',
      'master$public$numbers',
      'Inclusive',
      'insert into numbers values (-1)',
    ])
    expect((await failureOf((await session(other)).query('describe locks'))).sqlState).toBe('42501')
    await connection.rollback()
    expect(await server.admin('describe locks')).toEqual([])
  })
})

describe.skipIf(AGAINST_POSTGRESQL)('ABORT', () => {
  test('stops an own statement, one of others only with SUPERUSER; the session lives on', async () => {
    const [busy, mine, theirs] = [await session(tool), await session(tool), await session(other)]
    const id = await idOf(busy)
    const abortOf = (query: Record): string => `abort('${id}', '${query['query_id']}')`

    let ended = failureOf(busy.query(ENDLESS))
    let query = await queryThatIs(mine, id, 'executing')
    expect((await failureOf(theirs.query(abortOf(query)))).sqlState).toBe('42501')
    const nobody = await failureOf(theirs.query("abort('nobody', '1')"))
    expect(nobody.sqlState).toBe('42501')
    await mine.query(abortOf(query))
    expect((await ended).message).toContain('due to user request')

    ended = failureOf(busy.query(ENDLESS))
    query = await queryThatIs(mine, id, 'executing')
    await server.admin(abortOf(query))
    const failure = await ended
    expect([failure.sqlState, failure.message]).toEqual([
      '57014',
      'canceling statement due to administrator command',
    ])
    expect((await busy.query('select 1 + 1')).rows).toEqual([['2']])
    expect((await failureOf(mine.query(abortOf(query)))).sqlState).toBe('42704')
    const aborted = await queryThatIs(mine, id, 'aborted')
    expect(aborted['query_error']).toContain('canceling')
  })

  test('stops a statement that waits for its turn', async () => {
    const [busy, waiting, mine] = [await session(tool), await session(tool), await session(tool)]
    const [busyId, id] = [await idOf(busy), await idOf(waiting)]
    await busy.query('use pool single')
    await waiting.query('use pool single')
    void busy.query(ENDLESS).catch(() => undefined)
    await queryThatIs(mine, busyId, 'executing')
    const ended = failureOf(waiting.query('select count(*) from numbers'))
    const query = await queryThatIs(mine, id, 'queued')
    await mine.query(`abort('${id}', ${query['query_id']})`)
    expect((await ended).sqlState).toBe('57014')
  })
})
