/**
 * Binary numerics: groups of four digits.
 *
 * Source: PostgreSQL, numeric.c, numeric_recv.
 */
import type { ByteReader } from '../../../base/byte-reader.ts'
import { exactNumeric, tooManyDigits } from './numeric-text.ts'
import type { Numeric } from './numeric-text.ts'
import { badBinary } from './refuse-parameter.ts'

const POSITIVE = 0x0000
const NEGATIVE = 0x4000
/** Far more than a value that can be kept has, and few enough to handle as a string. */
const GROUPS_MAX = 250

/** NaN, Infinity, -Infinity. */
const NOT_NUMBERS = new Set([0xc000, 0xd000, 0xf000])

/** Errors as `numericText`. */
export function numericBinary(reader: ByteReader): string {
  return exactNumeric(readNumericBinary(reader))
}

/** Of any length that can be kept. Errors as `numericText`. */
export function readNumericBinary(reader: ByteReader): Numeric {
  const count = reader.uint16('number of digits')
  const weight = reader.int16('weight')
  const sign = reader.uint16('sign')
  reader.int16('decimal places')
  if (NOT_NUMBERS.has(sign)) throw tooManyDigits()
  if (sign !== POSITIVE && sign !== NEGATIVE) throw badBinary('numeric')
  if (count * 2 !== reader.bytesLeft) throw badBinary('numeric')
  if (count > GROUPS_MAX) throw tooManyDigits()
  let digits = ''
  for (let i = 0; i < count; i += 1) {
    const group = reader.uint16('digit')
    if (group > 9999) throw badBinary('numeric')
    digits += String(group).padStart(4, '0')
  }
  return { negative: sign === NEGATIVE, digits, point: (weight + 1) * 4 }
}
