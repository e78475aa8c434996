/**
 * The written form of an access token: `bluegate_<id>_<secret><crc>`.
 *
 * Letters, digits and `_` only, so that a token survives URLs, ODBC strings and `.pgpass`, and a
 * double click selects it whole. The id is public (look-up, audit), the secret has 256 bits. The
 * checksum is no security: it lets a typo, and a scanner of leaked secrets, know without asking.
 * Obeys the design, decision 5.
 */
import { randomBytes, randomInt } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { Brand } from '../base/brand.ts'

/** A whole token in clear. Never in a log, an error, a URL or an audit event. */
export type TokenText = Brand<string, 'TokenText'>

/** For secret scanners. The checksum still has to be proven. */
export const TOKEN_PATTERN = /^bluegate_([0-9A-Za-z]{12})_([0-9A-Za-z]{43})([0-9A-Za-z]{6})$/

const PREFIX = 'bluegate_'
const ID_LENGTH = 12
const SECRET_BYTES = 32
const SECRET_LENGTH = 43 // the digits that 256 bits take in base 62
const CRC_LENGTH = 6 // and those of 32 bits
const TOKEN_LENGTH = PREFIX.length + ID_LENGTH + 1 + SECRET_LENGTH + CRC_LENGTH

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

export interface Token {
  readonly id: string
  readonly text: TokenText
}

export function makeToken(): Token {
  let id = ''
  while (id.length < ID_LENGTH) id += DIGITS.charAt(randomInt(DIGITS.length))
  const secret = base62(BigInt(`0x${randomBytes(SECRET_BYTES).toString('hex')}`), SECRET_LENGTH)
  const body = `${PREFIX}${id}_${secret}`
  return { id, text: (body + checksum(body)) as TokenText }
}

/** The token that `text` is, or undefined when it cannot be one. Bounded, whatever its length. */
export function parseToken(text: string): Token | undefined {
  if (text.length !== TOKEN_LENGTH) return undefined
  const id = TOKEN_PATTERN.exec(text)?.[1]
  if (id === undefined) return undefined
  const body = text.slice(0, -CRC_LENGTH)
  return checksum(body) === text.slice(-CRC_LENGTH) ? { id, text: text as TokenText } : undefined
}

function checksum(body: string): string {
  return base62(BigInt(crc32(body)), CRC_LENGTH)
}

function base62(value: bigint, length: number): string {
  let digits = ''
  for (let rest = value; digits.length < length; rest /= 62n) {
    digits = DIGITS.charAt(Number(rest % 62n)) + digits
  }
  return digits
}
