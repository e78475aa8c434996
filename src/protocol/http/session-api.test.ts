import { beforeEach, expect, test } from 'vitest'
import type { StatementRecord } from '../../execution/statement-record.ts'
import type { LiveSession } from '../../execution/live-session.ts'
import { openSessionSettings } from '../../session/open-session-settings.ts'
import { Session } from '../../session/session.ts'
import { apiForTests } from './api-for-tests.ts'
import type { ApiForTests } from './api-for-tests.ts'

let api: ApiForTests
let cancelled: number[]

beforeEach(async () => {
  api = await apiForTests()
  cancelled = []
  await api.call('POST', '/roles', { name: 'reader', login: true })
  for (const name of ['bi', 'etl']) await api.call('POST', '/clients', { name, role: 'reader' })
})

const RECORD: Omit<StatementRecord, 'text' | 'startedAt'> = {
  queryId: 3,
  status: 'FETCHING_RESULTS',
  category: 'SELECT',
  roleName: 'readers',
  endedAt: undefined,
  durationMs: 5,
  queuedMs: 0,
  compilationMs: 1,
  executionMs: 4,
  rows: 12,
  bytes: 120,
  tool: 'test',
  error: undefined,
  pool: 'default',
  locks: [],
}

function open(id: string, name: string, second: number, statement = 'select 1'): LiveSession {
  const { identity, execution } = api.parts
  const client = identity.findClient(name)
  if (!client) throw new Error(`there is no client ${name}`)
  const { id: clientId, roleId, token } = client
  const { settings } = openSessionSettings({ user: name })
  settings.startIn('master')
  const session = new Session({
    id,
    principal: { kind: 'client', clientId, clientName: name, tokenId: token.id, roleId },
    origin: {
      door: 'postgres',
      address: '10.0.0.7',
      tool: `tool of ${name}`,
      tlsVersion: 'TLSv1.3',
    },
    settings,
    startedAt: new Date(Date.UTC(2030, 0, 1, 0, 0, second)),
  })
  const startedAt = new Date('2030-01-01T01:00:00Z')
  const live: LiveSession = {
    session,
    recheck: () => undefined,
    close: () => Promise.resolve(),
    busy: true,
    statements: [{ ...RECORD, text: statement, startedAt }],
    locks: [],
    cancel: (queryId) => {
      if (queryId !== 3) return false
      cancelled.push(queryId)
      return true
    },
  }
  execution.sessions.add(live)
  return live
}

test('sessions of every door are listed, oldest first, with what runs in them', async () => {
  open('s2', 'etl', 2)
  open('s1', 'bi', 1)
  const { body } = await api.call('GET', '/sessions?limit=1')
  expect(body).toEqual({
    items: [
      {
        id: 's1',
        principalKind: 'client',
        name: 'bi',
        role: 'reader',
        door: 'postgres',
        address: '10.0.0.7',
        tool: 'tool of bi',
        tlsVersion: 'TLSv1.3',
        database: 'master',
        startedAt: '2030-01-01T00:00:01.000Z',
        busy: true,
        transactionStatus: 'idle',
        statements: [
          {
            queryId: 3,
            status: 'FETCHING_RESULTS',
            text: 'select 1',
            startedAt: '2030-01-01T01:00:00.000Z',
            rows: 12,
            pool: 'default',
          },
        ],
      },
    ],
    total: 2,
    next: expect.any(String),
  })
  const rest = (await api.call('GET', `/sessions?after=${body.next}`)).body
  expect(rest).toMatchObject({ items: [{ id: 's2' }], next: null })
  const found = (await api.call('GET', '/sessions?search=OF%20ETL')).body
  expect(found.items.map((one: { id: string }) => one.id)).toEqual(['s2'])
})

test('a very long statement is cut in the list', async () => {
  open('s1', 'bi', 1, `select '${'x'.repeat(100_000)}'`)
  const [session] = (await api.call('GET', '/sessions')).body.items
  expect(session.statements[0].text).toMatch(/^select 'x+…$/)
  expect(session.statements[0].text.length).toBeLessThan(3_000)
})

test('open sessions show at their client and in its impact', async () => {
  open('s1', 'bi', 1)
  expect((await api.call('GET', '/clients/bi')).body.openSessions).toBe(1)
  expect((await api.call('GET', '/clients/etl')).body.openSessions).toBe(0)
  expect((await api.call('GET', '/clients/bi/impact')).body.openSessions).toEqual([
    {
      id: 's1',
      tool: 'tool of bi',
      address: '10.0.0.7',
      startedAt: '2030-01-01T00:00:01.000Z',
      door: 'postgres',
    },
  ])
})

test('ending a session is told to it as PostgreSQL does, and is on record', async () => {
  const { session } = open('s1', 'bi', 1)
  expect((await api.call('DELETE', '/sessions/s1')).status).toBe(204)
  expect(session.endReason).toMatchObject({
    kind: 'admin_shutdown',
    message: 'terminating connection due to administrator command',
  })
  expect(api.audit.records.at(-1)).toMatchObject({
    category: 'SESSION',
    action: 'session_ended',
    outcome: 'succeeded',
    details: 'session s1 of bi, tool of bi from 10.0.0.7',
  })
})

test('cancelling a statement reaches its session, and is on record', async () => {
  const { session } = open('s1', 'bi', 1)
  expect((await api.call('POST', '/sessions/s1/statements/3/cancel')).status).toBe(204)
  expect(cancelled).toEqual([3])
  expect(session.endReason).toBeUndefined()
  expect(api.audit.records.at(-1)).toMatchObject({
    action: 'statement_cancelled',
    details: 'session s1 of bi, tool of bi from 10.0.0.7, statement 3',
  })
})

test.each([
  ['DELETE', '/sessions/gone', 404],
  ['POST', '/sessions/gone/statements/3/cancel', 404],
  ['POST', '/sessions/s1/statements/4/cancel', 404],
  ['POST', '/sessions/s1/statements/x/cancel', 400],
] as const)('%s %s is a %d, and disturbs nobody', async (method, path, status) => {
  const { session } = open('s1', 'bi', 1)
  expect((await api.call(method, path)).status).toBe(status)
  expect(session.endReason).toBeUndefined()
  expect(cancelled).toEqual([])
})
