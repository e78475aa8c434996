/** NUMERIC of the BLUE protocol: 128 bits, two's complement, times ten to the scale. */
import { GatewayError } from '../../base/gateway-error.ts'
import type { ColumnType } from '../../columnar/column-type.ts'
import { valuesOf } from '../value-encoder.ts'
import { copied, written } from './fixed-values.ts'
import type { FixedColumn } from './fixed-values.ts'

const NUMERIC_BYTES = 16

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

/** Connectors make decimals of 38 digits of them, and would round a longer one. */
const HUGEINT_MAX = 10n ** 38n - 1n
/** With less in its upper word no value has so many digits. */
const UPPER_WORD_SAFE = HUGEINT_MAX >> 64n

export function hugeintValues(column: string): FixedColumn {
  return written(NUMERIC_BYTES, (vector, row, view, at) => {
    const words = valuesOf(vector)
    const low = words[row * 2] as bigint
    const high = BigInt.asIntN(64, words[row * 2 + 1] as bigint)
    if (high >= UPPER_WORD_SAFE || high < -UPPER_WORD_SAFE) {
      const value = (high << 64n) | low
      if (value > HUGEINT_MAX || value < -HUGEINT_MAX) throw tooManyDigits(column)
    }
    view.setBigUint64(at, low, true)
    view.setBigInt64(at + 8, high, true)
  })
}

function tooManyDigits(column: string): GatewayError {
  return new GatewayError(
    'numeric_value_out_of_range',
    `column "${column}" holds an integer of more than 38 digits, which this protocol cannot carry`,
    { hint: 'Cast it to text: CAST(… AS VARCHAR).' },
  )
}
