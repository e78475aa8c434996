import { infinitySign, type TimeUnit } from '../../text/timestamp.ts'
import { fixed, wordsOf, type FixedEncoder } from '../../value-encoder.ts'
import { belowMicrosecond, outOfRange } from './not-exact.ts'
import { storeWords } from './plain-binary.ts'

/** PostgreSQL counts microseconds from 2000-01-01. */
const MICROS_TO_2000 = 946_684_800_000_000n
const TO_2000_LOW = Number(BigInt.asIntN(32, MICROS_TO_2000))
const TO_2000_HIGH = Number(MICROS_TO_2000 >> 32n)

/** 4714-11-24 BC (Gregorian) and 294277-01-01, in microseconds from 1970. */
const MICROS_MIN = -210_866_803_200_000_000n
const MICROS_END = 9_224_318_016_000_000_000n
/** Close enough as a double: no instant that PostgreSQL holds is near. */
const CERTAIN_MIN = -210_866_803_199_999_000

/** Of timestamp and timestamp_tz: both count microseconds. */
export function timestampBinary(column: string): FixedEncoder {
  return fixed<Int32Array>('timestamp binary', 8, wordsOf, (words, row, bytes, at) => {
    const low = words[row * 2] as number
    const high = words[row * 2 + 1] as number
    const infinity = infinitySign(low, high)
    if (infinity !== 0) return storeInfinity(bytes, at, infinity)
    // The upper end of the engine's range (2^63 µs from 1970) is inside of PostgreSQL's.
    if (high * 0x1_0000_0000 < CERTAIN_MIN) checkRange(column, micros(low, high))
    const borrow = low >>> 0 < TO_2000_LOW >>> 0 ? 1 : 0
    return storeWords(bytes, at, low - TO_2000_LOW, high - TO_2000_HIGH - borrow)
  })
}

/** Of timestamps in seconds, milliseconds and nanoseconds. Slower: it takes BigInts. */
export function timestampInUnitsBinary(column: string, unit: TimeUnit): FixedEncoder {
  const perSecond = BigInt(unit.perSecond)
  return fixed<Int32Array>(
    `timestamp ${unit.digits} binary`,
    8,
    wordsOf,
    (words, row, bytes, at) => {
      const low = words[row * 2] as number
      const high = words[row * 2 + 1] as number
      const infinity = infinitySign(low, high)
      if (infinity !== 0) return storeInfinity(bytes, at, infinity)
      const scaled = micros(low, high) * 1_000_000n
      const value = scaled / perSecond
      if (value * perSecond !== scaled) throw belowMicrosecond(column, 'timestamp')
      checkRange(column, value)
      const from2000 = value - MICROS_TO_2000
      return storeWords(bytes, at, Number(BigInt.asIntN(32, from2000)), Number(from2000 >> 32n))
    },
  )
}

function micros(low: number, high: number): bigint {
  return (BigInt(high) << 32n) | BigInt(low >>> 0)
}

function checkRange(column: string, value: bigint): void {
  if (value < MICROS_MIN || value >= MICROS_END) throw outOfRange(column, 'timestamp')
}

/** PostgreSQL's infinities are the extreme values, as the engine's are, but for the lowest bit. */
function storeInfinity(bytes: Uint8Array, at: number, sign: -1 | 1): number {
  return sign === 1
    ? storeWords(bytes, at, -1, 0x7fff_ffff)
    : storeWords(bytes, at, 0, -0x8000_0000)
}
