import { expect, test } from 'vitest'
import { KeyRing } from './key-ring.ts'
import { makeToken } from './token.ts'
import { TokenSecrets } from './token-secrets.ts'

const key = (byte: number): Uint8Array => new Uint8Array(32).fill(byte)
const ring = (...bytes: number[]): KeyRing =>
  new KeyRing(bytes.length, new Map(bytes.map((byte, index) => [index + 1, key(byte)])))

test('a digest proves its own token and no other', () => {
  const secrets = new TokenSecrets(ring(1))
  const [token, other] = [makeToken(), makeToken()]
  const digest = secrets.digest(token.text)
  expect(secrets.matches(token.text, digest)).toBe(true)
  expect(secrets.matches(other.text, digest)).toBe(false)
  expect(Buffer.from(digest.digest).toString('latin1')).not.toContain(token.text.slice(22, 40))
})

test('with another key file neither digest nor seal opens', () => {
  const token = makeToken()
  const secrets = new TokenSecrets(ring(1))
  const others = new TokenSecrets(ring(2))
  expect(others.matches(token.text, secrets.digest(token.text))).toBe(false)
  expect(() => others.unseal(token.id, secrets.seal(token))).toThrow('cannot be opened')
})

test('a sealed token is unsealed, and its bytes hold nothing of it', () => {
  const secrets = new TokenSecrets(ring(1))
  const token = makeToken()
  const sealed = secrets.seal(token)
  expect(secrets.unseal(token.id, sealed)).toBe(token.text)
  expect(Buffer.from(sealed).toString('latin1')).not.toContain(token.text.slice(22, 30))
  expect(secrets.seal(token)).not.toEqual(sealed)
})

test('every flipped bit of a sealed token is found', () => {
  const secrets = new TokenSecrets(ring(1))
  const token = makeToken()
  const sealed = secrets.seal(token)
  for (let at = 0; at < sealed.length; at += 1) {
    const altered = Uint8Array.from(sealed)
    altered[at] = (altered[at] ?? 0) ^ 1
    expect(() => secrets.unseal(token.id, altered)).toThrow(/cannot be opened|no key number/)
  }
  for (const length of [0, 1, 2, 61, 62, 63, sealed.length - 1]) {
    expect(() => secrets.unseal(token.id, sealed.subarray(0, length))).toThrow('cannot be opened')
  }
})

test('a sealed token does not open under the id of another', () => {
  const secrets = new TokenSecrets(ring(1))
  const [token, other] = [makeToken(), makeToken()]
  expect(() => secrets.unseal(other.id, secrets.seal(token))).toThrow('cannot be opened')
})

test('after a change of keys old tokens still prove and open, and new ones use the new key', () => {
  const token = makeToken()
  const before = new TokenSecrets(ring(1))
  const after = new TokenSecrets(ring(1, 2))
  const [digest, sealed] = [before.digest(token.text), before.seal(token)]
  expect(after.matches(token.text, digest)).toBe(true)
  expect(after.unseal(token.id, sealed)).toBe(token.text)
  expect(after.digest(token.text).pepperVersion).toBe(2)
  expect(() => before.unseal(token.id, after.seal(token))).toThrow('no key number 2')
})
