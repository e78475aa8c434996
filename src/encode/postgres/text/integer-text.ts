import type { ColumnType } from '../../../columnar/column-type.ts'
import {
  DECIMAL_BYTES_MAX,
  writeScaled,
  writeScaled128,
  writeScaled64,
} from '../../text/decimal.ts'
import { writeInt32, writeInt64, writeUint53, writeUint64 } from '../../text/digits.ts'
import { INT128_BYTES_MAX, writeInt128, writeUint128 } from '../../text/wide-integer.ts'
import { fixed, valuesOf, wordsOf, type FixedEncoder } from '../../value-encoder.ts'

/** Of any integer column whose values fit 32 bits with a sign. */
export function int32Text(name: string): FixedEncoder {
  return fixed<Int32Array>(name, 11, valuesOf, (values, row, bytes, at) =>
    writeInt32(bytes, at, values[row] as number),
  )
}

export const uint32Text = fixed<Uint32Array>('uinteger', 10, valuesOf, (values, row, bytes, at) =>
  writeUint53(bytes, at, values[row] as number),
)

export const bigintText = fixed<Int32Array>('bigint', 20, wordsOf, (words, row, bytes, at) =>
  writeInt64(bytes, at, words[row * 2] as number, words[row * 2 + 1] as number),
)

export const ubigintText = fixed<Int32Array>('ubigint', 20, wordsOf, (words, row, bytes, at) =>
  writeUint64(bytes, at, words[row * 2] as number, words[row * 2 + 1] as number),
)

export const hugeintText = fixed<Int32Array>(
  'hugeint',
  INT128_BYTES_MAX,
  wordsOf,
  (words, row, bytes, at) =>
    writeInt128(
      bytes,
      at,
      words[row * 4] as number,
      words[row * 4 + 1] as number,
      words[row * 4 + 2] as number,
      words[row * 4 + 3] as number,
    ),
)

export const uhugeintText = fixed<Int32Array>(
  'uhugeint',
  INT128_BYTES_MAX,
  wordsOf,
  (words, row, bytes, at) =>
    writeUint128(
      bytes,
      at,
      words[row * 4] as number,
      words[row * 4 + 1] as number,
      words[row * 4 + 2] as number,
      words[row * 4 + 3] as number,
    ),
)

/** The width of a decimal's integer follows its precision: 16, 32, 64 or 128 bits. */
export function decimalText(type: Extract<ColumnType, { kind: 'decimal' }>): FixedEncoder {
  const { precision, scale } = type
  if (precision <= 9) {
    const name = precision <= 4 ? 'decimal16' : 'decimal32'
    return fixed<Int32Array>(name, DECIMAL_BYTES_MAX, valuesOf, (values, row, bytes, at) =>
      writeScaled(bytes, at, values[row] as number, scale),
    )
  }
  if (precision <= 18) {
    return fixed<Int32Array>('decimal64', DECIMAL_BYTES_MAX, wordsOf, (words, row, bytes, at) =>
      writeScaled64(bytes, at, words[row * 2] as number, words[row * 2 + 1] as number, scale),
    )
  }
  return fixed<Int32Array>('decimal128', DECIMAL_BYTES_MAX, wordsOf, (words, row, bytes, at) =>
    writeScaled128(
      bytes,
      at,
      words[row * 4] as number,
      words[row * 4 + 1] as number,
      words[row * 4 + 2] as number,
      words[row * 4 + 3] as number,
      scale,
    ),
  )
}
