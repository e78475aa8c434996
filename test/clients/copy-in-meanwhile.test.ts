/**
 * What happens to a COPY … FROM STDIN while it lasts: rights that go, definitions that come, a client
 * that is cut off; and what the audit has of it. Bluegate alone has it.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startBluegate } from './harness/bluegate-server.ts'
import type { BluegateServer } from './harness/bluegate-server.ts'
import { RawConnection } from './harness/raw-connection.ts'
import { copyData, copyDone, fieldsOf, query, tagOf } from './harness/raw-messages.ts'
import { AGAINST_POSTGRESQL, connectOptions } from './harness/test-server.ts'
import type { ClientCredentials } from './harness/test-server.ts'

/** More than a batch, so that some of it is stored already. */
const MANY = Array.from({ length: 20_000 }, (_, index) => `${index}\n`).join('')

let server: BluegateServer
let client: ClientCredentials
let raw: RawConnection
let clients = 0

beforeAll(async () => {
  if (AGAINST_POSTGRESQL) return
  server = await startBluegate()
  await server.admin('create table ledger (id integer)')
})

afterAll(() => server?.stop())

beforeEach(async () => {
  if (AGAINST_POSTGRESQL) return
  clients += 1
  client = await server.createClient(`copier${clients}`, ['INSERT ON TABLE ledger'])
  raw = await RawConnection.open(connectOptions(server, client))
})

afterEach(async () => {
  raw?.destroy()
  await server?.admin('truncate ledger')
})

async function begin(): Promise<void> {
  raw.send(query('copy ledger from stdin'))
  await raw.until('G')
  raw.send(copyData(MANY))
}

async function finish(): Promise<string | undefined> {
  raw.send(copyDone())
  const messages = await raw.until('Z')
  const error = messages.find(({ type }) => type === 'E')
  if (error) return fieldsOf(error)['C']
  const tag = messages.find(({ type }) => type === 'C')
  return tag && tagOf(tag)
}

const count = async (): Promise<string | null | undefined> =>
  (await server.admin('select count(*) from ledger'))[0]?.[0]

describe.skipIf(AGAINST_POSTGRESQL)('while it lasts', () => {
  test('others may define what they like', async () => {
    await begin()
    await server.admin(`create table other_${clients} (id integer)`)
    raw.send(copyData(MANY))
    await server.admin(`drop table other_${clients}`)
    expect(await finish()).toBe('COPY 40000')
    expect(await count()).toBe('40000')
  })

  test('its own table may go: nothing is stored, and nothing is said to be', async () => {
    await server.admin('create table short_lived (id integer)')
    await server.admin(`grant insert on table short_lived to ${client.role}`)
    raw.send(query('copy short_lived from stdin'))
    await raw.until('G')
    raw.send(copyData(MANY))
    await server.admin('drop table short_lived')
    expect(await finish()).not.toMatch(/COPY/)
  })

  test('the right to insert is taken away: it ends at once', async () => {
    await begin()
    await server.admin(`revoke insert on table ledger from ${client.role}`)
    const error = (await raw.until('Z')).find(({ type }) => type === 'E')
    expect(error && fieldsOf(error)).toMatchObject({
      C: '42501',
      M: "INSERT on 'master.public.ledger' was revoked meanwhile",
    })
    expect(await count()).toBe('0')
  })

  test('its client is disabled: the connection ends at once', async () => {
    await begin()
    await server.bluegate('client', 'disable', client.name)
    const last = (await raw.until('#')).find(({ type }) => type === 'E')
    expect(last && fieldsOf(last)).toMatchObject({ S: 'FATAL', C: '57P01' })
    expect(await count()).toBe('0')
  })
})

describe.skipIf(AGAINST_POSTGRESQL)('on record', () => {
  const recordsOf = async (): Promise<Record<string, unknown>[]> => {
    const words = ['audit', '--user', client.name, '--action', 'statement']
    const records = (await server.bluegateJson(...words)) as Record<string, unknown>[]
    return records.filter(({ details }) => String(details).startsWith('copy ledger'))
  }

  test('once, with its rows and bytes and what it needed', async () => {
    await begin()
    expect(await finish()).toBe('COPY 20000')
    expect(await recordsOf()).toEqual([
      expect.objectContaining({
        category: 'INSERT',
        outcome: 'succeeded',
        rows: 20_000,
        bytes: MANY.length,
        objects: expect.arrayContaining(['INSERT on master.public.ledger']) as unknown,
      }),
    ])
  })

  test('a value that is wrong is not on record, its place is told to the client alone', async () => {
    raw.send(query('copy ledger from stdin'))
    await raw.until('G')
    raw.send(copyData('canary\n'))
    const error = (await raw.until('Z')).find(({ type }) => type === 'E')
    expect(error && fieldsOf(error)['W']).toBe('COPY ledger, line 1, column id: "canary"')
    const records = await recordsOf()
    expect(records).toEqual([expect.objectContaining({ outcome: 'failed' })])
    expect(JSON.stringify(records)).not.toContain('canary')
  })
})
