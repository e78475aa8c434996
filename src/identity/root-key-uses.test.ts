/** A rotation of root keys, and what a crash between its steps leaves. */
import { expect, test } from 'vitest'
import { identityForTests } from './identity-for-tests.ts'
import type { IdentityStore } from './identity-store.ts'
import { KeyRing } from './key-ring.ts'
import { MemoryIdentityStore } from './memory-identity-store.ts'
import { highestRootKeyNamed, replaceLostTokens } from './replace-lost-tokens.ts'

const key = (byte: number): Uint8Array => new Uint8Array(32).fill(byte)
const ring = (current: number, ...ids: number[]): KeyRing =>
  new KeyRing(current, new Map(ids.map((id) => [id, key(id)])))

async function open(store: IdentityStore, secrets: KeyRing) {
  return (await identityForTests({ store, secrets })).identity
}

async function withClient(): Promise<{ store: IdentityStore; token: string }> {
  const store = new MemoryIdentityStore()
  const identity = await open(store, ring(1, 1))
  await identity.createRole('r', { login: true })
  const { token } = await identity.createClient({ name: 'bi', role: 'r' })
  await identity.stop()
  return { store, token }
}

const attempt = (token: string) => ({ clientName: 'bi', token, address: '10.0.0.1' })

test('a crash after the key was kept and before tokens were sealed anew loses nothing; the next start goes on', async () => {
  const { store, token } = await withClient()
  const identity = await open(store, ring(2, 1, 2)) // the file has the new key, the store knows nothing
  expect(await identity.authenticate(attempt(token))).toMatchObject({ clientName: 'bi' })
  expect(await identity.showToken('bi')).toBe(token)
  expect(identity.rootKeyUses()).toMatchObject([
    { id: 1, current: false, audit: true, tokens: 1, sealed: 1 },
    { id: 2, current: true, audit: false, tokens: 0, sealed: 0 },
  ])
  expect(await identity.rewrapTokens()).toEqual({ rewrapped: 1 })
  expect(await identity.rewrapTokens()).toEqual({ rewrapped: 0 })
  expect(await identity.showToken('bi')).toBe(token)
  expect(identity.rootKeyUses()).toMatchObject([
    { id: 1, tokens: 1, sealed: 0 },
    { id: 2, tokens: 0, sealed: 1 },
  ])
})

test('a commit that fails leaves all tokens under their old key', async () => {
  const { store, token } = await withClient()
  const failing: IdentityStore = {
    load: () => store.load(),
    commit: () => Promise.reject(new Error('the disk is gone')),
    recordUses: () => Promise.resolve(),
    recordSignIn: () => Promise.resolve(),
    usesOf: () => Promise.resolve([]),
  }
  const identity = await open(failing, ring(2, 1, 2))
  await expect(identity.rewrapTokens()).rejects.toThrow('the disk is gone')
  expect(await identity.showToken('bi')).toBe(token)
  await expect(open(store, ring(1, 1))).resolves.toBeDefined() // the old file still fits
})

test('after a rotation the old key file is refused, and the new one is not', async () => {
  const { store, token } = await withClient()
  const identity = await open(store, ring(2, 1, 2))
  await identity.rewrapTokens()
  await identity.stop()
  await expect(open(store, ring(1, 1))).rejects.toMatchObject({ kind: 'undefined_object' })
  const again = await open(store, ring(2, 1, 2))
  expect(await again.authenticate(attempt(token))).toMatchObject({ clientName: 'bi' })
})

test('a regenerated token needs the current key alone', async () => {
  const { store } = await withClient()
  const identity = await open(store, ring(2, 1, 2))
  await identity.rewrapTokens()
  const { token } = await identity.regenerateToken('bi', 0)
  expect(identity.rootKeyUses()[0]).toMatchObject({ id: 1, tokens: 0, sealed: 0 })
  const withoutOld = new KeyRing(2, new Map([[2, key(2)]]), 2)
  const later = await open(store, withoutOld)
  expect(await later.authenticate(attempt(token))).toMatchObject({ clientName: 'bi' })
})

test('lost keys: every token is replaced, the lost ones are refused like wrong ones, the rest stays', async () => {
  const { store, token } = await withClient()
  await expect(highestRootKeyNamed(store)).resolves.toBe(1)
  const fresh = new KeyRing(2, new Map([[2, key(9)]]), 2)
  expect(await replaceLostTokens(store, fresh, Date.now)).toEqual(['bi'])
  const identity = await open(store, fresh)
  await expect(identity.authenticate(attempt(token))).rejects.toMatchObject({
    kind: 'invalid_password',
    cause: 'wrong_secret',
  })
  const shown = await identity.showToken('bi')
  expect(await identity.authenticate(attempt(shown))).toMatchObject({ clientName: 'bi' })
  expect(identity.findClient('bi')).toMatchObject({ role: 'r', enabled: true })
})
