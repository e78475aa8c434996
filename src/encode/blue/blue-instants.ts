/**
 * Dates and times of the BLUE protocol: days since 0000-03-01, and milliseconds of the day.
 *
 * Clients know the years 1 to 9999; another one would be None or an error there. What is finer than
 * a millisecond is cut off, as the protocol has it: its DATETIME has no more.
 */
import { GatewayError } from '../../base/gateway-error.ts'
import type { ColumnVector } from '../../columnar/column-batch.ts'
import { instant, splitInstant } from '../text/timestamp.ts'
import type { TimeUnit } from '../text/timestamp.ts'
import { valuesOf, wordsOf } from '../value-encoder.ts'
import type { WriteFixed } from './fixed-values.ts'

/** From 0000-03-01 to 1970-01-01. */
const DAYS_TO_1970 = 719_468
/** 0001-01-01 and 9999-12-31. */
const DAY_MIN = 306
const DAY_MAX = 3_652_364

const SECONDS_PER_DAY = 86_400

/** 4 bytes: the day. */
export function dateDays(column: string): WriteFixed {
  return (vector, row, view, at) => {
    view.setInt32(at, dayOf(column, valuesOf(vector)[row] as number), true)
  }
}

/** 8 bytes: milliseconds since midnight, then the day. */
export function dateTime(column: string, unit: TimeUnit): WriteFixed {
  let known: ColumnVector | undefined
  let words: Int32Array = new Int32Array(0)
  return (vector, row, view, at) => {
    if (vector !== known) words = wordsOf((known = vector))
    splitInstant(words[row * 2] as number, words[row * 2 + 1] as number, unit)
    const { seconds, fraction } = instant
    const days = Math.floor(seconds / SECONDS_PER_DAY)
    const millis = Math.floor((fraction * 1000) / unit.perSecond)
    view.setUint32(at, (seconds - days * SECONDS_PER_DAY) * 1000 + millis, true)
    view.setInt32(at + 4, dayOf(column, days), true)
  }
}

function dayOf(column: string, daysSince1970: number): number {
  const day = daysSince1970 + DAYS_TO_1970
  if (day >= DAY_MIN && day <= DAY_MAX) return day
  throw new GatewayError(
    'datetime_field_overflow',
    `column "${column}" holds a date outside of the years 1 to 9999, which this protocol cannot carry`,
    { hint: 'Cast it to text: CAST(… AS VARCHAR).' },
  )
}
