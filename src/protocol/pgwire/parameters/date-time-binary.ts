/** Binary dates, times and intervals, as text in the engine's spelling. */
import type { ByteReader } from '../../../base/byte-reader.ts'
import {
  writeDate,
  writeEra,
  writeOffset,
  writeTime,
  FIRST_DAY_AD,
} from '../../../encode/text/calendar.ts'
import { badBinary } from './refuse-parameter.ts'

/** PostgreSQL counts from 2000-01-01. */
const DAYS_TO_2000 = 10957
const MICROS_TO_2000 = 946_684_800_000_000n
const MICROS_PER_DAY = 86_400_000_000n

/** 15:59:59 */
const OFFSET_MAX = 57599

const scratch = new Uint8Array(64)

export function dateBinary(reader: ByteReader): string {
  const days = reader.int32('days')
  if (days === 0x7fff_ffff) return 'infinity'
  if (days === -0x8000_0000) return '-infinity'
  return dateOf(days + DAYS_TO_2000)
}

export function timeBinary(reader: ByteReader): string {
  return timeOf('time', reader.int64('microseconds'))
}

export function timeTzBinary(reader: ByteReader): string {
  const time = timeOf('time with time zone', reader.int64('microseconds'))
  // the wire counts west
  const offset = -reader.int32('zone')
  if (Math.abs(offset) > OFFSET_MAX) throw badBinary('time with time zone')
  return time + written(writeOffset(scratch, 0, offset))
}

/** @param zone What stands behind the time: nothing, or the zone in which the wire counts. */
export function timestampBinary(reader: ByteReader, zone: '' | '+00'): string {
  const sent = reader.int64('microseconds')
  if (sent === 2n ** 63n - 1n) return 'infinity'
  if (sent === -(2n ** 63n)) return '-infinity'
  const micros = sent + MICROS_TO_2000
  const days = micros / MICROS_PER_DAY - (micros % MICROS_PER_DAY < 0n ? 1n : 0n)
  return `${dateOf(Number(days))} ${timeOf('timestamp', micros - days * MICROS_PER_DAY)}${zone}`
}

/** `5 months -3 days 7 microseconds`: nothing is converted into anything else. */
export function intervalBinary(reader: ByteReader): string {
  const micros = reader.int64('microseconds')
  const days = reader.int32('days')
  const months = reader.int32('months')
  // The engine does not read the smallest number of a type, as one of its digits too many.
  if (micros === -(2n ** 63n)) throw badBinary('interval')
  return `${months} months ${days} days ${micros} microseconds`
}

/** `0044-03-15 (BC)`: the engine sets the era in brackets, behind the date. */
function dateOf(days: number): string {
  const end = writeDate(scratch, 0, days)
  if (days >= FIRST_DAY_AD) return written(end)
  return written(writeEra(scratch, end, days)).replace('BC', '(BC)')
}

function timeOf(type: string, micros: bigint): string {
  if (micros < 0n || micros > MICROS_PER_DAY) throw badBinary(type)
  return written(writeTime(scratch, 0, Number(micros)))
}

function written(end: number): string {
  return Buffer.from(scratch.buffer, 0, end).toString('latin1')
}
