/** Health, figures, warnings, backups and keys: who may ask for them, and what they are told. */
import { expect, test } from 'vitest'
import { MemoryAuditLog } from '../../audit/memory-audit-log.ts'
import { GatewayError } from '../../base/gateway-error.ts'
import type { Principal } from '../../identity/principal.ts'
import type { ApiParts } from './api-parts.ts'
import { apiPartsForTests } from './api-parts-for-tests.ts'
import { buildApi } from './build-api.ts'
import type { Caller } from './caller.ts'
import { localCaller } from './listen-control-socket.ts'
import type { OperationsPort } from './operations-port.ts'

const RESULT = {
  file: '/backups/b.tar',
  bytes: 10,
  takenAt: '2030-01-01T00:00:00.000Z',
  tables: 2,
  lastRecord: 7,
}

async function setUp(operations: Partial<OperationsPort> = {}) {
  const audit = new MemoryAuditLog()
  const bare = await apiPartsForTests(audit)
  const parts: ApiParts = { ...bare, operations: { ...bare.operations, ...operations } }
  await parts.identity.createRole('settings_only', { clusterAdmin: true })
  await parts.identity.createRole('analyst')
  const as = (role: string): Caller => {
    const roleId = parts.identity.findRole(role)?.id ?? ''
    const principal: Principal = { kind: 'user', userId: 'u1', userName: 'ada', roleId }
    return { principal, address: '10.0.0.1', door: 'http', tool: 'a test' }
  }
  const app = (caller: Caller | undefined) => buildApi(parts, () => caller)
  const local = localCaller(parts)
  const remoteSuperuser: Caller = { ...local, door: 'http', address: '10.0.0.1' }
  return { audit, parts, app, as, local, remoteSuperuser }
}

test('anybody learns that the process lives and whether it is ready, and nothing else', async () => {
  let reasons: readonly string[] = []
  const { app } = await setUp({ unreadiness: () => Promise.resolve(reasons) })
  const anybody = app(undefined)
  expect((await anybody.inject('/healthz')).json()).toEqual({ status: 'alive' })
  expect((await anybody.inject('/readyz')).json()).toEqual({ status: 'ready', reasons: [] })
  reasons = ['engine']
  const { statusCode, body } = await anybody.inject('/readyz')
  expect([statusCode, JSON.parse(body)]).toEqual([503, { status: 'not ready', reasons }])
  for (const url of ['/metrics', '/api/v1/warnings']) {
    expect((await anybody.inject(url)).statusCode, `GET ${url}`).toBe(401)
  }
})

test('figures and warnings are for CLUSTERADMIN', async () => {
  const warning = {
    kind: 'no_backup',
    severity: 'info',
    text: 'No backup was ever taken.',
    fix: 'Take one.',
    since: '2030-01-01T00:00:00.000Z',
  } as const
  const { app, as } = await setUp({
    metrics: () => Promise.resolve({ contentType: 'text/plain; version=0.0.4', text: 'up 1\n' }),
    warnings: () => Promise.resolve([warning]),
  })
  const analyst = app(as('analyst'))
  expect((await analyst.inject('/metrics')).statusCode).toBe(403)
  expect((await analyst.inject('/api/v1/warnings')).statusCode).toBe(403)
  const administrator = app(as('settings_only'))
  const { headers, body } = await administrator.inject('/metrics')
  expect([headers['content-type'], body]).toEqual(['text/plain; version=0.0.4', 'up 1\n'])
  expect((await administrator.inject('/api/v1/warnings')).json()).toEqual({ items: [warning] })
})

test('a backup is for the local administrator, on record before it begins and when it is taken', async () => {
  let recorded: string[] = []
  const set = await setUp({
    backups: {
      take: (file, onProgress) => {
        recorded = set.audit.records.map(({ action }) => action)
        onProgress({ phase: 'copying', done: 2, total: 2 })
        return Promise.resolve({ ...RESULT, file })
      },
    },
  })
  const { app, as, local, remoteSuperuser, audit } = set
  const request = {
    method: 'POST',
    url: '/api/v1/backups',
    payload: { file: RESULT.file },
  } as const
  expect((await app(as('analyst')).inject(request)).statusCode).toBe(403)
  expect((await app(as('settings_only')).inject(request)).json()).toMatchObject({
    code: 'insufficient_privilege',
    title: expect.stringContaining('SUPERUSER'),
  })
  expect((await app(remoteSuperuser).inject(request)).json()).toMatchObject({
    code: 'feature_not_supported',
  })
  expect(audit.records).toEqual([])
  const { body } = await app(local).inject(request)
  const lines = body.trimEnd().split('\n')
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    { progress: { phase: 'copying', done: 2, total: 2 } },
    { end: RESULT },
  ])
  expect(recorded).toEqual(['backup_started'])
  expect(audit.records).toMatchObject([
    { action: 'backup_started', outcome: 'succeeded', details: RESULT.file },
    { action: 'backup_taken', outcome: 'succeeded', details: RESULT.file },
  ])
})

test('a backup that fails ends the answer with its error, and is on record as failed', async () => {
  const { app, local, audit } = await setUp({
    backups: { take: () => Promise.reject(new GatewayError('disk_full', 'there is no room')) },
  })
  const request = { method: 'POST', url: '/api/v1/backups', payload: { file: '/b' } } as const
  const { body } = await app(local).inject(request)
  expect(JSON.parse(body)).toMatchObject({ error: { code: 'disk_full', status: 507 } })
  expect(audit.records.at(-1)).toMatchObject({ action: 'backup_taken', outcome: 'failed' })
})

test('who goes away ends the backup', async () => {
  const begun = Promise.withResolvers<void>()
  const aborted = Promise.withResolvers<void>()
  const { app, local } = await setUp({
    backups: {
      take: (_file, _onProgress, signal) =>
        new Promise((_, reject) => {
          begun.resolve()
          signal.addEventListener('abort', () => {
            aborted.resolve()
            reject(new GatewayError('cancelled', 'the backup was cancelled'))
          })
        }),
    },
  })
  const server = app(local)
  const address = await server.listen({ port: 0, host: '127.0.0.1' })
  const goAway = new AbortController()
  const asked = fetch(`${address}/api/v1/backups`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ file: '/b' }),
    signal: goAway.signal,
  })
  await begun.promise
  goAway.abort()
  await expect(asked).rejects.toThrow('abort')
  await aborted.promise
  await server.close()
})

test('keys are rotated by SUPERUSER alone, and it is on record', async () => {
  const rotation = {
    current: 2,
    rewrapped: 3,
    keys: [{ id: 1, current: false, audit: true, tokens: 3, sealed: 0 }],
  }
  const { app, as, remoteSuperuser, audit } = await setUp({
    rotateKeys: () => Promise.resolve(rotation),
  })
  const request = { method: 'POST', url: '/api/v1/keys/rotate', payload: {} } as const
  expect((await app(as('settings_only')).inject(request)).statusCode).toBe(403)
  expect(audit.records).toEqual([])
  expect((await app(remoteSuperuser).inject(request)).json()).toEqual(rotation)
  expect(audit.records).toMatchObject([{ action: 'keys_rotated', outcome: 'succeeded' }])
})

test('on a full disk acts are refused before they begin, and looking at the audit is not', async () => {
  const { app, local, audit, parts } = await setUp()
  audit.refusal = new GatewayError('disk_full', 'the disk of the gateway is full')
  const create = { name: 'bi', role: 'analyst' }
  const app1 = app(local)
  const refused = await app1.inject({ method: 'POST', url: '/api/v1/clients', payload: create })
  expect(refused.json()).toMatchObject({ code: 'disk_full', status: 507 })
  expect(parts.identity.findClient('bi')).toBeUndefined()
  const search = { method: 'POST', url: '/api/v1/audit/search', payload: {} } as const
  expect((await app1.inject(search)).statusCode).toBe(200)
  audit.refusal = undefined
  const made = await app1.inject({ method: 'POST', url: '/api/v1/clients', payload: create })
  expect(made.statusCode).toBe(201)
})
