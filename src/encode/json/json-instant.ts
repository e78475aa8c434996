import { ERA_BYTES, writeEra } from '../text/calendar.ts'
import { writeAscii } from '../text/spelling.ts'
import {
  DATE_TIME_BYTES_MAX,
  infinitySign,
  splitInstant,
  writeInstant,
  written,
  type TimeUnit,
} from '../text/timestamp.ts'
import { fixed, wordsOf, type FixedEncoder } from '../value-encoder.ts'

const T = 0x54
const Z = 0x5a

/** ISO 8601 with a T; with a Z behind it where the value is an instant and not a local time. */
export function instantJson(unit: TimeUnit, utc: boolean): FixedEncoder {
  return fixed<Int32Array>(
    `timestamp json ${unit.digits} ${utc}`,
    DATE_TIME_BYTES_MAX + 1 + ERA_BYTES,
    wordsOf,
    (words, row, bytes, at) => {
      const low = words[row * 2] as number
      const high = words[row * 2 + 1] as number
      const infinity = infinitySign(low, high)
      if (infinity !== 0) return writeAscii(bytes, at, infinity < 0 ? '-infinity' : 'infinity')
      splitInstant(low, high, unit)
      let end = writeInstant(bytes, at, unit, T, 0)
      if (utc) {
        bytes[end] = Z
        end += 1
      }
      return writeEra(bytes, end, written.days)
    },
  )
}
