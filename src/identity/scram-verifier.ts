/**
 * The SCRAM-SHA-256 verifier of a token, made while its text is at hand (RFC 5802, RFC 7677).
 *
 * A token is ASCII, so SASLprep changes nothing about it. The iterations are what PostgreSQL's own
 * drivers expect; more would buy nothing for a secret of 256 random bits.
 */
import { createHash, createHmac, pbkdf2, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import type { ScramKeys } from './identity-store.ts'
import type { TokenText } from './token.ts'

export const SCRAM_ITERATIONS = 4096
const SALT_BYTES = 16
const HASH_BYTES = 32

const derive = promisify(pbkdf2)

export function makeScramSalt(): Uint8Array {
  return randomBytes(SALT_BYTES)
}

/** Takes about a millisecond, on a thread of the pool. */
export async function scramKeys(
  token: TokenText,
  salt: Uint8Array,
  iterations: number,
): Promise<ScramKeys> {
  const salted = await derive(token, salt, iterations, HASH_BYTES, 'sha256')
  const clientKey = createHmac('sha256', salted).update('Client Key').digest()
  return {
    storedKey: createHash('sha256').update(clientKey).digest(),
    serverKey: createHmac('sha256', salted).update('Server Key').digest(),
  }
}
