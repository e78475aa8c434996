/**
 * Floats (32 bits) as the shortest text that reads back as the same float, in PostgreSQL's spelling.
 *
 * The method is that of double.ts; a double's own precision is enough for nine digits.
 */
import { MINUS, writePadded, writeUint31 } from './digits.ts'
import { DECIMAL_EXPONENT, HIGH, POWER_MIN } from './powers-of-ten.ts'
import { shortestExact } from './shortest-exact.ts'
import { finishDigits, startDigits, writeAscii, writeDecimal } from './spelling.ts'

/** `-1.17549435e-38`, and zeros that are written and taken back. */
export const FLOAT_BYTES_MAX = 20

/** From this power of ten on PostgreSQL writes an exponent. */
const EXPONENT_FROM = 6

const UNDECIDED = 2 ** -16

const scratch = new Float32Array(1)
const scratchWord = new Uint32Array(scratch.buffer)

/** `value` as read from a Float32Array. Needs room for `FLOAT_BYTES_MAX` bytes. */
export function writeFloat(bytes: Uint8Array, at: number, value: number): number {
  const negative = value < 0 || (value === 0 && 1 / value < 0)
  const magnitude = Math.abs(value)
  if (magnitude < 1e6) {
    let start = at
    if (negative) {
      bytes[start] = MINUS
      start += 1
    }
    if (Math.floor(magnitude) === magnitude) return writeUint31(bytes, start, magnitude)
    // At most six digits that read back as the same float are its shortest.
    const thousandths = Math.round(magnitude * 1000)
    if (thousandths < 1e6 && Math.fround(thousandths / 1000) === magnitude) {
      const whole = Math.floor(thousandths / 1000)
      const fraction = thousandths - whole * 1000
      const point = writeUint31(bytes, start, whole)
      bytes[point] = 0x2e
      const end = writePadded(bytes, point + 1, fraction, 3)
      if (fraction % 10 !== 0) return end
      return fraction % 100 === 0 ? end - 2 : end - 1
    }
  }
  return writeLong(bytes, at, value, magnitude)
}

function writeLong(bytes: Uint8Array, at: number, value: number, magnitude: number): number {
  scratch[0] = magnitude
  const word = scratchWord[0] as number
  const biased = word >>> 23
  if (biased === 0 || biased === 255 || (word & 0x7f_ffff) === 0)
    return writeExact(bytes, at, value)
  let exponent = DECIMAL_EXPONENT[biased - 127 + 1023] as number
  if (magnitude >= (HIGH[exponent + 1 - POWER_MIN] as number)) exponent += 1
  const power = HIGH[8 - exponent - POWER_MIN] as number
  const scaled = magnitude * power
  const reach = 2 ** (biased - 151) * power
  const chosen = choose(scaled, reach)
  if (chosen < 1e8 || chosen >= 1e9) return writeExact(bytes, at, value)

  const sign = value < 0 ? 1 : 0
  if (sign === 1) bytes[at] = MINUS
  const start = startDigits(bytes, at + sign, exponent, EXPONENT_FROM)
  const end = writeUint31(bytes, start, chosen)
  return finishDigits(bytes, start, end, exponent, EXPONENT_FROM)
}

/** The interval is 6 to 119 wide: the nearest multiple of 1000, 100, 10 or 1 in it; 0 if undecided. */
function choose(scaled: number, reach: number): number {
  for (let unit = 1000; unit >= 1; unit /= 10) {
    const candidate = Math.round(scaled / unit) * unit
    const distance = Math.abs(scaled - candidate)
    if (distance < reach + UNDECIDED) {
      const decided = distance < reach - UNDECIDED && distance < unit / 2 - UNDECIDED
      return decided ? candidate : 0
    }
  }
  return 0
}

function writeExact(bytes: Uint8Array, at: number, value: number): number {
  if (Number.isNaN(value)) return writeAscii(bytes, at, 'NaN')
  let start = at
  if (value < 0) {
    bytes[start] = MINUS
    start += 1
  }
  const magnitude = Math.abs(value)
  if (magnitude === Infinity) return writeAscii(bytes, start, 'Infinity')
  return writeDecimal(bytes, start, shortestExact(magnitude, 32), EXPONENT_FROM)
}
