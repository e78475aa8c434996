/**
 * A client that is disabled, deleted, given a new token or stripped of a right loses what it had
 * within a second of the administrator's call: on idle and busy sessions, in a transaction, in the
 * middle of a result that it does not read, with prepared statements. The promise is the design's
 * third engine fact. Bluegate alone has it.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startBluegate } from './harness/bluegate-server.ts'
import type { BluegateServer } from './harness/bluegate-server.ts'
import { failureOf } from './harness/client-connection.ts'
import { RawConnection } from './harness/raw-connection.ts'
import { bind, execute, fieldsOf, parse, query, sync, tagOf } from './harness/raw-messages.ts'
import type { RawMessage } from './harness/raw-messages.ts'
import { connect, STOCK_CLIENTS } from './harness/stock-clients.ts'
import { AGAINST_POSTGRESQL, connectOptions } from './harness/test-server.ts'
import type { ClientCredentials } from './harness/test-server.ts'

/** One second, and one more for a busy machine. */
const PROMISE_MS = 1_000 + 1_000

const ENDLESS = `select count(*) from generate_series(1, 1000000) as a(i),
  generate_series(1, 2000000) as b(j) where (i::bigint * j) % 7 = 8`
const LONG = 'select i, md5(i::text) as h from generate_series(1, 50000000) as g(i)'

const ACTS = [
  { name: 'disable', words: ['client', 'disable'] },
  { name: 'delete', words: ['client', 'delete'] },
  { name: 'regenerate', words: ['client', 'regenerate'] },
] as const

let server: BluegateServer
let clients = 0

beforeAll(async () => {
  if (AGAINST_POSTGRESQL) return
  server = await startBluegate()
  await server.admin('create table ledger (id integer)')
  await server.admin('create table other (id integer)')
})

afterAll(() => server?.stop())

function newClient(): Promise<ClientCredentials> {
  clients += 1
  const grants = ['SELECT, INSERT ON TABLE ledger', 'SELECT ON TABLE other']
  return server.createClient(`tool${clients}`, grants)
}

const open = (client: ClientCredentials): Promise<RawConnection> =>
  RawConnection.open(connectOptions(server, client))

async function ask(connection: RawConnection, sql: string): Promise<RawMessage[]> {
  connection.send(query(sql))
  return (await connection.countUntil('Z')).messages
}

const errorsIn = (messages: readonly RawMessage[]): (string | undefined)[] =>
  messages.filter(({ type }) => type === 'E').map((message) => fieldsOf(message)['C'])

const tagsIn = (messages: readonly RawMessage[]): string[] =>
  messages.filter(({ type }) => type === 'C').map(tagOf)

async function countOf(id: number): Promise<number> {
  return Number((await server.admin(`select count(*) from ledger where id = ${id}`))[0]?.[0])
}

describe.skipIf(AGAINST_POSTGRESQL).each(ACTS)('after $name', ({ words }) => {
  const cutOff = (client: ClientCredentials): Promise<string> =>
    server.bluegate(...words, client.name)

  test('an idle session is told 57P01 and closed, without having asked', async () => {
    const client = await newClient()
    const session = await open(client)
    await cutOff(client)
    const { messages } = await session.countUntil('') // until it is closed
    expect(errorsIn(messages)).toEqual(['57P01'])
    expect(session.isClosed).toBe(true)
  })

  test('nothing of an open transaction is kept', async () => {
    const client = await newClient()
    const session = await open(client)
    await ask(session, 'BEGIN')
    expect(tagsIn(await ask(session, `insert into ledger values (${clients})`))).toHaveLength(1)
    await cutOff(client)
    session.send(query('COMMIT'))
    const { messages } = await session.countUntil('')
    expect(tagsIn(messages)).toEqual([])
    expect(await countOf(clients)).toBe(0)
  })

  test('a running statement ends with 57P01', async () => {
    const client = await newClient()
    const session = await open(client)
    session.send(query(ENDLESS))
    await sleep(300)
    await cutOff(client)
    const { messages } = await session.countUntil('')
    expect(errorsIn(messages)).toEqual(['57P01'])
    expect(tagsIn(messages)).toEqual([])
  })

  test('a result that is not being read never completes', async () => {
    const client = await newClient()
    const session = await open(client)
    session.send(query(LONG))
    await session.until('D')
    session.stopReading()
    await sleep(500)
    await cutOff(client)
    await sleep(PROMISE_MS)
    session.startReading()
    const { rows, messages } = await session.countUntil('')
    expect(tagsIn(messages)).toEqual([])
    expect(rows).toBeLessThan(5_000_000) // what the buffers of both ends held, at most
  })

  test('a prepared statement is not run again', async () => {
    const client = await newClient()
    const session = await open(client)
    session.send(parse('s', 'select count(*) from ledger'), sync())
    await session.until('Z')
    session.send(bind('', 's'), execute('', 0), sync())
    expect(tagsIn(await session.until('Z'))).toEqual(['SELECT 1'])
    await cutOff(client)
    session.send(bind('', 's'), execute('', 0), sync())
    const { rows, messages } = await session.countUntil('')
    expect({ rows, tags: tagsIn(messages) }).toEqual({ rows: 0, tags: [] })
  })

  test('no new login succeeds, and nobody else is touched', async () => {
    const [client, neighbour] = [await newClient(), await newClient()]
    const session = await open(neighbour)
    await cutOff(client)
    await expect(open(client)).rejects.toThrow(/login refused/)
    expect(tagsIn(await ask(session, 'select 1'))).toEqual(['SELECT 1'])
    session.destroy()
  })

  test('no statement is accepted later than a second behind the call', async () => {
    const client = await newClient()
    const session = await open(client)
    let lastAcceptedAt = 0
    let cutOffAt = Number.POSITIVE_INFINITY
    const cut = sleep(200)
      .then(() => cutOff(client))
      .then(() => (cutOffAt = Date.now()))
    for (;;) {
      const tags = tagsIn(await ask(session, `insert into ledger values (${clients})`))
      if (tags.length === 0) break
      lastAcceptedAt = Date.now()
    }
    await cut
    expect(lastAcceptedAt).toBeGreaterThan(0)
    expect(lastAcceptedAt).toBeLessThan(cutOffAt + PROMISE_MS)
    const kept = await countOf(clients)
    await sleep(PROMISE_MS)
    expect(await countOf(clients)).toBe(kept)
  })
})

describe.skipIf(AGAINST_POSTGRESQL)('a stock client whose Client is disabled', () => {
  test.each(STOCK_CLIENTS)('%s is told so by its next statement, and may return', async (name) => {
    const client = await newClient()
    const connection = await connect(name, connectOptions(server, client))
    try {
      await connection.query('select 1')
      await server.bluegate('client', 'disable', client.name)
      await sleep(PROMISE_MS)
      const failure = await failureOf(connection.query('select 1'))
      expect(failure.sqlState).toBe('57P01')
      expect(failure.message).toContain('disabled')
    } finally {
      await connection.close()
    }
    await server.bluegate('client', 'enable', client.name)
    const again = await connect(name, connectOptions(server, client))
    expect((await again.query('select 1')).rows).toEqual([['1']])
    await again.close()
  })
})

describe.skipIf(AGAINST_POSTGRESQL)('regenerate with a grace period', () => {
  async function regenerate(client: ClientCredentials, grace: string): Promise<ClientCredentials> {
    const words = ['client', 'regenerate', client.name, '--grace', grace]
    const { token } = (await server.bluegateJson(...words)) as { token: string }
    expect(token).not.toBe(client.token)
    return { ...client, token }
  }

  const answers = async (client: ClientCredentials): Promise<boolean> => {
    const session = await open(client)
    const tags = tagsIn(await ask(session, 'select 1'))
    session.destroy()
    return tags.length === 1
  }

  test('lets both tokens in, and leaves open sessions alone', async () => {
    const before = await newClient()
    const session = await open(before)
    const after = await regenerate(before, '1h')
    expect(await answers(before)).toBe(true)
    expect(await answers(after)).toBe(true)
    expect(tagsIn(await ask(session, 'select 1'))).toEqual(['SELECT 1'])
    session.destroy()
  })

  test('ends the old token and its sessions with the period', async () => {
    const before = await newClient()
    const [old, fresh] = [await open(before), await open(await regenerate(before, '3s'))]
    expect(tagsIn(await ask(old, 'select 1'))).toEqual(['SELECT 1'])
    const { messages } = await old.countUntil('')
    expect(errorsIn(messages)).toEqual(['57P01'])
    await expect(open(before)).rejects.toThrow(/login refused/)
    expect(tagsIn(await ask(fresh, 'select 1'))).toEqual(['SELECT 1'])
    fresh.destroy()
  })

  test('a second one without grace ends every token before it', async () => {
    const first = await newClient()
    const second = await regenerate(first, '1h')
    const third = await regenerate(second, '0s')
    await expect(open(first)).rejects.toThrow(/login refused/)
    await expect(open(second)).rejects.toThrow(/login refused/)
    expect(await answers(third)).toBe(true)
  })
})

describe.skipIf(AGAINST_POSTGRESQL)('after REVOKE', () => {
  const revoke = async (client: ClientCredentials): Promise<void> => {
    await server.bluegate('sql', '-c', `REVOKE SELECT, INSERT ON TABLE ledger FROM ${client.role}`)
  }

  test('an open session is refused the table, prepared statements too, and keeps the rest', async () => {
    const client = await newClient()
    const session = await open(client)
    session.send(parse('s', 'select count(*) from ledger'), sync())
    await session.until('Z')
    expect(errorsIn(await ask(session, 'select * from ledger'))).toEqual([])
    await revoke(client)
    expect(errorsIn(await ask(session, 'select * from ledger'))).toEqual(['42P01'])
    session.send(bind('', 's'), execute('', 0), sync())
    expect(errorsIn(await session.until('Z'))).toEqual(['42P01'])
    expect(errorsIn(await ask(session, 'select * from other'))).toEqual([])
    session.destroy()
  })

  test('a computation that has given nothing yet ends', async () => {
    const client = await newClient()
    const session = await open(client)
    session.send(query(`${ENDLESS} and i not in (select id from ledger where id < 0)`))
    await sleep(500)
    await revoke(client)
    const messages = await session.until('Z')
    expect(errorsIn(messages)).toHaveLength(1)
    expect(tagsIn(messages)).toEqual([])
    session.destroy()
  })

  test('a transaction that has used the right does not commit', async () => {
    const client = await newClient()
    const session = await open(client)
    await ask(session, 'BEGIN')
    await ask(session, `insert into ledger values (${clients})`)
    await revoke(client)
    const commit = await ask(session, 'COMMIT')
    expect(tagsIn(commit)).not.toEqual(['COMMIT'])
    expect(await countOf(clients)).toBe(0)
    session.destroy()
  })

  test('a statement without a first row yet ends as well', async () => {
    const client = await newClient()
    const session = await open(client)
    session.send(query(`select max(h || i) from (${LONG}) where i not in (select id from ledger)`))
    await sleep(500)
    await revoke(client)
    expect(errorsIn(await session.until('Z'))).toEqual(['42501'])
    session.destroy()
  })

  test('a result of the table that is not being read never completes', async () => {
    const client = await newClient()
    const session = await open(client)
    session.send(query(`${LONG} where i not in (select id from ledger where id < 0)`))
    await session.until('D')
    session.stopReading()
    await sleep(500)
    await revoke(client)
    await sleep(PROMISE_MS)
    session.startReading()
    const { rows, messages } = await session.countUntil('Z')
    expect(tagsIn(messages)).toEqual([])
    expect(errorsIn(messages)).toHaveLength(1)
    expect(rows).toBeLessThan(5_000_000)
    session.destroy()
  })
})
