import { splitTimeTz, timeTz } from '../../text/time-tz.ts'
import { fixed, valuesOf, wordsOf, type FixedEncoder } from '../../value-encoder.ts'
import { DATE_INFINITY } from '../text/date-text.ts'
import { belowMicrosecond, outOfRange } from './not-exact.ts'
import { storeWord, storeWords } from './plain-binary.ts'

/** PostgreSQL counts days from 2000-01-01. */
const DAYS_TO_2000 = 10957

/** 4714-11-24 BC (Gregorian) and the first day after 5874897-12-31, counted from 1970-01-01. */
const DAY_MIN = -2440588
const DAY_END = 2145042906

export function dateBinary(column: string): FixedEncoder {
  return fixed<Int32Array>('date binary', 4, valuesOf, (values, row, bytes, at) => {
    const days = values[row] as number
    if (days === DATE_INFINITY) return storeWord(bytes, at, 0x7fff_ffff)
    if (days === -DATE_INFINITY) return storeWord(bytes, at, 0x8000_0000)
    if (days < DAY_MIN || days >= DAY_END) throw outOfRange(column, 'date')
    return storeWord(bytes, at, days - DAYS_TO_2000)
  })
}

export const timeBinary = fixed<Int32Array>('time binary', 8, wordsOf, (words, row, bytes, at) =>
  storeWords(bytes, at, words[row * 2] as number, words[row * 2 + 1] as number),
)

export function timeNsBinary(column: string): FixedEncoder {
  return fixed<Int32Array>('time_ns binary', 8, wordsOf, (words, row, bytes, at) => {
    const nanos =
      (words[row * 2 + 1] as number) * 0x1_0000_0000 + ((words[row * 2] as number) >>> 0)
    if (nanos % 1000 !== 0) throw belowMicrosecond(column, 'time')
    return storeNumber(bytes, at, nanos / 1000)
  })
}

/** Microseconds, then the zone in seconds *west* of Greenwich. */
export const timeTzBinary = fixed<Int32Array>(
  'time_tz binary',
  12,
  wordsOf,
  (words, row, bytes, at) => {
    splitTimeTz(words, row)
    return storeWord(bytes, storeNumber(bytes, at, timeTz.micros), -timeTz.offset)
  },
)

/** A safe integer, not negative. */
function storeNumber(bytes: Uint8Array, at: number, value: number): number {
  return storeWords(bytes, at, value % 0x1_0000_0000, Math.floor(value / 0x1_0000_0000))
}
