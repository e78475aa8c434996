/** DECIMAL as text: every digit of the integer below, with the point where the scale says. */
import { MINUS, writePadded, writePair, writeUint31, writeUint53 } from './digits.ts'
import { writeInt128 } from './wide-integer.ts'

/** 38 digits, sign, point, and a zero before the point. */
export const DECIMAL_BYTES_MAX = 41

const POINT = 0x2e
const ZERO = 0x30

/** 10^0 to 10^15, exact. */
const POWERS = Float64Array.from({ length: 16 }, (_, n) => Number(`1e${n}`))

/**
 * An integer of magnitude up to 2^53 - 1, divided by 10^scale.
 *
 * @param scale Up to 38.
 */
export function writeScaled(bytes: Uint8Array, at: number, value: number, scale: number): number {
  let start = at
  let magnitude = value
  if (value < 0) {
    bytes[start] = MINUS
    start += 1
    magnitude = -value
  }
  if (scale === 2 && magnitude < 0x8000_0000) return writeHundredths(bytes, start, magnitude | 0)
  if (scale === 0) return writeUint53(bytes, start, magnitude)
  if (scale > 15) return pointInto(bytes, start, writeUint53(bytes, start, magnitude), scale)
  const power = POWERS[scale] as number
  // Exact: a quotient below 2^53 / power cannot be rounded up to the next integer.
  const whole = Math.floor(magnitude / power)
  const point = writeUint53(bytes, start, whole)
  bytes[point] = POINT
  return writePadded(bytes, point + 1, magnitude - whole * power, scale)
}

/** Money, mostly. Division by a constant is a multiplication, and takes a third of the time. */
function writeHundredths(bytes: Uint8Array, at: number, value: number): number {
  const whole = (value / 100) | 0
  const point = writeUint31(bytes, at, whole)
  bytes[point] = POINT
  return writePair(bytes, point + 1, value - whole * 100)
}

/** As `writeScaled`, for a 64-bit two's complement integer. */
export function writeScaled64(
  bytes: Uint8Array,
  at: number,
  low: number,
  high: number,
  scale: number,
): number {
  const value = high * 0x1_0000_0000 + (low >>> 0)
  if (Math.abs(value) <= Number.MAX_SAFE_INTEGER) return writeScaled(bytes, at, value, scale)
  const sign = high >> 31
  return writeScaled128(bytes, at, low, high, sign, sign, scale)
}

/** As `writeScaled`, for a 128-bit two's complement integer, lowest word first. */
export function writeScaled128(
  bytes: Uint8Array,
  at: number,
  word0: number,
  word1: number,
  word2: number,
  word3: number,
  scale: number,
): number {
  const sign = word1 >> 31
  if (word2 === sign && word3 === sign) {
    const value = word1 * 0x1_0000_0000 + (word0 >>> 0)
    if (Math.abs(value) <= Number.MAX_SAFE_INTEGER) return writeScaled(bytes, at, value, scale)
  }
  const end = writeInt128(bytes, at, word0, word1, word2, word3)
  if (scale === 0) return end
  return pointInto(bytes, word3 < 0 ? at + 1 : at, end, scale)
}

/** Puts the point into the digits from `start` to `end`, with zeros before it where they are few. */
function pointInto(bytes: Uint8Array, start: number, end: number, scale: number): number {
  const digits = end - start
  if (digits > scale) {
    bytes.copyWithin(end - scale + 1, end - scale, end)
    bytes[end - scale] = POINT
    return end + 1
  }
  const shift = scale - digits + 2
  bytes.copyWithin(start + shift, start, end)
  bytes.fill(ZERO, start, start + shift)
  bytes[start + 1] = POINT
  return end + shift
}
