import {
  DATE_BYTES_MAX,
  ERA_BYTES,
  OFFSET_BYTES_MAX,
  TIME_BYTES_MAX,
  writeClock,
  writeDate,
  writeEra,
  writeFraction,
  writeOffset,
  writeTime,
} from '../../text/calendar.ts'
import { splitTimeTz, timeTz } from '../../text/time-tz.ts'
import { writeAscii } from '../../text/spelling.ts'
import { fixed, valuesOf, wordsOf } from '../../value-encoder.ts'

/** The engine's infinite dates. */
export const DATE_INFINITY = 0x7fff_ffff

export const dateText = fixed<Int32Array>(
  'date',
  DATE_BYTES_MAX + ERA_BYTES,
  valuesOf,
  (values, row, bytes, at) => {
    const days = values[row] as number
    if (days === DATE_INFINITY) return writeAscii(bytes, at, 'infinity')
    if (days === -DATE_INFINITY) return writeAscii(bytes, at, '-infinity')
    return writeEra(bytes, writeDate(bytes, at, days), days)
  },
)

export const timeText = fixed<Int32Array>(
  'time',
  TIME_BYTES_MAX,
  wordsOf,
  (words, row, bytes, at) => writeTime(bytes, at, microsOf(words, row)),
)

export const timeNsText = fixed<Int32Array>(
  'time_ns',
  TIME_BYTES_MAX,
  wordsOf,
  (words, row, bytes, at) => {
    const nanos = microsOf(words, row)
    const seconds = Math.floor(nanos / 1e9)
    const end = writeClock(bytes, at, seconds)
    const fraction = nanos - seconds * 1e9
    return fraction === 0 ? end : writeFraction(bytes, end, fraction, 9)
  },
)

export const timeTzText = fixed<Int32Array>(
  'time_tz',
  TIME_BYTES_MAX + OFFSET_BYTES_MAX,
  wordsOf,
  (words, row, bytes, at) => {
    splitTimeTz(words, row)
    return writeOffset(bytes, writeTime(bytes, at, timeTz.micros), timeTz.offset)
  },
)

/** A count within one day, of micro- or nanoseconds: far below 2^53. */
function microsOf(words: Int32Array, row: number): number {
  return (words[row * 2 + 1] as number) * 0x1_0000_0000 + ((words[row * 2] as number) >>> 0)
}
