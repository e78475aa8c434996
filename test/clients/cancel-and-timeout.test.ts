/** A running statement ends by cancel and by statement_timeout, with 57014, and the session lives. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { failureOf } from './harness/client-connection.ts'
import { fieldsOf, query, statusOf } from './harness/raw-messages.ts'
import { RawConnection } from './harness/raw-connection.ts'
import { connect, STOCK_CLIENTS } from './harness/stock-clients.ts'
import { connectOptions, startServer } from './harness/test-server.ts'
import type { ClientCredentials, TestServer } from './harness/test-server.ts'

/** Two million million pairs: hours, on any engine. */
const ENDLESS = `select count(*) from generate_series(1, 1000000) as a(i),
  generate_series(1, 2000000) as b(j) where (i::bigint * j) % 7 = 8`
const CANCEL_AFTER_MS = 700

let server: TestServer
let client: ClientCredentials

beforeAll(async () => {
  server = await startServer()
  client = await server.createClient('impatient')
})

afterAll(() => server?.stop())

describe.each(STOCK_CLIENTS)('%s', (name) => {
  test('cancels a running statement and goes on', async () => {
    const connection = await connect(name, connectOptions(server, client))
    try {
      const failure = await failureOf(connection.queryThenCancel(ENDLESS, CANCEL_AFTER_MS))
      expect(failure.sqlState).toBe('57014')
      expect((await connection.query('select 41 + 1 as answer')).rows).toEqual([['42']])
    } finally {
      await connection.close()
    }
  })

  test('has a statement ended by its own statement_timeout and goes on', async () => {
    const connection = await connect(name, connectOptions(server, client))
    try {
      await connection.query('SET statement_timeout = 300')
      const failure = await failureOf(connection.query(ENDLESS))
      expect(failure.sqlState).toBe('57014')
      expect(failure.message).toContain('timeout')
      await connection.query('SET statement_timeout = 0')
      expect((await connection.query('select 41 + 1 as answer')).rows).toEqual([['42']])
    } finally {
      await connection.close()
    }
  })

  test('finds its transaction failed after a timeout in it, and a rollback mends it', async () => {
    const connection = await connect(name, connectOptions(server, client))
    try {
      await connection.query('SET statement_timeout = 300')
      await connection.begin()
      expect((await failureOf(connection.query(ENDLESS))).sqlState).toBe('57014')
      expect((await failureOf(connection.query('select 1'))).sqlState).toBe('25P02')
      await connection.rollback()
      expect((await connection.query('select 41 + 1 as answer')).rows).toEqual([['42']])
    } finally {
      await connection.close()
    }
  })
})

test('a cancel with the wrong secret, or of an idle session, cancels nothing', async () => {
  const options = connectOptions(server, client)
  const [idle, busy] = [await RawConnection.open(options), await RawConnection.open(options)]
  await idle.cancel()
  idle.send(query('select 1'))
  expect((await idle.until('Z')).some(({ type }) => type === 'E')).toBe(false)

  busy.send(query('select count(*) from generate_series(1, 30000000) as g(i) where i % 7 = 3'))
  await busy.cancel({ wrongSecret: true })
  const answer = await busy.until('Z')
  expect(answer.map(({ type }) => type)).toEqual(['T', 'D', 'C', 'Z'])
  for (const connection of [idle, busy]) connection.destroy()
})

test('a cancel in the middle of a result gives an error, never a short result', async () => {
  const connection = await RawConnection.open(connectOptions(server, client))
  connection.send(query('select i, md5(i::text) from generate_series(1, 50000000) as g(i)'))
  await connection.until('D')
  await connection.cancel()
  const rest = await connection.until('Z')
  const kinds = new Set(rest.map(({ type }) => type))
  expect(kinds.has('C')).toBe(false)
  const failure = rest.find(({ type }) => type === 'E')
  expect(failure && fieldsOf(failure)['C']).toBe('57014')
  expect(rest.slice(-1).map(statusOf)).toEqual(['I'])
  connection.destroy()
})
