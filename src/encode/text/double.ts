/**
 * Doubles as the shortest text that reads back as the same double, in PostgreSQL's spelling.
 *
 * `String(x)` plus copying its characters costs about 150 ns for 17 digits and was a third of the
 * time of numeric results. This takes about a quarter of that: the double is scaled to 17 digits in
 * double-double arithmetic (error below 2^-47 of a unit), and the shortest decimal inside the
 * rounding interval is looked for among the multiples of 100, 10 and 1 (the interval is 1.1 to 22
 * units wide, so there is no other). What lies within 2^-40 of a decision goes to the exact way;
 * so do powers of two, whose interval is lopsided, and exponents near the ends of the range.
 *
 * Source of the spelling: PostgreSQL, src/common/d2s.c, to_chars and double_to_shortest_decimal_buf.
 */
import { MINUS, writeEight, writePadded, writeUint31, writeUint53 } from './digits.ts'
import {
  DECIMAL_EXPONENT,
  HALF_ULP,
  HIGH,
  HIGH_LOWER,
  HIGH_UPPER,
  LOW,
  POWER_MIN,
} from './powers-of-ten.ts'
import { shortestExact } from './shortest-exact.ts'
import { writeAscii, writeDecimal } from './spelling.ts'

/** `-1.2345678901234567e-308` */
export const DOUBLE_BYTES_MAX = 24

/** From this power of ten on PostgreSQL writes an exponent. */
const EXPONENT_FROM = 15

const UNDECIDED = 2 ** -40
const SPLITTER = 2 ** 27 + 1

/** Doubles beyond 1e±240 leave the table of powers: they go the exact way. */
const BIASED_MIN = 1023 - 797
const BIASED_MAX = 1023 + 797

const scratch = new Float64Array(1)
const scratchWords = new Uint32Array(scratch.buffer)

/** Needs room for `DOUBLE_BYTES_MAX` bytes, plus 8 that it may write and take back. */
export function writeDouble(bytes: Uint8Array, at: number, value: number): number {
  const magnitude = value < 0 ? -value : value
  if (magnitude < 1e15) {
    if (Math.floor(magnitude) === magnitude) {
      const start = value < 0 || (value === 0 && 1 / value < 0) ? writeMinus(bytes, at) : at
      return writeUint53(bytes, start, magnitude)
    }
    if (magnitude < 1e11) {
      // At most 15 digits that read back as the same double are its shortest: there is only one.
      const thousandths = Math.round(magnitude * 1000)
      if (thousandths / 1000 === magnitude) {
        return writeThousandths(bytes, value < 0 ? writeMinus(bytes, at) : at, thousandths)
      }
    }
  }
  return writeLong(bytes, at, value, magnitude)
}

function writeMinus(bytes: Uint8Array, at: number): number {
  bytes[at] = MINUS
  return at + 1
}

/** Not a multiple of 1000: integers are written before. */
function writeThousandths(bytes: Uint8Array, at: number, thousandths: number): number {
  const whole = Math.floor(thousandths / 1000)
  const fraction = (thousandths - whole * 1000) | 0
  const point = writeUint53(bytes, at, whole)
  bytes[point] = 0x2e
  const end = writePadded(bytes, point + 1, fraction, 3)
  if (fraction % 10 !== 0) return end
  return fraction % 100 === 0 ? end - 2 : end - 1
}

function writeLong(bytes: Uint8Array, at: number, value: number, magnitude: number): number {
  scratch[0] = magnitude
  const topWord = scratchWords[1] as number
  const biased = topWord >>> 20
  if (biased <= BIASED_MIN || biased >= BIASED_MAX) return writeExact(bytes, at, value)
  if (scratchWords[0] === 0 && (topWord & 0xf_ffff) === 0) return writeExact(bytes, at, value)

  let exponent = DECIMAL_EXPONENT[biased] as number
  if (magnitude >= (HIGH[exponent + 1 - POWER_MIN] as number)) exponent += 1
  const index = 16 - exponent - POWER_MIN

  // scaled + rest = magnitude · 10^(16 - exponent); `scaled` is an integer, `rest` below 21
  const power = HIGH[index] as number
  const powerUpper = HIGH_UPPER[index] as number
  const powerLower = HIGH_LOWER[index] as number
  const wide = magnitude * SPLITTER
  const upper = wide - (wide - magnitude)
  const lower = magnitude - upper
  const scaled = magnitude * power
  const error =
    upper * powerUpper - scaled + upper * powerLower + lower * powerUpper + lower * powerLower
  const rest = error + magnitude * (LOW[index] as number)
  const reach = (HALF_ULP[biased] as number) * power

  let top = Math.floor(scaled / 1e8)
  let bottom = scaled - top * 1e8
  if (bottom < 0) {
    top -= 1
    bottom += 1e8
  }
  const remainder = (bottom | 0) % 100
  const offset = remainder + rest
  const chosen = choose(offset, reach)
  if (chosen === UNDECIDABLE) return writeExact(bytes, at, value)

  bottom += chosen - remainder
  if (bottom >= 1e8) {
    bottom -= 1e8
    top += 1
  } else if (bottom < 0) {
    bottom += 1e8
    top -= 1
  }
  if (top < 1e8 || top >= 1e9) return writeExact(bytes, at, value)
  return writeSeventeen(bytes, value < 0 ? writeMinus(bytes, at) : at, top, bottom, exponent)
}

const UNDECIDABLE = -1000

/**
 * Of the numbers nearer to `offset` than `reach`, the nearest multiple of 100, else of 10, else of 1.
 */
function choose(offset: number, reach: number): number {
  const hundred = offset < 50 ? 0 : 100
  const fromHundred = Math.abs(offset - hundred)
  if (fromHundred < reach - UNDECIDED) return hundred
  if (fromHundred < reach + UNDECIDED) return UNDECIDABLE

  const ten = Math.round(offset / 10) * 10
  const fromTen = Math.abs(offset - ten)
  if (fromTen < reach + UNDECIDED) {
    return fromTen < reach - UNDECIDED && fromTen < 5 - UNDECIDED ? ten : UNDECIDABLE
  }
  const one = Math.round(offset)
  return Math.abs(offset - one) < 0.5 - UNDECIDED ? one : UNDECIDABLE
}

/**
 * The 17 digits of `top` (nine) and `bottom` (eight), of which zeros at the end are not written.
 * `exponent` is that of the first digit.
 */
function writeSeventeen(
  bytes: Uint8Array,
  at: number,
  top: number,
  bottom: number,
  exponent: number,
): number {
  const fixed = exponent >= -4 && exponent < EXPONENT_FROM
  let start = at
  if (fixed && exponent < 0) {
    bytes[start] = 0x30
    bytes[start + 1] = 0x2e
    start += 2
    for (let zeros = -1 - exponent; zeros > 0; zeros -= 1) {
      bytes[start] = 0x30
      start += 1
    }
  }
  const first = (top / 1e8) | 0
  const beforePoint = !fixed ? 1 : exponent < 0 ? 0 : exponent + 1
  // One place for the point is left free in front of the digits, which then move up to it.
  let end = beforePoint === 0 ? start : start + 1
  bytes[end] = 48 + first
  end = writeEight(bytes, end + 1, (top - first * 1e8) | 0)
  end = writeEight(bytes, end, bottom | 0)
  if (beforePoint > 0) {
    for (let i = start; i < start + beforePoint; i += 1) bytes[i] = bytes[i + 1] as number
    bytes[start + beforePoint] = 0x2e
  }
  while (bytes[end - 1] === 0x30) end -= 1
  if (bytes[end - 1] === 0x2e) end -= 1
  return fixed ? end : writeExponent(bytes, end, exponent)
}

/** `e+20`, `e-05`, `e+100`: at least two digits. */
function writeExponent(bytes: Uint8Array, at: number, exponent: number): number {
  bytes[at] = 0x65
  bytes[at + 1] = exponent < 0 ? MINUS : 0x2b
  const magnitude = Math.abs(exponent)
  if (magnitude >= 100) return writeUint31(bytes, at + 2, magnitude)
  return writePadded(bytes, at + 2, magnitude, 2)
}

function writeExact(bytes: Uint8Array, at: number, value: number): number {
  if (Number.isNaN(value)) return writeAscii(bytes, at, 'NaN')
  const start = value < 0 ? writeMinus(bytes, at) : at
  const magnitude = Math.abs(value)
  if (magnitude === Infinity) return writeAscii(bytes, start, 'Infinity')
  return writeDecimal(bytes, start, shortestExact(magnitude, 64), EXPONENT_FROM)
}
