/**
 * What is kept of a token instead of its text: a digest to prove it, a sealed copy to show it.
 *
 * The digest is an HMAC, not a slow password hash: with 256 random bits there is nothing to guess,
 * and a slow hash would only be a lever to tire the gateway. Both blobs name the root key they
 * were made with, so that keys can be changed without touching every token at once.
 * Obeys the security design, section 7.
 */
import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'
import { timingSafeEqual } from 'node:crypto'
import type { CipherKey } from 'node:crypto'
import { GatewayError } from '../base/gateway-error.ts'
import type { KeyRing } from './key-ring.ts'
import type { Token, TokenText } from './token.ts'
import { parseToken } from './token.ts'

const SEAL_VERSION = 1
const CIPHER = 'aes-256-gcm'
const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16
const HEADER_BYTES = 2 // seal version, root key number
const WRAPPED_KEY_BYTES = NONCE_BYTES + KEY_BYTES + TAG_BYTES

export interface TokenDigest {
  readonly digest: Uint8Array
  /** Number of the root key that the pepper is made from. */
  readonly pepperVersion: number
}

export class TokenSecrets {
  readonly #keys: KeyRing

  constructor(keys: KeyRing) {
    this.#keys = keys
  }

  get pepperVersion(): number {
    return this.#keys.currentId
  }

  /** 32 bytes. */
  digest(text: string, pepperVersion = this.pepperVersion): TokenDigest {
    const pepper = this.#keys.key('token digest', pepperVersion)
    return { digest: createHmac('sha256', pepper).update(text).digest(), pepperVersion }
  }

  /**
   * Takes the same time whether they differ in the first byte or in the last. What was made with a
   * root key that is lost matches nothing.
   */
  matches(text: string, expected: TokenDigest): boolean {
    if (!this.#keys.has(expected.pepperVersion)) {
      this.digest(text) // the same work
      return false
    }
    return timingSafeEqual(this.digest(text, expected.pepperVersion).digest, expected.digest)
  }

  /** Header, data key wrapped by the master key, text under the data key. */
  seal(token: Token): Uint8Array {
    const header = Buffer.from([SEAL_VERSION, this.#keys.currentId])
    const aad = sealContext(token.id, header)
    const master = this.#keys.key('token sealing', this.#keys.currentId)
    const dataKey = randomBytes(KEY_BYTES)
    return Buffer.concat([
      header,
      encrypt(master, dataKey, aad),
      encrypt(dataKey, Buffer.from(token.text), aad),
    ])
  }

  /**
   * @throws GatewayError `undefined_object` when its root key is gone, `internal` when the blob was
   *         tampered with, belongs to another token, or was sealed under another key.
   */
  unseal(tokenId: string, sealed: Uint8Array): TokenText {
    const blob = Buffer.from(sealed)
    const [version, rootId] = blob
    if (version !== SEAL_VERSION || rootId === undefined) throw unsealable()
    const master = this.#keys.key('token sealing', rootId)
    const aad = sealContext(tokenId, blob.subarray(0, HEADER_BYTES))
    const body = HEADER_BYTES + WRAPPED_KEY_BYTES
    const dataKey = decrypt(master, blob.subarray(HEADER_BYTES, body), aad)
    const token = parseToken(decrypt(dataKey, blob.subarray(body), aad).toString())
    if (token?.id !== tokenId) throw unsealable()
    return token.text
  }
}

/** The number of the root key that a sealed token needs; NaN for what is none of ours. */
export function sealedUnder(sealed: Uint8Array): number {
  return sealed[1] ?? NaN
}

/** Bound into the seal, so that two sealed blobs cannot change places. */
function sealContext(tokenId: string, header: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`bluegate token ${tokenId} `), header])
}

function encrypt(key: CipherKey, plain: Uint8Array, aad: Uint8Array): Buffer {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(aad)
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

function decrypt(key: CipherKey, box: Buffer, aad: Uint8Array): Buffer {
  if (box.length < NONCE_BYTES + TAG_BYTES) throw unsealable()
  const nonce = box.subarray(0, NONCE_BYTES)
  const cipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES })
  cipher.setAAD(aad).setAuthTag(box.subarray(-TAG_BYTES))
  try {
    return Buffer.concat([cipher.update(box.subarray(NONCE_BYTES, -TAG_BYTES)), cipher.final()])
  } catch (error) {
    throw unsealable(error)
  }
}

function unsealable(cause?: unknown): GatewayError {
  return new GatewayError('internal', 'the sealed access token cannot be opened', {
    hint: 'The key file is another one, or the metadata was altered. Regenerate the token.',
    cause,
  })
}
