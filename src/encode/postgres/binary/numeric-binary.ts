/**
 * Numerics in binary: digits in base 10,000, aligned to the decimal point.
 *
 * Source: PostgreSQL, numeric.c, numeric_send: number of digits, weight of the first one, sign,
 * decimal places, digits; zeros at both ends are left out.
 */
import type { ColumnType } from '../../../columnar/column-type.ts'
import { ByteWriter } from '../../../base/byte-writer.ts'
import { appendValue, fixed, valuesOf, wordsOf } from '../../value-encoder.ts'
import type { FixedEncoder, FreeEncoder, ValueEncoder } from '../../value-encoder.ts'
import { decimalText } from '../text/integer-text.ts'
import { writeNumericText } from './numeric-digits.ts'

/** Header and 38 digits, which may touch 11 groups. */
const NUMERIC_BYTES_MAX = 8 + 2 * 11

const NEGATIVE = 0x4000

/** Fractions of up to one group take the quick way. */
const QUICK_SCALE_MAX = 4

export function decimalBinary(type: Extract<ColumnType, { kind: 'decimal' }>): FixedEncoder {
  const { precision, scale } = type
  const text = decimalText(type)
  const toText = (values: Parameters<typeof text.write>[0], row: number) => {
    scratch.truncate(0)
    scratch.reserve(text.bytesMax)
    return text.write(values, row, scratch.bytes, 0)
  }
  if (precision <= 9) {
    return fixed<Int32Array>(
      'decimal32 binary',
      NUMERIC_BYTES_MAX,
      valuesOf,
      (values, row, bytes, at) => {
        if (scale <= QUICK_SCALE_MAX) return writeQuick(bytes, at, values[row] as number, scale)
        return writeNumericText(bytes, at, scratch.bytes, 0, toText(values, row))
      },
    )
  }
  const words = precision <= 18 ? 2 : 4
  return fixed<Int32Array>(
    `decimal${words * 32} binary`,
    NUMERIC_BYTES_MAX,
    wordsOf,
    (values, row, bytes, at) => {
      const low = values[row * words] as number
      const high = values[row * words + 1] as number
      const value = high * 0x1_0000_0000 + (low >>> 0)
      const fits =
        Math.abs(value) <= Number.MAX_SAFE_INTEGER &&
        (words === 2 || (values[row * 4 + 2] === high >> 31 && values[row * 4 + 3] === high >> 31))
      if (fits && scale <= QUICK_SCALE_MAX) return writeQuick(bytes, at, value, scale)
      return writeNumericText(bytes, at, scratch.bytes, 0, toText(values, row))
    },
  )
}

/** By way of the value's decimal text: for wide integers, of which few are many. */
export function numericFromText(text: ValueEncoder): FreeEncoder {
  return {
    kind: 'free',
    write(vector, row, out) {
      scratch.truncate(0)
      appendValue(text, vector, row, scratch)
      const digits = scratch.position
      // one group for each four digits, and one more on either side of the point
      out.reserve(8 + 2 * (Math.ceil(digits / 4) + 2))
      out.position = writeNumericText(out.bytes, out.position, scratch.bytes, 0, digits)
    },
  }
}

const POWERS = Int32Array.of(1, 10, 100, 1000, 10_000)

const scratch = new ByteWriter(64)

/** `value`, a safe integer, divided by 10^scale, scale up to 4. */
function writeQuick(bytes: Uint8Array, at: number, value: number, scale: number): number {
  const magnitude = Math.abs(value)
  const power = POWERS[scale] as number
  const whole = Math.floor(magnitude / power)
  const fraction = (magnitude - whole * power) * (POWERS[4 - scale] as number)
  const third = Math.floor(whole / 1e8)
  const lower = whole - third * 1e8
  const second = (lower / 1e4) | 0
  const first = lower - second * 1e4
  const fourth = (third / 1e4) | 0 // 2^53 has 16 digits: four groups
  const top = third - fourth * 1e4

  const weight = fourth > 0 ? 3 : top > 0 ? 2 : second > 0 ? 1 : first > 0 ? 0 : -1
  let end = at + 8
  if (weight === 3) end = store16(bytes, end, fourth)
  if (weight >= 2) end = store16(bytes, end, top)
  if (weight >= 1) end = store16(bytes, end, second)
  if (weight >= 0) end = store16(bytes, end, first)
  if (fraction > 0) end = store16(bytes, end, fraction)
  while (end > at + 8 && bytes[end - 1] === 0 && bytes[end - 2] === 0) end -= 2

  const count = (end - at - 8) >> 1
  store16(bytes, at, count)
  store16(bytes, at + 2, count === 0 ? 0 : weight)
  store16(bytes, at + 4, value < 0 ? NEGATIVE : 0)
  store16(bytes, at + 6, scale)
  return end
}

function store16(bytes: Uint8Array, at: number, value: number): number {
  bytes[at] = value >> 8
  bytes[at + 1] = value
  return at + 2
}
