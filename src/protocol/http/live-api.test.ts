import { once } from 'node:events'
import { request } from 'node:http'
import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import fastify from 'fastify'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { auditEvent } from '../../audit/audit-log-contract.ts'
import { present } from '../../base/assert.ts'
import { Emitter } from '../../base/emitter.ts'
import { GatewayError } from '../../base/gateway-error.ts'
import type { Identity, IdentityChange } from '../../identity/identity.ts'
import { apiForTests } from './api-for-tests.ts'
import type { ApiForTests } from './api-for-tests.ts'
import type { Caller } from './caller.ts'
import { EventStreams } from './event-streams.ts'
import type { EventStream, EventStreamLimits } from './event-streams.ts'
import { checkNeeds } from './route-needs.ts'

let api: ApiForTests
let port: number
const responses: IncomingMessage[] = []

beforeEach(async () => {
  api = await apiForTests()
  await api.app.listen({ port: 0, host: '127.0.0.1' })
  port = (api.app.server.address() as AddressInfo).port
})

afterEach(async () => {
  for (const response of responses.splice(0)) response.destroy()
  await api.app.close()
})

async function get(path: string, at = port): Promise<IncomingMessage> {
  const sent = request({ host: '127.0.0.1', port: at, path })
  sent.end()
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  response.on('error', () => undefined)
  responses.push(response)
  return response
}

/** The events of a stream, as they come. */
async function* events(response: IncomingMessage): AsyncGenerator<Record<string, unknown>> {
  let text = ''
  response.setEncoding('utf8')
  for await (const part of response) {
    text += String(part)
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const lines = text.slice(0, end).split('\n') // and nothing else ends a line of ours
      const data = lines.find((line) => line.startsWith('data: '))?.slice(6)
      text = text.slice(end + 2)
      if (data !== undefined) yield JSON.parse(data) as Record<string, unknown>
    }
  }
}

async function next(
  stream: AsyncGenerator<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  return present((await stream.next()).value ?? undefined, 'an event came')
}

const closed = async (response: IncomingMessage): Promise<void> => {
  response.resume()
  if (!response.closed) await once(response, 'close')
}

// ── /changes ─────────────────────────────────────────────────────────────────────────────────

test('a change of clients and roles is told as it is made', async () => {
  const response = await get('/api/v1/changes')
  expect(response.headers).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
  })
  const stream = events(response)
  await api.call('POST', '/roles', { name: 'reader' })
  const kinds = [(await next(stream))['kind'], (await next(stream))['kind']]
  expect(kinds).toEqual(['roles', 'audit'])
})

test('the gateway does not wait for its streams when it stops', async () => {
  const response = await get('/api/v1/changes')
  await api.app.close()
  await closed(response)
  expect(api.audit.appended.isHeard).toBe(false)
})

// ── /audit/tail ──────────────────────────────────────────────────────────────────────────────

test('the tail gives records as they are written, those that are asked for, and is on record', async () => {
  const filter = encodeURIComponent(JSON.stringify({ usernames: ['bi'] }))
  const stream = events(await get(`/api/v1/audit/tail?filter=${filter}`))
  await api.audit.append(auditEvent({ username: 'etl' }))
  await api.audit.append(auditEvent({ username: 'bi', details: 'a\nb\u2028c' }))
  expect(await next(stream)).toEqual(api.audit.records.at(-1))
  expect(api.audit.records[0]).toMatchObject({
    action: 'audit_tailed',
    details: '{"usernames":["bi"]}',
  })
})

test('a filter that is wrong is refused before the stream begins', async () => {
  const response = await get('/api/v1/audit/tail?filter=%7B%22limit%22%3A0%7D')
  expect(response.statusCode).toBe(400)
})

test('whoever leaves is forgotten', async () => {
  const response = await get('/api/v1/audit/tail')
  expect(api.audit.appended.isHeard).toBe(true)
  response.destroy()
  for (let i = 0; api.audit.appended.isHeard && i < 400; i += 1) {
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  expect(api.audit.appended.isHeard).toBe(false)
})

test('the stream of one who loses CLUSTERADMIN ends, that of another goes on', async () => {
  await api.call('POST', '/roles', { name: 'admin', clusterAdmin: true })
  const other = events(await get('/api/v1/audit/tail'))
  api.as('admin')
  const lost = await get('/api/v1/audit/tail')
  await next(other) // that somebody tails the audit
  await api.parts.identity.changeRole('admin', { clusterAdmin: false })
  await closed(lost)
  await api.audit.append(auditEvent({ username: 'bi' }))
  expect(await next(other)).toMatchObject({ username: 'bi' })
})

// ── /clients/:name/connection-events ─────────────────────────────────────────────────────────

test('the live page of a client sees it connect, and why others are refused', async () => {
  await api.call('POST', '/roles', { name: 'reader', login: true })
  const { body } = await api.call('POST', '/clients', { name: 'bi', role: 'reader' })
  const stream = events(await get('/api/v1/clients/bi/connection-events'))
  const from = { address: '10.0.0.7', clientVersion: 'PostgreSQL JDBC Driver' } as const
  const refused = {
    ...from,
    category: 'SESSION',
    action: 'login_refused',
    outcome: 'refused',
  } as const
  await api.audit.append(auditEvent({ ...refused, username: 'etl', reason: 'unknown_token' }))
  await api.audit.append(auditEvent({ ...refused, username: 'BI', reason: 'wrong_secret' }))
  await api.audit.append(
    auditEvent({
      ...refused,
      username: 'x',
      tokenId: body.client.token.id,
      reason: 'other_client',
    }),
  )
  await api.audit.append(
    auditEvent({ ...refused, username: '(unknown)', reason: 'certificate_not_trusted' }),
  )
  await api.audit.append(
    auditEvent({
      ...from,
      category: 'SESSION',
      action: 'login',
      username: 'bi',
      clientId: body.client.id,
      tlsVersion: 'TLSv1.3',
    }),
  )
  const origin = { address: '10.0.0.7', tool: 'PostgreSQL JDBC Driver', door: 'postgres' }
  const words = { reason: expect.any(String), fix: expect.any(String), at: expect.any(String) }
  expect(await next(stream)).toEqual({ kind: 'refused', ...origin, ...words, attributed: true })
  expect(await next(stream)).toMatchObject({
    reason: 'It sent the access token of this client with the user name "x".',
  })
  expect(await next(stream)).toMatchObject({ kind: 'refused', attributed: false })
  expect(await next(stream)).toEqual({
    kind: 'connected',
    at: expect.any(String),
    ...origin,
    tlsVersion: 'TLSv1.3',
  })
})

test('there is no live page of a client that is not there', async () => {
  expect((await get('/api/v1/clients/nobody/connection-events')).statusCode).toBe(404)
})

// ── Bounds ───────────────────────────────────────────────────────────────────────────────────

interface Streaming {
  readonly port: number
  readonly opened: EventStream[]
  readonly changes: Emitter<IdentityChange>
  readonly caller: { isOver: boolean }
  close(): Promise<void>
}

/** A route that streams whatever the test sends, with limits that a test can reach. */
async function streaming(limits: Partial<EventStreamLimits>): Promise<Streaming> {
  const changes = new Emitter<IdentityChange>()
  const authority = () => ({ clusterAdmin: true })
  const state = { isOver: false }
  const cutOff = () => (state.isOver ? new GatewayError('admin_shutdown', 'it is over') : undefined)
  const identity = { changes, authority, cutOff } as unknown as Identity
  const caller: Caller = {
    principal: { kind: 'user', userId: 'u', userName: 'ada', roleId: 'r' },
    address: '::1',
    door: 'http',
    tool: 'x',
  }
  const app = fastify()
  checkNeeds(app, identity, () => caller)
  const streams = new EventStreams(app, identity, limits)
  const opened: EventStream[] = []
  app.get('/stream', { config: { needs: 'signedIn' } }, (asked, reply) =>
    streams.answer(asked, reply, (stream) => {
      opened.push(stream)
      return () => opened.splice(opened.indexOf(stream), 1)
    }),
  )
  await app.listen({ port: 0, host: '127.0.0.1' })
  const address = app.server.address() as AddressInfo
  return { port: address.port, opened, changes, caller: state, close: () => app.close() }
}

test('a reader that does not read loses its stream, one that reads gets all of it', async () => {
  const made = await streaming({ unreadBytesMax: 100_000 })
  const deaf = await get('/stream', made.port)
  deaf.pause()
  const [toDeaf] = made.opened
  const reader = events(await get('/stream', made.port))
  const [, toReader] = made.opened
  const text = 'x'.repeat(50_000)
  for (let i = 0; i < 2_000 && made.opened.length === 2; i += 1) {
    toDeaf?.send({ text })
    toReader?.send({ i })
    if (i % 10 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  expect(made.opened).toEqual([toReader])
  for (const i of [0, 1, 2]) expect(await next(reader)).toEqual({ i })
  await made.close()
})

test('a stream too many is refused, and a place that is given back can be taken', async () => {
  const made = await streaming({ streamsMax: 1 })
  const first = await get('/stream', made.port)
  expect((await get('/stream', made.port)).statusCode).toBe(500) // fastify's own words: no error handler here
  first.destroy()
  for (let i = 0; made.opened.length > 0 && i < 400; i += 1) {
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  expect((await get('/stream', made.port)).statusCode).toBe(200)
  await made.close()
})

test('a silent stream has a heartbeat, and ends with what its caller was proven by', async () => {
  const made = await streaming({ heartbeatMs: 20 })
  const response = await get('/stream', made.port)
  response.setEncoding('utf8')
  let text = ''
  for await (const part of response) {
    text += String(part)
    if (text.includes(':\n\n:\n\n')) made.caller.isOver = true
  }
  expect(text).toMatch(/^retry: 2000\n\n(?::\n\n){2,}$/)
  expect(made.opened).toEqual([])
  await made.close()
})

test('it ends at once when identity says that the caller is out', async () => {
  const made = await streaming({})
  const response = await get('/stream', made.port)
  made.changes.emit({ kind: 'grants_changed', grantsVersion: 2 })
  expect(made.opened).toHaveLength(1)
  made.caller.isOver = true
  made.changes.emit({ kind: 'grants_changed', grantsVersion: 3 })
  await closed(response)
  await made.close()
})
