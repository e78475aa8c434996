/** Decimals given as digits and an exponent, in PostgreSQL's spelling of floating point numbers. */
import { MINUS, writePadded, writeUint31 } from './digits.ts'
import type { Decimal } from './shortest-exact.ts'

/**
 * `12.5`, `0.0001`, `1e-05`, `1.5e+20`.
 *
 * @param exponentFrom The power of ten from which on the form with an exponent is used.
 */
export function writeDecimal(
  bytes: Uint8Array,
  at: number,
  { digits, exponent }: Decimal,
  exponentFrom: number,
): number {
  return writeAscii(bytes, at, spellDecimal(digits, exponent, exponentFrom))
}

export function spellDecimal(digits: string, exponent: number, exponentFrom: number): string {
  if (exponent < -4 || exponent >= exponentFrom) {
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : ''
    const sign = exponent < 0 ? '-' : '+'
    return `${digits.charAt(0)}${fraction}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`
  }
  if (exponent < 0) return `0.${'0'.repeat(-1 - exponent)}${digits}`
  if (digits.length <= exponent + 1) return digits.padEnd(exponent + 1, '0')
  return `${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`
}

/**
 * For digits that are written straight into `bytes`: writes what stands before them and gives the
 * place where they begin. `finishDigits` then brings them into form.
 *
 * @param exponent Of the first digit.
 */
export function startDigits(
  bytes: Uint8Array,
  at: number,
  exponent: number,
  exponentFrom: number,
): number {
  // One place for the point is left free in front of the digits, which then move up to it.
  if (exponent >= 0 || exponent < -4 || exponent >= exponentFrom) return at + 1
  bytes[at] = ZERO
  bytes[at + 1] = POINT
  let start = at + 2
  for (let zeros = -1 - exponent; zeros > 0; zeros -= 1) {
    bytes[start] = ZERO
    start += 1
  }
  return start
}

/** @param end Behind the last digit; zeros there are taken away. */
export function finishDigits(
  bytes: Uint8Array,
  start: number,
  end: number,
  exponent: number,
  exponentFrom: number,
): number {
  const fixed = exponent >= -4 && exponent < exponentFrom
  const beforePoint = !fixed ? 1 : exponent < 0 ? 0 : exponent + 1
  if (beforePoint > 0) {
    const point = start + beforePoint - 1
    for (let i = start - 1; i < point; i += 1) bytes[i] = bytes[i + 1] as number
    bytes[point] = POINT
  }
  let last = end
  while (bytes[last - 1] === ZERO) last -= 1
  if (bytes[last - 1] === POINT) last -= 1
  return fixed ? last : writeExponent(bytes, last, exponent)
}

/** `e+20`, `e-05`, `e+100`: at least two digits. */
function writeExponent(bytes: Uint8Array, at: number, exponent: number): number {
  bytes[at] = 0x65
  bytes[at + 1] = exponent < 0 ? MINUS : 0x2b
  const magnitude = Math.abs(exponent)
  if (magnitude >= 100) return writeUint31(bytes, at + 2, magnitude)
  return writePadded(bytes, at + 2, magnitude, 2)
}

const ZERO = 0x30
const POINT = 0x2e

export function writeAscii(bytes: Uint8Array, at: number, text: string): number {
  for (let i = 0; i < text.length; i += 1) bytes[at + i] = text.charCodeAt(i)
  return at + text.length
}
