/** Decimals given as digits and an exponent, in PostgreSQL's spelling of floating point numbers. */
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

export function writeAscii(bytes: Uint8Array, at: number, text: string): number {
  for (let i = 0; i < text.length; i += 1) bytes[at + i] = text.charCodeAt(i)
  return at + text.length
}
