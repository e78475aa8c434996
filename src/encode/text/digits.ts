/**
 * Decimal digits of integers, straight into bytes.
 *
 * Every function here writes at `at`, returns the position after what it wrote, and needs the
 * caller to have made room. No strings and no BigInt: a result of a million rows has tens of
 * millions of these.
 */

/** The two digits of 0 to 99, one after the other: half as many divisions as digit by digit. */
const PAIRS = new Uint8Array(200)
for (let pair = 0; pair < 100; pair += 1) {
  PAIRS[pair * 2] = 48 + Math.floor(pair / 10)
  PAIRS[pair * 2 + 1] = 48 + (pair % 10)
}

/** `value` from 0 to 2^31 - 1. */
export function writeUint31(bytes: Uint8Array, at: number, value: number): number {
  if (value < 10) {
    bytes[at] = 48 + value
    return at + 1
  }
  if (value < 100) return writePair(bytes, at, value)
  const end = at + digitCount(value)
  let left = end
  let rest = value
  while (rest >= 100) {
    const quotient = (rest / 100) | 0
    left -= 2
    writePair(bytes, left, rest - quotient * 100)
    rest = quotient
  }
  if (rest >= 10) writePair(bytes, at, rest)
  else bytes[at] = 48 + rest
  return end
}

/** `value` from 0 to 99, always two digits. */
export function writePair(bytes: Uint8Array, at: number, value: number): number {
  bytes[at] = PAIRS[value * 2] as number
  bytes[at + 1] = PAIRS[value * 2 + 1] as number
  return at + 2
}

/** `value` from 0 to 9999, always four digits. */
export function writeFour(bytes: Uint8Array, at: number, value: number): number {
  const high = (value / 100) | 0
  writePair(bytes, at, high)
  return writePair(bytes, at + 2, value - high * 100)
}

/** `value` from 0 to 99,999,999, always eight digits. */
export function writeEight(bytes: Uint8Array, at: number, value: number): number {
  const high = (value / 10000) | 0
  writeFour(bytes, at, high)
  return writeFour(bytes, at + 4, value - high * 10000)
}

/** `value` from 0 to `digits` digits (at most 15), padded with zeros on the left. */
export function writePadded(bytes: Uint8Array, at: number, value: number, digits: number): number {
  let rest = value
  let left = at + digits
  while (left - at >= 8) {
    const quotient = Math.floor(rest / 1e8)
    left -= 8
    writeEight(bytes, left, rest - quotient * 1e8)
    rest = quotient
  }
  while (left - at >= 2) {
    const quotient = (rest / 100) | 0
    left -= 2
    writePair(bytes, left, rest - quotient * 100)
    rest = quotient
  }
  if (left > at) bytes[at] = 48 + rest
  return at + digits
}

/** `value` from 0 to 2^53 - 1. */
export function writeUint53(bytes: Uint8Array, at: number, value: number): number {
  if (value < 0x8000_0000) return writeUint31(bytes, at, value | 0)
  const high = Math.floor(value / 1e8) // below 2^27
  return writeEight(bytes, writeUint31(bytes, at, high), (value - high * 1e8) | 0)
}

/** `value` from -2^31 to 2^31 - 1. */
export function writeInt32(bytes: Uint8Array, at: number, value: number): number {
  if (value >= 0) return writeUint31(bytes, at, value)
  bytes[at] = MINUS
  if (value === -0x8000_0000) return writeUint53(bytes, at + 1, 0x8000_0000)
  return writeUint31(bytes, at + 1, -value)
}

/** The 64-bit two's complement number `high` (signed) · 2^32 + `low` (its bits, signed or not). */
export function writeInt64(bytes: Uint8Array, at: number, low: number, high: number): number {
  const value = high * 0x1_0000_0000 + (low >>> 0)
  if (value >= 0) {
    if (value <= Number.MAX_SAFE_INTEGER) return writeUint53(bytes, at, value)
    return writeUint64(bytes, at, low, high)
  }
  bytes[at] = MINUS
  if (value >= -Number.MAX_SAFE_INTEGER) return writeUint53(bytes, at + 1, -value)
  const carry = low === 0 ? 1 : 0
  return writeUint64(bytes, at + 1, -low, ~high + carry)
}

/** As `writeInt64`, without a sign. */
export function writeUint64(bytes: Uint8Array, at: number, low: number, high: number): number {
  const top = high >>> 0
  if (top < 0x20_0000) return writeUint53(bytes, at, top * 0x1_0000_0000 + (low >>> 0))
  // Long division by 1e8 in steps of 16 bits: no intermediate value passes 2^53.
  const first = Math.floor(top / 1e8)
  const middle = (top - first * 1e8) * 0x1_0000 + (low >>> 16)
  const second = Math.floor(middle / 1e8)
  const last = (middle - second * 1e8) * 0x1_0000 + (low & 0xffff)
  const third = Math.floor(last / 1e8)
  const quotient = first * 0x1_0000_0000 + second * 0x1_0000 + third
  return writeEight(bytes, writeUint53(bytes, at, quotient), (last - third * 1e8) | 0)
}

function digitCount(value: number): number {
  if (value < 100_000) {
    if (value < 1000) return value < 10 ? 1 : value < 100 ? 2 : 3
    return value < 10_000 ? 4 : 5
  }
  if (value < 10_000_000) return value < 1_000_000 ? 6 : 7
  return value < 100_000_000 ? 8 : value < 1_000_000_000 ? 9 : 10
}

export const MINUS = 0x2d
