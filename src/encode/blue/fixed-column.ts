/** How the values of a type are written whose values all have one length. */
import { blueTypeOf, BLUE_TYPE } from '../../columnar/blue-type.ts'
import type { ColumnField, ColumnType } from '../../columnar/column-type.ts'
import { MICROSECONDS, MILLISECONDS, NANOSECONDS, SECONDS } from '../text/timestamp.ts'
import { dateDays, dateTime } from './blue-instants.ts'
import { copied, written } from './fixed-values.ts'
import type { FixedColumn } from './fixed-values.ts'
import { hugeintValues, numericValues } from './numeric-values.ts'

/** Undefined for what goes as text. */
export function fixedColumn({ name, type }: ColumnField): FixedColumn | undefined {
  const blue = blueTypeOf(type)
  if (blue.code === BLUE_TYPE.ARRAY || blue.code === BLUE_TYPE.BLOB) return undefined
  switch (type.kind) {
    case 'decimal':
      return numericValues(type)
    case 'hugeint':
      return hugeintValues(name)
    case 'date':
      return written(blue.size, dateDays(name))
    case 'timestamp':
    case 'timestamp_s':
    case 'timestamp_ms':
    case 'timestamp_ns':
    case 'timestamp_tz':
      return written(blue.size, dateTime(name, UNITS[type.kind]))
    default:
      return copied(blue.size)
  }
}

const UNITS = {
  timestamp: MICROSECONDS,
  timestamp_s: SECONDS,
  timestamp_ms: MILLISECONDS,
  timestamp_ns: NANOSECONDS,
  timestamp_tz: MICROSECONDS,
} as const satisfies Partial<Record<ColumnType['kind'], unknown>>
