/** NUMERIC of the BLUE protocol: 128 bits, two's complement, times ten to the scale. */
import type { ColumnType } from '../../columnar/column-type.ts'
import { valuesOf } from '../value-encoder.ts'
import { copied, written } from './fixed-values.ts'
import type { FixedColumn } from './fixed-values.ts'

export const NUMERIC_BYTES = 16

/** Up to which precision the engine keeps a decimal in 32 and in 64 bits. */
const PRECISION_OF_32_BITS = 9
const PRECISION_OF_64_BITS = 18

export function numericValues(type: Extract<ColumnType, { kind: 'decimal' }>): FixedColumn {
  if (type.precision <= PRECISION_OF_32_BITS) return narrow
  return type.precision <= PRECISION_OF_64_BITS ? wide : copied(NUMERIC_BYTES)
}

const narrow = written(NUMERIC_BYTES, (vector, row, view, at) => {
  const value = valuesOf(vector)[row] as number
  const sign = value < 0 ? -1 : 0
  view.setInt32(at, value, true)
  view.setInt32(at + 4, sign, true)
  view.setInt32(at + 8, sign, true)
  view.setInt32(at + 12, sign, true)
})

const wide = written(NUMERIC_BYTES, (vector, row, view, at) => {
  const value = valuesOf(vector)[row] as bigint
  view.setBigInt64(at, value, true)
  view.setBigInt64(at + 8, value < 0n ? -1n : 0n, true)
})
