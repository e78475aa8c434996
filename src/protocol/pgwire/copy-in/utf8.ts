/** Text of a client: valid UTF-8 without a zero byte, or an error that shows the bytes. */
import { isUtf8 } from 'node:buffer'
import { GatewayError } from '../../../base/gateway-error.ts'

/** @throws GatewayError `character_not_in_repertoire`. */
export function textOf(bytes: Buffer): string {
  checkText(bytes)
  return bytes.toString('utf8')
}

/** @throws GatewayError `character_not_in_repertoire`. */
export function checkText(bytes: Buffer): void {
  if (!isUtf8(bytes)) throw notUtf8(bytes, firstInvalid(bytes))
  const zero = bytes.indexOf(0)
  if (zero >= 0) throw notUtf8(bytes, zero)
}

/** Source: PostgreSQL, mbutils.c, report_invalid_encoding. */
function notUtf8(bytes: Buffer, at: number): GatewayError {
  const shown = bytes.subarray(at, at + lengthBy(bytes[at] ?? 0))
  const hex = [...shown].map((byte) => `0x${byte.toString(16).padStart(2, '0')}`).join(' ')
  return new GatewayError(
    'character_not_in_repertoire',
    `invalid byte sequence for encoding "UTF8": ${hex}`,
  )
}

/** Of the character that begins with this byte, as it says itself. */
function lengthBy(first: number): number {
  if (first >= 0xf0 && first < 0xf8) return 4
  if (first >= 0xe0 && first < 0xf0) return 3
  if (first >= 0xc0 && first < 0xe0) return 2
  return 1
}

function firstInvalid(bytes: Buffer): number {
  let at = 0
  while (at < bytes.length) {
    const length = lengthBy(bytes[at] ?? 0)
    if (!isUtf8(bytes.subarray(at, at + length)) || at + length > bytes.length) return at
    at += length
  }
  return at
}
