import type { FastifyInstance } from 'fastify'
import { beforeEach, expect, test } from 'vitest'
import { MemoryAuditLog } from '../../audit/memory-audit-log.ts'
import { apiPartsForTests } from './api-parts-for-tests.ts'
import { buildApi } from './build-api.ts'
import { localCaller } from './listen-control-socket.ts'

let app: FastifyInstance
let audit: MemoryAuditLog

beforeEach(async () => {
  audit = new MemoryAuditLog()
  const parts = await apiPartsForTests(audit)
  app = buildApi(parts, () => localCaller(parts))
})

async function post(url: string, payload: object = {}) {
  return await app.inject({ method: 'POST', url, payload })
}

function actions(): string[] {
  return audit.records.map(({ action, outcome }) => `${action} ${outcome}`)
}

test('a role is made with what it was asked for, and that is on record', async () => {
  const made = await post('/api/v1/roles', { name: 'reader', login: true, connect: ['master'] })
  expect(made.statusCode).toBe(201)
  expect(made.json()).toMatchObject({ name: 'reader', login: true, superuser: false })
  const listed = await app.inject('/api/v1/roles')
  expect(listed.json().items.map((role: { name: string }) => role.name)).toContain('reader')
  expect(audit.records[0]).toMatchObject({
    category: 'ROLE',
    action: 'role_created',
    outcome: 'succeeded',
    username: 'local',
    address: 'local',
    door: 'local',
  })
})

test('a role that should connect to a database that is not there is not made', async () => {
  const refused = await post('/api/v1/roles', { name: 'reader', connect: ['nowhere'] })
  expect(refused.statusCode).toBe(404)
  expect(refused.headers['content-type']).toContain('application/problem+json')
  expect(refused.json()).toMatchObject({ code: 'invalid_catalog_name', hint: 'There are: master.' })
  const { items } = (await app.inject('/api/v1/roles')).json()
  expect(items.map((role: { name: string }) => role.name)).not.toContain('reader')
  expect(actions()).toEqual(['role_created failed'])
})

test('a client lives through all of its states, each on record, its token in none', async () => {
  await post('/api/v1/roles', { name: 'reader', login: true })
  const made = (await post('/api/v1/clients', { name: 'tableau', role: 'reader' })).json()
  expect(made.token).toMatch(/^bluegate_/)
  const shown = await post('/api/v1/clients/tableau/show-token')
  expect(shown.json()).toEqual({ token: made.token })
  const renewed = (await post('/api/v1/clients/tableau/regenerate', { graceMs: 60_000 })).json()
  expect(renewed.token).not.toBe(made.token)
  expect(renewed.client.previousToken.id).toBe(made.client.token.id)
  const ended = (await post('/api/v1/clients/tableau/end-previous-token')).json()
  expect(ended).toMatchObject({ token: { id: renewed.client.token.id } })
  expect(ended.previousToken).toBeUndefined()
  expect((await post('/api/v1/clients/tableau/disable')).json().enabled).toBe(false)
  expect((await post('/api/v1/clients/tableau/enable')).json().enabled).toBe(true)
  expect((await post('/api/v1/clients/tableau/designate-jobs')).json().jobs).toBe(true)
  const deleted = await app.inject({ method: 'DELETE', url: '/api/v1/clients/tableau' })
  expect(deleted.json()).toMatchObject({ code: 'object_in_use' })
  expect(actions()).toEqual([
    'role_created succeeded',
    'client_created succeeded',
    'token_shown succeeded',
    'token_regenerated succeeded',
    'previous_token_ended succeeded',
    'client_disabled succeeded',
    'client_enabled succeeded',
    'jobs_client_designated succeeded',
    'client_deleted failed',
  ])
  const record = JSON.stringify(audit.records)
  expect(record).toContain(made.client.token.id)
  for (const { token } of [made, renewed]) expect(record).not.toContain(token.slice(22))
})

test.each([
  ['/api/v1/clients', { name: 'tableau' }, /role/],
  ['/api/v1/clients', { name: 'tableau', role: 'reader', colour: 'blue' }, /additional/],
  ['/api/v1/clients', { name: 7, role: 'reader' }, /name must be string/],
  ['/api/v1/clients/x/regenerate', { graceMs: 8 * 86_400_000 }, /graceMs must be <= 604800000/],
  ['/api/v1/audit/search', { limit: 0 }, /limit must be >= 1/],
])('%s with %o is refused, naming the field', async (url, body, text) => {
  const refused = await post(url, body)
  expect(refused.statusCode).toBe(400)
  expect(refused.json()).toMatchObject({ code: 'invalid_parameter_value' })
  expect(refused.json().title).toMatch(text)
})

test('a client that is not there is a 404 that says so', async () => {
  const refused = await app.inject('/api/v1/clients/nobody')
  expect(refused.statusCode).toBe(404)
  expect(refused.json()).toMatchObject({ code: 'undefined_object' })
})

test('an address that is not there is a problem document too', async () => {
  const refused = await app.inject('/api/v2/clients')
  expect(refused.statusCode).toBe(404)
  expect(refused.json()).toMatchObject({ code: 'undefined_object' })
})

test('searching the audit streams records and is itself on record', async () => {
  await post('/api/v1/roles', { name: 'reader' })
  const found = await post('/api/v1/audit/search', { categories: ['ROLE'] })
  const lines = found.body
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as object)
  expect(lines).toMatchObject([{ record: { action: 'role_created' } }, { end: { records: 1 } }])
  expect(actions()).toContain('audit_searched succeeded')
})

test('an audit that cannot be written refuses the answer', async () => {
  await audit.stop()
  const refused = await post('/api/v1/roles', { name: 'reader' })
  expect(refused.statusCode).toBe(503)
})

test('SQL is answered line by line: columns, rows, end', async () => {
  const answer = await app.inject({
    method: 'POST',
    url: '/api/v1/sql',
    headers: { 'content-type': 'text/plain' },
    payload: 'select 2 rows; create nothing',
  })
  expect(answer.headers['content-type']).toContain('application/x-ndjson')
  expect(answer.body.trimEnd().split('\n')).toEqual([
    '{"columns":[{"name":"n","type":"integer"}]}',
    '[1]',
    '[2]',
    '{"end":{"tag":"SELECT 2","rows":2,"notices":[]}}',
    '{"columns":null}',
    '{"end":{"tag":"CREATE NOTHING","rows":0,"notices":[]}}',
  ])
})

test('an error after rows ends the answer with the error', async () => {
  const answer = await app.inject({
    method: 'POST',
    url: '/api/v1/sql',
    headers: { 'content-type': 'text/plain' },
    payload: 'select 2 rows and fail; select 2 rows',
  })
  const lines = answer.body.trimEnd().split('\n')
  expect(lines.slice(0, 3)).toEqual(['{"columns":[{"name":"n","type":"integer"}]}', '[1]', '[2]'])
  expect(JSON.parse(lines[3] ?? '')).toMatchObject({ error: { code: 'division_by_zero' } })
  expect(lines).toHaveLength(4)
})
