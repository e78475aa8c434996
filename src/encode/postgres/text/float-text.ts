import { DOUBLE_BYTES_MAX, writeDouble } from '../../text/double.ts'
import { FLOAT_BYTES_MAX, writeFloat } from '../../text/float.ts'
import { ROUNDED_BYTES_MAX, writeRounded } from '../../text/rounded-float.ts'
import { fixed, valuesOf, type FixedEncoder } from '../../value-encoder.ts'

/** Digits that a decimal keeps through a double and a float: C's DBL_DIG and FLT_DIG. */
const DOUBLE_DIGITS = 15
const FLOAT_DIGITS = 6

/** `writeDouble` writes ahead and takes back. */
const DOUBLE_ROOM = DOUBLE_BYTES_MAX + 8

export function doubleText(extraFloatDigits: number): FixedEncoder {
  if (extraFloatDigits > 0) return shortestDouble
  return rounded('double rounded', Math.max(1, DOUBLE_DIGITS + extraFloatDigits))
}

export function floatText(extraFloatDigits: number): FixedEncoder {
  if (extraFloatDigits > 0) return shortestFloat
  return rounded('float rounded', Math.max(1, FLOAT_DIGITS + extraFloatDigits))
}

export const shortestDouble = fixed<Float64Array>(
  'double',
  DOUBLE_ROOM,
  valuesOf,
  (values, row, bytes, at) => writeDouble(bytes, at, values[row] as number),
)

export const shortestFloat = fixed<Float32Array>(
  'float',
  FLOAT_BYTES_MAX,
  valuesOf,
  (values, row, bytes, at) => writeFloat(bytes, at, values[row] as number),
)

function rounded(name: string, precision: number): FixedEncoder {
  return fixed<Float64Array>(name, ROUNDED_BYTES_MAX, valuesOf, (values, row, bytes, at) =>
    writeRounded(bytes, at, values[row] as number, precision),
  )
}
