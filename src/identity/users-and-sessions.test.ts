import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { identityForTests } from './identity-for-tests.ts'
import type { IdentityForTests } from './identity-for-tests.ts'
import { MemoryConsoleSessionStore } from './memory-console-session-store.ts'
import { MemoryIdentityStore } from './memory-identity-store.ts'
import type { SignedIn } from './users.ts'

const MINUTE = 60_000
const PASSWORD = 'a password of ada'
const ORIGIN = { address: '10.0.0.1', tool: 'a browser\u0000' }

let store: MemoryIdentityStore
let consoleSessions: MemoryConsoleSessionStore
let opened: IdentityForTests

beforeEach(async () => {
  vi.useFakeTimers({ now: Date.UTC(2026, 0, 1), toFake: ['Date', 'setInterval', 'clearInterval'] })
  store = new MemoryIdentityStore()
  consoleSessions = new MemoryConsoleSessionStore()
  opened = await identityForTests({ store, consoleSessions, clock: () => Date.now() })
  await makeUser('ada')
})
afterEach(async () => {
  await opened.identity.stop()
  vi.useRealTimers()
})

async function makeUser(name: string, role = 'sqream'): Promise<string> {
  const { user, link } = await opened.identity.createUser({ name, role })
  await opened.identity.redeemLink({ secret: link.secret, password: PASSWORD })
  return user.id
}

async function signIn(userName: string, address = ORIGIN.address): Promise<SignedIn> {
  const { identity } = opened
  const proven = await identity.provePassword({ userName, password: PASSWORD, address })
  return await identity.openConsoleSession(proven, ORIGIN)
}

async function reopen(): Promise<void> {
  await opened.identity.stop()
  opened = await identityForTests({ store, consoleSessions, clock: () => Date.now() })
}

test('a session outlives a restart, with its user, its proof and its age', async () => {
  const { session, secret } = await signIn('ada')
  await reopen()
  expect(opened.identity.findConsoleSession(secret, true)).toEqual(session)
  expect((await consoleSessions.load())[0]).toMatchObject({
    address: '10.0.0.1',
    tool: 'a browser?',
  })
  await vi.advanceTimersByTimeAsync(15 * MINUTE)
  await reopen()
  expect(opened.identity.findConsoleSession(secret, true)).toBeUndefined()
})

test('when it was last seen is known at once, and written once a minute', async () => {
  const { secret } = await signIn('ada')
  const touch = vi.spyOn(consoleSessions, 'touch')
  vi.setSystemTime(Date.now() + 10_000)
  for (let count = 0; count < 20; count += 1) opened.identity.findConsoleSession(secret, true)
  expect(touch).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(MINUTE)
  expect(touch).toHaveBeenCalledTimes(1)
  expect((await consoleSessions.load())[0]?.lastSeenAt).toBe('2026-01-01T00:00:10.000Z')
})

test('sessions that are over leave the store by themselves, and are told', async () => {
  const { session } = await signIn('ada')
  expect(opened.identity.cutOff(session.principal)).toBeUndefined()
  await vi.advanceTimersByTimeAsync(16 * MINUTE)
  expect(await consoleSessions.load()).toEqual([])
  const { id: sessionId, principal } = session
  const { userId } = principal
  expect(opened.told).toContainEqual({ kind: 'console_session_ended', sessionId, userId })
  expect(opened.identity.cutOff(principal)?.message).toContain('the console session has ended')
})

test('a session that is held by a running request is not idle, but ends with its day', async () => {
  const { session, secret } = await signIn('ada')
  const letGo = opened.identity.holdConsoleSession(session.id)
  await vi.advanceTimersByTimeAsync(20 * MINUTE)
  expect(opened.identity.cutOff(session.principal)).toBeUndefined()
  letGo()
  letGo() // once is enough
  expect(opened.identity.findConsoleSession(secret, false)).toBeDefined()
  await vi.advanceTimersByTimeAsync(15 * MINUTE)
  expect(opened.identity.findConsoleSession(secret, false)).toBeUndefined()
  const second = await signIn('ada')
  opened.identity.holdConsoleSession(second.session.id)
  await vi.advanceTimersByTimeAsync(8 * 60 * MINUTE)
  expect(opened.identity.cutOff(second.session.principal)).toBeDefined()
})

test('a user has twenty sessions at most: the oldest one ends', async () => {
  const sessions: SignedIn[] = []
  for (let count = 0; count < 21; count += 1) {
    vi.setSystemTime(Date.now() + 1)
    sessions.push(await signIn('ada'))
  }
  const alive = sessions.map(({ secret }) => opened.identity.findConsoleSession(secret, false))
  expect(alive.map(Boolean)).toEqual([false, ...Array<boolean>(20).fill(true)])
})

test('a session that could not be stored is none', async () => {
  const proven = await opened.identity.provePassword({
    userName: 'ada',
    password: PASSWORD,
    address: ORIGIN.address,
  })
  vi.spyOn(consoleSessions, 'put').mockRejectedValueOnce(new Error('the disk is full'))
  await expect(opened.identity.openConsoleSession(proven, ORIGIN)).rejects.toThrow('disk')
  expect(opened.told.filter(({ kind }) => kind === 'console_session_ended')).toHaveLength(1)
})

test('a sign-in that overlaps with a reset of the password does not survive it', async () => {
  const { identity } = opened
  const { secret } = await identity.makeLink('ada')
  const proven = await identity.provePassword({
    userName: 'ada',
    password: PASSWORD,
    address: ORIGIN.address,
  })
  const put = consoleSessions.put.bind(consoleSessions)
  vi.spyOn(consoleSessions, 'put').mockImplementationOnce(async (row) => {
    await identity.redeemLink({ secret, password: 'another long password' })
    await put(row)
  })
  await expect(identity.openConsoleSession(proven, ORIGIN)).rejects.toMatchObject({
    kind: 'invalid_password',
  })
})

test.each([
  ['disabled', () => opened.identity.setUserEnabled('bob', false), /was disabled/],
  ['deleted', () => opened.identity.deleteUser('bob'), /was deleted/],
  ['given another role', () => opened.identity.setUserRole('bob', 'sqream'), /another role/],
])('a user who is %s is cut off, and told of before the act resolves', async (_, act, text) => {
  await opened.identity.createRole('admins', { login: true, clusterAdmin: true })
  const userId = await makeUser('bob', 'admins')
  const { session, secret } = await signIn('bob')
  const others = await signIn('ada')
  await act()
  expect(opened.told).toContainEqual({ kind: 'user_cut_off', userId })
  expect(opened.identity.cutOff(session.principal)?.message).toMatch(text)
  expect(opened.identity.findConsoleSession(secret, false)).toBeUndefined()
  expect(opened.identity.cutOff(others.session.principal)).toBeUndefined()
})

test('a role that loses LOGIN cuts its users off', async () => {
  await opened.identity.createRole('admins', { login: true })
  await makeUser('bob', 'admins')
  const { session } = await signIn('bob')
  await opened.identity.setRoleAttributes('admins', { login: false })
  expect(opened.identity.cutOff(session.principal)?.message).toContain('no longer permitted')
})

test('a role that users or clients have is not dropped, and they are named, the first twenty', async () => {
  const { identity } = opened
  await identity.createRole('bi', { login: true })
  await identity.createUser({ name: 'bob', role: 'bi' })
  await expect(identity.dropRole('bi')).rejects.toMatchObject({
    kind: 'dependent_objects_still_exist',
    message: 'role "bi" cannot be dropped because users use it',
    detail: 'Users with this role: bob.',
  })
  for (let count = 10; count < 32; count += 1) {
    await identity.createClient({ name: `tool${count}`, role: 'bi' })
  }
  await expect(identity.dropRole('bi')).rejects.toMatchObject({
    message: 'role "bi" cannot be dropped because clients and users use it',
    detail: expect.stringMatching(/tool10.*tool29 and 2 more\. Users with this role: bob\.$/),
  })
  await identity.deleteUser('bob')
  for (const { name } of identity.listClients()) await identity.deleteClient(name)
  await identity.dropRole('bi')
})

test('no client is named like a user or the local administrator', async () => {
  const { identity } = opened
  const make = (name: string) => identity.createClient({ name, role: 'sqream' })
  await expect(make('ada')).rejects.toMatchObject({ kind: 'duplicate_object' })
  await expect(make('local')).rejects.toThrow('reserved')
  await make('locals')
})

test('what foreign addresses do in the name of a user keeps nobody out', async () => {
  const { identity } = opened
  const guess = (address: string) =>
    identity.provePassword({ userName: 'ada', password: 'a wrong password', address })
  for (let count = 0; count < 10; count += 1) {
    await expect(guess('2001:db8::1')).rejects.toMatchObject({ kind: 'invalid_password' })
  }
  await expect(guess('2001:db8::ffff')).rejects.toMatchObject({ kind: 'too_many_attempts' }) // the same network
  await signIn('ada', '10.9.9.9')
  await signIn('ada', '2001:db8:1::1')
  await expect(signIn('ada', '2001:db8::2')).rejects.toMatchObject({ kind: 'too_many_attempts' })
})

test('guesses at once are counted as if one after the other', async () => {
  const guesses = Array.from({ length: 30 }, () =>
    opened.identity.provePassword({
      userName: 'ada',
      password: 'wrong, wrong',
      address: '10.9.9.9',
    }),
  )
  const kinds = (await Promise.allSettled(guesses)).map((outcome) =>
    outcome.status === 'rejected' ? (outcome.reason as { kind: string }).kind : 'in',
  )
  expect(kinds.filter((kind) => kind === 'invalid_password')).toHaveLength(10)
  expect(kinds.filter((kind) => kind === 'too_many_attempts')).toHaveLength(20)
})

test('a password is the same however a keyboard composes it', async () => {
  const { link } = await opened.identity.createUser({ name: 'zoë', role: 'sqream' })
  await opened.identity.redeemLink({
    secret: link.secret,
    password: 'Zo\u00eb, Zo\u00eb, Zo\u00eb',
  })
  const { userId } = await opened.identity.provePassword({
    userName: 'ZOE\u0308',
    password: 'Zoe\u0308, Zoe\u0308, Zoe\u0308',
    address: '::1',
  })
  expect(opened.identity.findUser('zoë')?.id).toBe(userId)
})

test('the store keeps digests: no password, no secret of a link or a session', async () => {
  const { secret } = await signIn('ada')
  const link = await opened.identity.makeLink('ada')
  const kept = JSON.stringify([await store.load(), await consoleSessions.load()])
  for (const one of [PASSWORD, secret, link.secret]) expect(kept).not.toContain(one)
  expect(kept).toContain('$argon2id$v=19$m=19456,t=2,p=1$')
})
