import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { present } from '../base/assert.ts'
import { identityForTests } from './identity-for-tests.ts'
import type { IdentityForTests } from './identity-for-tests.ts'
import type { IdentitySettings, OpenIdentity } from './open-identity.ts'
import { KeyRing } from './key-ring.ts'
import { MemoryIdentityStore } from './memory-identity-store.ts'
import type { ClientPrincipal } from './principal.ts'
import { makeToken } from './token.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const ADDRESS = '203.0.113.7'

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-01-01T00:00:00Z') })
})

afterEach(() => {
  vi.useRealTimers()
})

interface WithClient extends IdentityForTests {
  readonly token: string
  readonly clientId: string
}

/** The client `tableau` with the role `bi`, which may log in. */
async function withClient(settings: Partial<IdentitySettings> = {}): Promise<WithClient> {
  const made = await identityForTests({ settings })
  await made.identity.createRole('bi', { login: true })
  const { token, client } = await made.identity.createClient({ name: 'tableau', role: 'bi' })
  made.told.length = 0
  return { ...made, token, clientId: client.id }
}

function login(
  identity: OpenIdentity,
  token: string,
  clientName?: string,
): Promise<ClientPrincipal> {
  return identity.authenticate({ clientName, token, address: ADDRESS })
}

test('a client logs in with its name and token, or with the token alone', async () => {
  const { identity, token, clientId } = await withClient()
  for (const name of ['tableau', 'Tableau', undefined]) {
    expect(await login(identity, token, name)).toMatchObject({
      kind: 'client',
      clientId,
      clientName: 'tableau',
      tokenId: identity.findClient('tableau')?.token.id,
      roleId: identity.findRole('bi')?.id,
    })
  }
})

test('every bad token gets the same answer, and the audit its own reason', async () => {
  const { identity, token } = await withClient()
  const other = await identity.createClient({ name: 'other', role: 'bi' })
  const expiring = new Date(Date.now() + HOUR_MS)
  const short = await identity.createClient({ name: 'short', role: 'bi', expiresAt: expiring })
  const allowedAddresses = ['10.0.0.0/8']
  const inside = await identity.createClient({ name: 'inside', role: 'bi', allowedAddresses })
  const unknown = makeToken().text
  const wrongSecret = tokenWithId(present(identity.findClient('tableau'), 'it was made').token.id)
  vi.setSystemTime(Date.now() + 2 * HOUR_MS)
  const { token: newToken } = await identity.regenerateToken('other', 0)

  const refusals: unknown[] = []
  for (const [name, text, reason] of [
    ['tableau', 'hunter2', 'malformed_token'],
    ['tableau', `${token.slice(0, -1)}!`, 'malformed_token'],
    ['tableau', unknown, 'unknown_token'],
    ['nobody', unknown, 'unknown_token'],
    ['tableau', wrongSecret, 'wrong_secret'],
    ['tableau', newToken, 'other_client'],
    ['other', other.token, 'ended_token'],
    ['short', short.token, 'expired_token'],
    ['inside', inside.token, 'address_not_allowed'],
  ] as const) {
    // from an address each, so that none of them is throttled
    const attempt = { clientName: name, token: text, address: `192.0.2.${refusals.length + 1}` }
    const error: unknown = await identity.authenticate(attempt).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      kind: 'invalid_password',
      message: `password authentication failed for user "${name}"`,
      cause: reason,
    })
    refusals.push((error as { hint: string }).hint)
  }
  expect(new Set(refusals).size).toBe(1)
  expect(JSON.stringify(refusals)).not.toContain('bluegate_')
  const fromInside = { clientName: 'inside', token: inside.token, address: '::ffff:10.1.2.3' }
  await identity.authenticate(fromInside)
})

/** Well-formed, with a right checksum, under a known id: only the secret is wrong. */
function tokenWithId(id: string): string {
  for (;;) {
    const candidate = makeToken().text
    const forged = candidate.slice(0, 9) + id + candidate.slice(21, -6)
    return forged + checksumOf(forged)
  }
}

function checksumOf(body: string): string {
  const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
  let text = ''
  for (let rest = crc32(body); text.length < 6; rest = Math.floor(rest / 62)) {
    text = digits.charAt(rest % 62) + text
  }
  return text
}

/** By the definition, so that the test does not lean on the code it tests. */
function crc32(text: string): number {
  let crc = 0xffff_ffff
  for (const byte of Buffer.from(text)) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb8_8320 : 0)
  }
  return (crc ^ 0xffff_ffff) >>> 0
}

test('a hostile user name is quoted short and clean', async () => {
  const { identity, token } = await withClient()
  const refused = login(identity, token, `a\n\u0000${'b'.repeat(5000)}`)
  await expect(refused).rejects.toMatchObject({
    message: expect.stringMatching(/^password authentication failed for user "a\?\?b{57}\.\.\."$/),
  })
})

test('whoever proved the token is told that the client is disabled, or its role may not log in', async () => {
  const { identity, token } = await withClient()
  await identity.setClientEnabled('tableau', false)
  await expect(login(identity, token)).rejects.toMatchObject({
    kind: 'invalid_authorization',
    message: 'client "tableau" is disabled',
    cause: 'disabled_client',
  })
  await identity.setClientEnabled('tableau', true)
  await identity.setRoleAttributes('bi', { login: false })
  await expect(login(identity, token)).rejects.toMatchObject({
    kind: 'invalid_authorization',
    message: 'role "bi" of client "tableau" is not permitted to log in',
    hint: expect.stringContaining('GRANT LOGIN'),
  })
  await identity.setRoleAttributes('bi', { login: true })
  await login(identity, token)
})

test('failures wait longer and longer; the right token never waits', async () => {
  const { identity, token } = await withClient()
  const waits: number[] = []
  for (let i = 0; i < 14; i += 1) {
    const started = Date.now()
    const refused = login(identity, 'wrong', 'tableau').catch((error: unknown) => {
      waits.push(Date.now() - started)
      return error
    })
    await vi.advanceTimersByTimeAsync(5000)
    const reason = i < 5 ? 'malformed_token' : 'throttled'
    expect(await refused).toMatchObject({ kind: 'invalid_password', cause: reason })
    const before = Date.now()
    await login(identity, token)
    expect(Date.now()).toBe(before)
  }
  expect(waits.slice(5, 9)).toEqual([100, 200, 400, 800])
  expect(Math.max(...waits)).toBe(5000)
  await vi.advanceTimersByTimeAsync(16 * 60_000)
  await expect(login(identity, 'wrong')).rejects.toMatchObject({ cause: 'malformed_token' })
})

test('failures in a tool’s name from elsewhere cost the tool nothing', async () => {
  const { identity, token, clientId } = await withClient()
  const forged = tokenWithId(present(identity.findClient('tableau'), 'it was made').token.id)
  for (let i = 0; i < 12; i += 1) {
    const attempt = { clientName: 'tableau', token: forged, address: `192.0.2.${i}` }
    const refused = identity.authenticate(attempt).catch((error: unknown) => error)
    await vi.advanceTimersByTimeAsync(5000)
    // the id is counted from all addresses together
    expect(await refused).toMatchObject({ cause: i < 5 ? 'wrong_secret' : 'throttled' })
  }
  expect(await login(identity, token)).toMatchObject({ clientId })
})

test('regeneration without grace ends the old token at once, and its sealed text is wiped', async () => {
  const { identity, store, told, token, clientId } = await withClient()
  const session = await login(identity, token)
  const oldId = session.tokenId
  const { client, token: next } = await identity.regenerateToken('tableau', 0)
  expect(told).toEqual([{ kind: 'token_ended', clientId, tokenId: oldId, reason: 'regenerated' }])
  expect(client.previousToken).toBeUndefined()
  expect(identity.cutOff(session)).toMatchObject({
    kind: 'admin_shutdown',
    message: 'terminating connection: the access token of client "tableau" was regenerated',
  })
  await expect(login(identity, token)).rejects.toMatchObject({ cause: 'ended_token' })
  expect(identity.cutOff(await login(identity, next))).toBeUndefined()
  const tombstone = (await store.load()).tokens.find(({ id }) => id === oldId)
  expect(tombstone).toMatchObject({ sealed: undefined, scram: undefined })
})

test('with a grace both tokens work, until a timer ends the old one', async () => {
  const { identity, store, told, token, clientId } = await withClient()
  const session = await login(identity, token)
  const { client, token: next } = await identity.regenerateToken('tableau', HOUR_MS)
  expect(client.previousToken).toMatchObject({
    id: session.tokenId,
    expiresAt: '2026-01-01T01:00:00.000Z',
  })
  expect(told).toEqual([])
  await vi.advanceTimersByTimeAsync(HOUR_MS - 1)
  expect(identity.cutOff(session)).toBeUndefined()
  await login(identity, token)
  await login(identity, next)
  await vi.advanceTimersByTimeAsync(1)
  expect(told).toEqual([
    { kind: 'token_ended', clientId, tokenId: session.tokenId, reason: 'regenerated' },
  ])
  expect(identity.cutOff(session)).toBeDefined()
  await expect(login(identity, token)).rejects.toMatchObject({ cause: 'ended_token' })
  await login(identity, next)
  expect(identity.findClient('tableau')?.previousToken).toBeUndefined()
  await vi.advanceTimersByTimeAsync(0)
  const old = (await store.load()).tokens.find(({ id }) => id === session.tokenId)
  expect(old?.sealed).toBeUndefined()
})

test('a grace can be ended before its time; the present token is not touched', async () => {
  const { identity, told, token, clientId } = await withClient()
  const session = await login(identity, token)
  await expect(identity.endPreviousToken('tableau')).rejects.toMatchObject({
    kind: 'object_not_in_prerequisite_state',
  })
  const { token: next } = await identity.regenerateToken('tableau', HOUR_MS)
  expect(identity.cutOff(session)).toBeUndefined()
  const client = await identity.endPreviousToken('tableau')
  expect(client.previousToken).toBeUndefined()
  expect(told).toEqual([
    { kind: 'token_ended', clientId, tokenId: session.tokenId, reason: 'regenerated' },
  ])
  expect(identity.cutOff(session)).toBeDefined()
  await expect(login(identity, token)).rejects.toMatchObject({ cause: 'ended_token' })
  await login(identity, next)
})

test('a second regeneration ends the token of the first grace; without grace it ends both', async () => {
  const { identity, told, token } = await withClient()
  const { token: second } = await identity.regenerateToken('tableau', DAY_MS)
  const { token: third } = await identity.regenerateToken('tableau', DAY_MS)
  await expect(login(identity, token)).rejects.toMatchObject({ cause: 'ended_token' })
  await login(identity, second)
  const { token: fourth } = await identity.regenerateToken('tableau', 0)
  for (const old of [second, third]) {
    await expect(login(identity, old)).rejects.toMatchObject({ cause: 'ended_token' })
  }
  await login(identity, fourth)
  expect(told.map(({ kind }) => kind)).toEqual(['token_ended', 'token_ended', 'token_ended'])
})

test.each([-1, 7 * DAY_MS + 1, 1.5, NaN])(
  'a grace of %d ms is refused and changes nothing',
  async (graceMs) => {
    const { identity, token } = await withClient()
    const kind = 'invalid_parameter_value'
    await expect(identity.regenerateToken('tableau', graceMs)).rejects.toMatchObject({ kind })
    await login(identity, token)
  },
)

test('tombstones of old tokens are bounded', async () => {
  const { identity, store } = await withClient()
  for (let i = 0; i < 30; i += 1) {
    vi.setSystemTime(Date.now() + 1000)
    await identity.regenerateToken('tableau', 0)
  }
  expect((await store.load()).tokens.length).toBeLessThanOrEqual(12)
})

test('an expiring token ends by itself, is told, and its successor lives as long', async () => {
  const { identity, told } = await identityForTests()
  await identity.createRole('bi', { login: true })
  const expiresAt = new Date(Date.now() + 30 * DAY_MS) // beyond what one timer can hold
  const { token, client } = await identity.createClient({ name: 'nightly', role: 'bi', expiresAt })
  const session = await login(identity, token)
  told.length = 0
  await vi.advanceTimersByTimeAsync(30 * DAY_MS - 1)
  expect(identity.cutOff(session)).toBeUndefined()
  await vi.advanceTimersByTimeAsync(1)
  expect(told).toEqual([
    { kind: 'token_ended', clientId: client.id, tokenId: client.token.id, reason: 'expired' },
  ])
  expect(identity.cutOff(session)?.message).toContain('has expired')
  await expect(login(identity, token)).rejects.toMatchObject({ cause: 'expired_token' })
  const { client: renewed } = await identity.regenerateToken('nightly', 0)
  expect(renewed.token.expiresAt).toBe(new Date(Date.now() + 30 * DAY_MS).toISOString())
  await identity.stop()
})

test('lifetimes: the default, the maximum, and the past', async () => {
  const tokenLifetime = { defaultMs: 10 * DAY_MS, maxMs: 20 * DAY_MS }
  const { identity } = await identityForTests({ settings: { tokenLifetime } })
  await identity.createRole('bi')
  const make = (name: string, days?: number): ReturnType<OpenIdentity['createClient']> =>
    identity.createClient({
      name,
      role: 'bi',
      ...(days === undefined ? {} : { expiresAt: new Date(Date.now() + days * DAY_MS) }),
    })
  expect((await make('a')).client.token.expiresAt).toBe('2026-01-11T00:00:00.000Z')
  expect((await make('b', 20)).client.token.expiresAt).toBe('2026-01-21T00:00:00.000Z')
  await expect(make('c', 21)).rejects.toMatchObject({ hint: expect.stringContaining('480 hours') })
  await expect(make('c', -1)).rejects.toThrow('in the past')
  expect(identity.findClient('c')).toBeUndefined()
  await identity.stop()
})

test('disable and delete cut off at once and are told before the call returns', async () => {
  const { identity, told, token, clientId } = await withClient()
  const session = await login(identity, token)
  await identity.setClientEnabled('tableau', false)
  expect(told).toEqual([{ kind: 'client_cut_off', clientId }])
  expect(identity.cutOff(session)?.message).toContain('was disabled')
  await identity.setClientEnabled('tableau', false) // again: nothing more to tell
  await identity.setClientEnabled('tableau', true)
  expect(identity.cutOff(session)).toBeUndefined()
  await identity.deleteClient('tableau')
  expect(told).toEqual([
    { kind: 'client_cut_off', clientId },
    { kind: 'client_cut_off', clientId },
  ])
  expect(identity.cutOff(session)?.message).toContain('was deleted')
  await expect(login(identity, token)).rejects.toMatchObject({ cause: 'unknown_token' })
})

test('taking LOGIN from a role cuts its sessions off; a failing listener does not stop the others', async () => {
  const { identity, told, token } = await withClient()
  const session = await login(identity, token)
  identity.changes.on(() => {
    throw new Error('a broken session')
  })
  await identity.setRoleAttributes('bi', { login: false })
  expect(told).toMatchObject([{ kind: 'grants_changed' }])
  expect(identity.cutOff(session)?.message).toContain('no longer permitted')
  expect(identity.cutOff(identity.localAdministrator())).toBeUndefined()
})

test('the Jobs client is one, and is not deleted while it is', async () => {
  const { identity } = await withClient()
  await identity.createClient({ name: 'jobs', role: 'bi' })
  await identity.designateJobsClient('tableau')
  await identity.designateJobsClient('jobs')
  expect(identity.listClients().map(({ name, jobs }) => [name, jobs])).toEqual([
    ['jobs', true],
    ['tableau', false],
  ])
  await expect(identity.deleteClient('jobs')).rejects.toMatchObject({
    kind: 'object_in_use',
    hint: expect.stringContaining('designate-jobs'),
  })
  await identity.designateJobsClient('tableau')
  await identity.deleteClient('jobs')
})

test('a token is shown as often as wanted, also after a restart, where the setting allows it', async () => {
  const { identity, store, token } = await withClient()
  expect(await identity.showToken('tableau')).toBe(token)
  await identity.stop()
  const settings = { tokensShow: 'exceptSuperuser' } as const
  const again = await identityForTests({ store, settings })
  expect(await again.identity.showToken('tableau')).toBe(token)
  await again.identity.createRole('power', { superuser: true })
  await again.identity.grantRoles(['power'], ['bi'], false) // a superuser by inheritance
  const kind = 'insufficient_privilege'
  await expect(again.identity.showToken('tableau')).rejects.toMatchObject({ kind })
  await again.identity.stop()
  const never = await identityForTests({ store, settings: { tokensShow: 'never' } })
  await expect(never.identity.showToken('tableau')).rejects.toMatchObject({ kind })
  await expect(never.identity.showToken('nobody')).rejects.toMatchObject({
    kind: 'undefined_object',
  })
})

test('the store holds no token in clear', async () => {
  const { store, token } = await withClient()
  const everything = JSON.stringify(await store.load(), (_, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
  )
  expect(everything).toContain(token.slice(9, 21)) // the id, which is public
  expect(everything).not.toContain(token.slice(22, 34))
})

test('a store opened with other keys is refused', async () => {
  const { identity, store } = await withClient()
  await identity.stop()
  const secrets = new KeyRing(1, new Map([[1, new Uint8Array(32).fill(8)]]))
  await expect(identityForTests({ store, secrets })).rejects.toMatchObject({
    kind: 'object_not_in_prerequisite_state',
    hint: expect.stringContaining('secrets directory'),
  })
  await identityForTests({ store })
})

test.each(['', 'Tableau', '1st', '-x', 'a b', 'ä', 'a'.repeat(64), 'a\n'])(
  'a client cannot be named %j',
  async (name) => {
    const { identity } = await withClient()
    const refused = identity.createClient({ name, role: 'bi' })
    await expect(refused).rejects.toMatchObject({ kind: 'invalid_parameter_value' })
  },
)

test('a client needs a free name, a role that is there and not PUBLIC, and addresses that are some', async () => {
  const { identity } = await withClient()
  const make = (change: object) => identity.createClient({ name: 'x', role: 'bi', ...change })
  await expect(make({ name: 'tableau' })).rejects.toMatchObject({ kind: 'duplicate_object' })
  await expect(make({ role: 'nope' })).rejects.toMatchObject({ kind: 'undefined_object' })
  await expect(make({ role: 'public' })).rejects.toThrow('cannot act as "public"')
  await expect(make({ allowedAddresses: ['example.org'] })).rejects.toThrow('"example.org"')
  await expect(make({ label: 'a\u0007b' })).rejects.toThrow('label')
  await expect(make({ name: 'My Tool' })).rejects.toMatchObject({
    hint: expect.stringContaining('"my-tool"'),
  })
  expect(identity.listClients()).toHaveLength(1)
  expect((await make({ label: 'Büro "West"' })).client.label).toBe('Büro "West"')
})

test('last use shows at once, is written within a minute, and survives a restart', async () => {
  const { identity, store, token } = await withClient()
  const { tokenId } = await login(identity, token)
  identity.recordUse(tokenId, { address: ADDRESS, tool: 'early' })
  identity.recordUse(tokenId, { address: ADDRESS, tool: 'Tableau 2026\u0000' })
  const lastUse = { at: '2026-01-01T00:00:00.000Z', address: ADDRESS, tool: 'Tableau 2026?' }
  expect(identity.findClient('tableau')?.token.lastUse).toEqual(lastUse)
  expect((await store.load()).tokens[0]?.lastUse).toBeUndefined()
  await vi.advanceTimersByTimeAsync(60_000)
  expect((await store.load()).tokens[0]?.lastUse).toEqual(lastUse)
  identity.recordUse(tokenId, { address: ADDRESS, tool: 'late' })
  await identity.stop()
  const again = await identityForTests({ store })
  expect(again.identity.findClient('tableau')?.token.lastUse?.tool).toBe('late')
})

test('what a client was used with is summed up by tool and address, at once', async () => {
  const { identity, token } = await withClient()
  const { tokenId } = await login(identity, token)
  for (const tool of ['dbt', 'psql', 'psql'])
    identity.recordUse(tokenId, { address: ADDRESS, tool })
  const start = Date.parse('2026-01-01T00:00:00.000Z')
  expect(await identity.recentUses('tableau', start)).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ tool: 'psql', address: ADDRESS, uses: 2 }),
      expect.objectContaining({ tool: 'dbt', address: ADDRESS, uses: 1 }),
    ]),
  )
  expect(await identity.recentUses('tableau', start + 1)).toEqual([])
  await expect(identity.recentUses('nobody', 0)).rejects.toMatchObject({ kind: 'undefined_object' })
})

test('a name that was given up is free, and one that was taken over is found', async () => {
  const { identity } = await identityForTests()
  await identity.createRole('a')
  await identity.renameRole('a', 'b')
  expect(identity.findRole('a')).toBeUndefined()
  expect(identity.findRole('B')?.name).toBe('b')
  await identity.createRole('A')
  await identity.dropRole('b')
  expect(identity.findRole('a')?.name).toBe('A')
  expect(identity.findRole('b')).toBeUndefined()
})

test('what another gateway changed is read, told, and decided on again', async () => {
  const store = new MemoryIdentityStore()
  const one = await identityForTests({ store })
  await one.identity.createRole('bi', { login: true })
  const { client, token } = await one.identity.createClient({ name: 'tableau', role: 'bi' })
  const two = await identityForTests({ store })
  const session = await login(two.identity, token)
  await one.identity.setClientEnabled('tableau', false)
  await two.identity.createRole('other') // two learns that it was late
  expect(two.told).toContainEqual({ kind: 'client_cut_off', clientId: client.id })
  expect(two.identity.cutOff(session)).toBeDefined()
  expect(two.identity.findRole('other')).toBeDefined()
  await one.identity.createRole('third')
  expect(one.identity.listRoles().map(({ name }) => name)).toContain('other')
})

test('a change that could not be stored did not happen', async () => {
  const store = new MemoryIdentityStore()
  const { identity, told } = await identityForTests({ store })
  vi.spyOn(store, 'commit').mockRejectedValueOnce(new Error('the disk is full'))
  await expect(identity.createRole('a')).rejects.toThrow('the disk is full')
  expect(identity.findRole('a')).toBeUndefined()
  expect(told.filter(({ kind }) => kind !== 'grants_changed')).toEqual([])
  await identity.createRole('a')
})
