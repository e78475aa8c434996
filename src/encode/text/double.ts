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
import { MINUS, writeEight, writePadded, writeUint53 } from './digits.ts'
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
import { finishDigits, startDigits, writeAscii, writeDecimal } from './spelling.ts'

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
  scratch[0] = value
  return writeLong(bytes, at)
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

/**
 * The value is that in `scratch`: a number that is no small integer costs an object for each call
 * that it is passed to, unless the call is inlined. For the same reason it is one long function.
 */
function writeLong(bytes: Uint8Array, at: number): number {
  const value = scratch[0] as number
  const topWord = (scratchWords[1] as number) & 0x7fff_ffff
  const biased = topWord >>> 20
  const magnitude = Math.abs(value)
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

  // Of the numbers nearer to `offset` than `reach`: the nearest multiple of 100, else of 10, else of 1.
  let chosen = offset < 50 ? 0 : 100
  let distance = Math.abs(offset - chosen)
  if (distance >= reach - UNDECIDED) {
    if (distance < reach + UNDECIDED) return writeExact(bytes, at, value)
    chosen = Math.round(offset / 10) * 10
    distance = Math.abs(offset - chosen)
    let tie = 5
    if (distance >= reach - UNDECIDED) {
      if (distance < reach + UNDECIDED) return writeExact(bytes, at, value)
      chosen = Math.round(offset)
      distance = Math.abs(offset - chosen)
      tie = 0.5
    }
    if (distance > tie - UNDECIDED) return writeExact(bytes, at, value)
  }

  bottom += chosen - remainder
  if (bottom >= 1e8) {
    bottom -= 1e8
    top += 1
  } else if (bottom < 0) {
    bottom += 1e8
    top -= 1
  }
  if (top < 1e8 || top >= 1e9) return writeExact(bytes, at, value)
  const start = value < 0 ? writeMinus(bytes, at) : at
  return writeSeventeen(bytes, start, top | 0, bottom | 0, exponent)
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
  const start = startDigits(bytes, at, exponent, EXPONENT_FROM)
  const first = (top / 1e8) | 0
  bytes[start] = 48 + first
  const middle = writeEight(bytes, start + 1, top - first * 1e8)
  const end = writeEight(bytes, middle, bottom)
  return finishDigits(bytes, start, end, exponent, EXPONENT_FROM)
}

function writeExact(bytes: Uint8Array, at: number, value: number): number {
  if (Number.isNaN(value)) return writeAscii(bytes, at, 'NaN')
  const start = value < 0 ? writeMinus(bytes, at) : at
  const magnitude = Math.abs(value)
  if (magnitude === Infinity) return writeAscii(bytes, start, 'Infinity')
  return writeDecimal(bytes, start, shortestExact(magnitude, 64), EXPONENT_FROM)
}
