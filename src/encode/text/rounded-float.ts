/**
 * Floating point numbers with a fixed number of significant digits, as C's `%.*g` prints them: what
 * PostgreSQL does when extra_float_digits is 0 or less.
 */
import { writeAscii, spellDecimal } from './spelling.ts'

/** `-1.23456789012345e-308` */
export const ROUNDED_BYTES_MAX = 24

/** @param precision Significant digits, at least 1 and at most 15. */
export function writeRounded(
  bytes: Uint8Array,
  at: number,
  value: number,
  precision: number,
): number {
  return writeAscii(bytes, at, spellRounded(value, precision))
}

function spellRounded(value: number, precision: number): string {
  if (!Number.isFinite(value)) return String(value)
  const sign = value < 0 || Object.is(value, -0) ? '-' : ''
  if (value === 0) return `${sign}0`
  const [digits = '', exponent = ''] = halfEven(Math.abs(value), precision).split('e')
  const significant = digits.replace('.', '').replace(/0+$/, '')
  return sign + spellDecimal(significant, Number(exponent), precision)
}

/** `toExponential`, but a tie goes to the even digit, as in C, and not up. */
function halfEven(magnitude: number, precision: number): string {
  const rounded = magnitude.toExponential(precision - 1)
  // oxlint-disable-next-line oxc/number-arg-out-of-range -- up to 100 since ECMAScript 2018
  const all = magnitude.toExponential(100).replace('.', '')
  const tie = all.charAt(precision) === '5' && /^0*e/.test(all.slice(precision + 1))
  if (!tie) return rounded
  const even = Number(all.charAt(precision - 1)) % 2 === 0
  if (!even) return rounded
  const kept = `${all.charAt(0)}.${all.slice(1, precision)}`
  return `${kept}e${all.slice(all.indexOf('e') + 1)}`
}
