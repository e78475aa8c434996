/** Refusals of values that a binary format cannot carry exactly. */
import { GatewayError } from '../../../base/gateway-error.ts'

export function belowMicrosecond(column: string, type: 'time' | 'timestamp'): GatewayError {
  return new GatewayError(
    'datetime_field_overflow',
    `column "${column}" has a ${type} with digits below the microsecond`,
    {
      detail: `PostgreSQL's binary ${type} counts microseconds.`,
      hint: `Cast the column to ${type.toUpperCase()} to round it, to VARCHAR to keep its digits, or ask for text.`,
    },
  )
}

export function outOfRange(column: string, type: 'date' | 'timestamp'): GatewayError {
  return new GatewayError(
    'datetime_field_overflow',
    `column "${column}" has a ${type} outside of the range of PostgreSQL's type`,
    { hint: 'Cast the column to VARCHAR, or ask for text.' },
  )
}

export function numericTooLong(): GatewayError {
  return new GatewayError(
    'numeric_value_out_of_range',
    'a number has more digits than a PostgreSQL numeric holds',
    { hint: 'Cast it to VARCHAR, or ask for text.' },
  )
}
