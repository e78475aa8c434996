import { ERA_BYTES, OFFSET_BYTES_MAX, writeEra, writeOffset } from '../../text/calendar.ts'
import { writeAscii } from '../../text/spelling.ts'
import { timeZone } from '../../text/time-zone.ts'
import {
  DATE_TIME_BYTES_MAX,
  infinitySign,
  instant,
  MICROSECONDS,
  splitInstant,
  writeInstant,
  written,
  type TimeUnit,
} from '../../text/timestamp.ts'
import { fixed, wordsOf, type FixedEncoder } from '../../value-encoder.ts'

const SPACE = 0x20

export function timestampText(name: string, unit: TimeUnit): FixedEncoder {
  return fixed<Int32Array>(
    name,
    DATE_TIME_BYTES_MAX + ERA_BYTES,
    wordsOf,
    (words, row, bytes, at) => {
      const low = words[row * 2] as number
      const high = words[row * 2 + 1] as number
      if (infinitySign(low, high) !== 0) return writeInfinity(bytes, at, high)
      splitInstant(low, high, unit)
      return writeEra(bytes, writeInstant(bytes, at, unit, SPACE, 0), written.days)
    },
  )
}

/** In the session's time zone, with the offset that was in force there at that instant. */
export function timestampTzText(zoneName: string): FixedEncoder {
  const zone = timeZone(zoneName)
  return fixed<Int32Array>(
    'timestamp_tz',
    DATE_TIME_BYTES_MAX + OFFSET_BYTES_MAX + ERA_BYTES,
    wordsOf,
    (words, row, bytes, at) => {
      const low = words[row * 2] as number
      const high = words[row * 2 + 1] as number
      if (infinitySign(low, high) !== 0) return writeInfinity(bytes, at, high)
      splitInstant(low, high, MICROSECONDS)
      const offset = zone.offsetAt(instant.seconds)
      const end = writeInstant(bytes, at, MICROSECONDS, SPACE, offset)
      return writeEra(bytes, writeOffset(bytes, end, offset), written.days)
    },
  )
}

function writeInfinity(bytes: Uint8Array, at: number, high: number): number {
  return writeAscii(bytes, at, high < 0 ? '-infinity' : 'infinity')
}
