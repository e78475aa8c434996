import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { GatewayError } from '../base/gateway-error.ts'
import { identityForTests } from './identity-for-tests.ts'
import type { IdentityForTests } from './identity-for-tests.ts'
import { MemoryIdentityStore } from './memory-identity-store.ts'
import type { IdentitySettings } from './open-identity.ts'

const DAY_MS = 86_400_000

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-01-01T00:00:00Z') })
})

afterEach(() => {
  vi.useRealTimers()
})

async function withClient(
  options: Parameters<typeof identityForTests>[0] = {},
): Promise<IdentityForTests & { token: string; id: string }> {
  const made = await identityForTests(options)
  await made.identity.createRole('bi', { login: true })
  await made.identity.createRole('etl', { login: true })
  const { token, client } = await made.identity.createClient({ name: 'tableau', role: 'bi' })
  made.told.length = 0
  return { ...made, token, id: client.id }
}

function limited(maxDays: number): { settings: Partial<IdentitySettings> } {
  return { settings: { tokenLifetime: { maxMs: maxDays * DAY_MS } } }
}

// ── Clients ──────────────────────────────────────────────────────────────────────────────────

test('label, addresses and expiry change; what is left out stays; the token goes on', async () => {
  const { identity, token } = await withClient()
  const before = identity.findClient('tableau')
  const expiresAt = new Date('2026-03-01T00:00:00Z')
  const changed = await identity.changeClient('tableau', {
    label: 'Finance',
    allowedAddresses: ['203.0.113.0/24'],
    expiresAt,
  })
  expect(changed).toEqual({
    ...before,
    label: 'Finance',
    allowedAddresses: ['203.0.113.0/24'],
    token: { ...before?.token, expiresAt: expiresAt.toISOString() },
  })
  expect(await identity.changeClient('tableau', { label: null, expiresAt: null })).toMatchObject({
    label: undefined,
    allowedAddresses: ['203.0.113.0/24'],
    token: { expiresAt: undefined },
  })
  const attempt = { clientName: 'tableau', token, address: '203.0.113.7' }
  await expect(identity.authenticate(attempt)).resolves.toMatchObject({ clientName: 'tableau' })
  await expect(identity.authenticate({ ...attempt, address: '10.0.0.1' })).rejects.toMatchObject({
    cause: 'address_not_allowed',
  })
})

test('another role ends what was opened with the old one; the same role does not', async () => {
  const { identity, told, token, id } = await withClient()
  const principal = await identity.authenticate({ clientName: undefined, token, address: '::1' })
  await identity.changeClient('tableau', { role: 'bi', label: 'x' })
  expect(told).toEqual([])
  expect(identity.cutOff(principal)).toBeUndefined()
  await identity.changeClient('tableau', { role: 'etl' })
  expect(told).toEqual([{ kind: 'client_role_changed', clientId: id }])
  expect(identity.cutOff(principal)).toMatchObject({
    kind: 'admin_shutdown',
    message: 'terminating connection: client "tableau" was given another role',
  })
  const next = await identity.authenticate({ clientName: undefined, token, address: '::1' })
  expect(identity.cutOff(next)).toBeUndefined()
})

test.each([
  [{ role: 'nobody' }, 'undefined_object', 'role'],
  [{ role: 'public' }, 'invalid_parameter_value', 'role'],
  [{ label: 'a\nb' }, 'invalid_parameter_value', 'label'],
  [{ allowedAddresses: ['10.0.0.0/33'] }, 'invalid_parameter_value', 'allowedAddresses'],
  [{ expiresAt: new Date('2025-01-01') }, 'invalid_parameter_value', 'expiresAt'],
])('a change to %o is refused whole, naming the field', async (change, kind, field) => {
  const { identity } = await withClient()
  const before = identity.findClient('tableau')
  await expect(identity.changeClient('tableau', { label: 'new', ...change })).rejects.toMatchObject(
    {
      kind,
      field,
    },
  )
  expect(identity.findClient('tableau')).toEqual(before)
})

test('an expiry cannot go round the longest life that the installation allows', async () => {
  const { identity } = await withClient(limited(30))
  vi.setSystemTime(Date.parse('2026-01-20T00:00:00Z'))
  const change = (day: string | null) =>
    identity.changeClient('tableau', { expiresAt: day === null ? null : new Date(day) })
  await expect(change('2026-02-05')).rejects.toMatchObject({ field: 'expiresAt' })
  await expect(change(null)).rejects.toMatchObject({ field: 'expiresAt' })
  await expect(change('2026-01-30')).resolves.toMatchObject({ name: 'tableau' })
})

test('a check sees the newest state, inside the change, and what it refuses changes nothing', async () => {
  const { identity } = await withClient()
  const seen: (string | undefined)[] = []
  const check = (current: { label: string | undefined }): void => {
    seen.push(current.label)
    if (current.label === 'first') throw new GatewayError('conflict', 'somebody was faster')
  }
  const [first, second] = await Promise.allSettled([
    identity.changeClient('tableau', { label: 'first' }, { check }),
    identity.changeClient('tableau', { label: 'second' }, { check }),
  ])
  expect(seen).toEqual([undefined, 'first'])
  expect([first.status, second.status]).toEqual(['fulfilled', 'rejected'])
  expect(identity.findClient('tableau')?.label).toBe('first')
  for (const act of [
    identity.setClientEnabled('tableau', false, check),
    identity.regenerateToken('tableau', 0, check),
    identity.showToken('tableau', check),
    identity.designateJobsClient('tableau', check),
    identity.deleteClient('tableau', check),
  ]) {
    await expect(act).rejects.toMatchObject({ kind: 'conflict' })
  }
  expect(identity.findClient('tableau')).toMatchObject({ enabled: true, jobs: false })
})

test('names are found by part of name or label and by role; owners by any of their tokens', async () => {
  const { identity, token, id } = await withClient()
  await identity.createClient({ name: 'airflow', role: 'etl', label: 'Nightly Finance' })
  expect(identity.clientNames()).toEqual(['airflow', 'tableau'])
  expect(identity.clientNames({ search: 'FINANCE' })).toEqual(['airflow'])
  expect(identity.clientNames({ search: 'ta' })).toEqual(['tableau'])
  const roleId = identity.findRole('bi')?.id ?? ''
  expect(identity.clientNames({ roleId })).toEqual(['tableau'])
  await identity.regenerateToken('tableau', 0)
  const oldId = token.slice('bluegate_'.length, 'bluegate_'.length + 12)
  expect(identity.clientOfToken(oldId)).toEqual({ id, name: 'tableau' })
  expect(identity.clientOfToken('000000000000')).toBeUndefined()
})

test('who shows lists is told when they change, and of uses of tokens not', async () => {
  const { identity } = await withClient()
  const listed: string[] = []
  identity.listed.on((what) => listed.push(what))
  await identity.setClientEnabled('tableau', false)
  await identity.setClientEnabled('tableau', false)
  expect(listed).toEqual(['clients'])
  await identity.createRole('new')
  expect(listed).toEqual(['clients', 'roles'])
})

// ── The same creation twice ──────────────────────────────────────────────────────────────────

const ONCE = { key: 'k', request: 'r' }

test('a creation that is asked for again under its key is the same client with the same token', async () => {
  const store = new MemoryIdentityStore()
  const { identity } = await withClient({ store })
  const request = { name: 'airflow', role: 'etl' }
  const made = await identity.createClient(request, { once: ONCE })
  expect(await identity.createClient(request, { once: ONCE })).toEqual(made)
  const { identity: afterRestart } = await identityForTests({ store })
  expect((await afterRestart.createClient(request, { once: ONCE })).token).toBe(made.token)
  const kept = JSON.stringify((await store.load()).creations)
  expect(kept).not.toContain(made.token.slice(22))
})

test('a key for another request is refused, and forgotten after a day', async () => {
  const { identity } = await withClient()
  await identity.createClient({ name: 'a', role: 'etl' }, { once: ONCE })
  const other = { once: { key: 'k', request: 'another' } }
  const again = () => identity.createClient({ name: 'b', role: 'etl' }, other)
  await expect(again()).rejects.toMatchObject({
    kind: 'duplicate_object',
    field: 'Idempotency-Key',
  })
  vi.setSystemTime(Date.now() + DAY_MS)
  expect((await again()).client.name).toBe('b')
})

test('a key whose client was deleted, or got another token, says so', async () => {
  const { identity } = await withClient()
  const request = { name: 'a', role: 'etl' }
  const again = () => identity.createClient(request, { once: ONCE })
  await again()
  await identity.regenerateToken('a', 0)
  await expect(again()).rejects.toMatchObject({ kind: 'object_not_in_prerequisite_state' })
  await identity.deleteClient('a')
  await expect(again()).rejects.toMatchObject({ kind: 'object_not_in_prerequisite_state' })
})

test('a refused creation keeps no key', async () => {
  const { identity } = await withClient()
  const bad = { name: 'tableau', role: 'etl' }
  await expect(identity.createClient(bad, { once: ONCE })).rejects.toMatchObject({ field: 'name' })
  const good = await identity.createClient({ name: 'a', role: 'etl' }, { once: ONCE })
  expect(good.client.name).toBe('a')
})

// ── Roles ────────────────────────────────────────────────────────────────────────────────────

test('a role is made with its grants in one step, and again under its key', async () => {
  const { identity } = await identityForTests()
  const grants = [{ permission: 'CONNECT', object: { kind: 'database', databaseId: 'd' } }] as const
  const role = await identity.createRole('reader', { login: true }, { grants, once: ONCE })
  expect(identity.grantsOf(role.id)).toEqual(grants)
  expect(await identity.createRole('reader', { login: true }, { grants, once: ONCE })).toEqual(role)
  await identity.dropRole('reader')
  await expect(identity.createRole('reader', {}, { once: ONCE })).rejects.toMatchObject({
    kind: 'object_not_in_prerequisite_state',
  })
})

test('a permission that there is not on such an object leaves no role behind', async () => {
  const { identity } = await identityForTests()
  const grants = [{ permission: 'SELECT', object: { kind: 'database', databaseId: 'd' } }] as const
  await expect(identity.createRole('reader', {}, { grants })).rejects.toMatchObject({
    kind: 'invalid_parameter_value',
  })
  expect(identity.findRole('reader')).toBeUndefined()
})

test('a role gets name and attributes at once, or nothing', async () => {
  const { identity } = await withClient()
  expect(await identity.changeRole('bi', { name: 'BI', clusterAdmin: true })).toMatchObject({
    name: 'BI',
    login: true,
    clusterAdmin: true,
  })
  const refused = identity.changeRole('BI', { name: 'ETL', superuser: true })
  await expect(refused).rejects.toMatchObject({ kind: 'duplicate_object', field: 'name' })
  expect(identity.findRole('BI')).toMatchObject({ name: 'BI', superuser: false })
  await expect(identity.changeRole('sqream', { login: false })).rejects.toMatchObject({
    kind: 'insufficient_privilege',
  })
})

// ── Lists ────────────────────────────────────────────────────────────────────────────────────

test('names of clients are in order, also after one was made and one deleted', async () => {
  const { identity } = await withClient()
  expect(identity.clientNames()).toEqual(['tableau'])
  await identity.createClient({ name: 'airflow', role: 'etl', label: 'Nightly' })
  expect(identity.clientNames()).toEqual(['airflow', 'tableau'])
  expect(identity.listClients().map(({ name }) => name)).toEqual(['airflow', 'tableau'])
  await identity.changeClient('tableau', { label: 'Night' })
  expect(identity.clientNames({ search: 'NIGHT' })).toEqual(['airflow', 'tableau'])
  expect(
    identity.clientNames({ search: 'night', roleId: identity.findRole('etl')?.id ?? '' }),
  ).toEqual(['airflow'])
  await identity.deleteClient('airflow')
  expect(identity.clientNames()).toEqual(['tableau'])
})

test('a client is found by its id, and not when it is gone', async () => {
  const { identity, id } = await withClient()
  expect(identity.clientWithId(id)).toEqual(identity.findClient('tableau'))
  await identity.deleteClient('tableau')
  expect(identity.clientWithId(id)).toBeUndefined()
})

test('tokens that have an end are told apart from those that have none, were replaced or cannot connect', async () => {
  const { identity } = await withClient() // its token has no end
  const expiresAt = new Date('2026-02-01T00:00:00Z')
  for (const name of ['replaced', 'disabled', 'gone']) {
    await identity.createClient({ name, role: 'bi', expiresAt })
  }
  const replaced = await identity.regenerateToken('replaced', DAY_MS)
  await identity.setClientEnabled('disabled', false)
  vi.setSystemTime(new Date('2026-02-02T00:00:00Z')) // those that have ended are told, too
  expect(
    identity.endingTokens().toSorted((a, b) => (a.clientName < b.clientName ? -1 : 1)),
  ).toEqual([
    { id: expect.any(String), clientName: 'gone', endsAt: expiresAt.getTime() },
    {
      id: replaced.client.token.id,
      clientName: 'replaced',
      endsAt: Date.parse(replaced.client.token.expiresAt ?? ''),
    },
  ])
})
