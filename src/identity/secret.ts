/**
 * Random secrets that a machine keeps for a person: ids of console sessions, one-time links.
 *
 * 256 bits are not guessed, so what is kept of one is a plain digest.
 */
import { createHash, randomBytes } from 'node:crypto'

const SECRET_BYTES = 32
const SECRET = /^[\w-]{43}$/

/** 43 characters of base64url. */
export function randomSecret(): string {
  return randomBytes(SECRET_BYTES).toString('base64url')
}

/** 32 bytes; undefined for what cannot be such a secret. */
export function secretDigest(secret: string): Uint8Array | undefined {
  return SECRET.test(secret) ? createHash('sha256').update(secret).digest() : undefined
}

/** A digest as a key of a map. */
export function digestKey(digest: Uint8Array): string {
  return Buffer.from(digest).toString('base64url')
}
