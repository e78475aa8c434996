/** Timestamps as ISO text, from 64-bit words that count units since 1970-01-01 00:00:00 UTC. */
import { DATE_BYTES_MAX, TIME_BYTES_MAX, writeClock, writeDate, writeFraction } from './calendar.ts'

/** Without zone and era. */
export const DATE_TIME_BYTES_MAX = DATE_BYTES_MAX + 1 + TIME_BYTES_MAX

/** How many units a second has, and how many digits the fraction of a second. */
export interface TimeUnit {
  readonly perSecond: number
  readonly digits: number
}

export const SECONDS: TimeUnit = { perSecond: 1, digits: 0 }
export const MILLISECONDS: TimeUnit = { perSecond: 1e3, digits: 3 }
export const MICROSECONDS: TimeUnit = { perSecond: 1e6, digits: 6 }
export const NANOSECONDS: TimeUnit = { perSecond: 1e9, digits: 9 }

const SECONDS_PER_DAY = 86400

/** The instant that was split last. One set of variables, because an object a value would be garbage. */
export const instant = {
  /** Whole seconds since 1970, rounded down. */
  seconds: 0,
  /** Units after that. */
  fraction: 0,
}

/** Splits a 64-bit count of units into `instant`. */
export function splitInstant(low: number, high: number, { perSecond }: TimeUnit): void {
  const count = high * 0x1_0000_0000 + (low >>> 0)
  if (Math.abs(count) <= Number.MAX_SAFE_INTEGER) {
    const seconds = Math.floor(count / perSecond)
    instant.seconds = seconds
    instant.fraction = count - seconds * perSecond
    return
  }
  // Microseconds before 1684 and after 2255, nanoseconds beyond 104 days: two steps of division.
  // 2^32 · high is split by seconds first, so that every product stays below 2^53.
  const perWord = 0x1_0000_0000 % perSecond
  const wordSeconds = (0x1_0000_0000 - perWord) / perSecond
  splitWide(low >>> 0, high, perSecond, perWord, wordSeconds)
}

function splitWide(
  low: number,
  high: number,
  perSecond: number,
  perWord: number,
  wordSeconds: number,
): void {
  // high · 2^32 = high · wordSeconds seconds + high · perWord units. |high · perWord| may pass 2^53
  // for nanoseconds, so high is taken apart once more.
  const highUpper = Math.floor(high / 0x1_0000)
  const highLower = high - highUpper * 0x1_0000
  const upperUnits = highUpper * perWord
  const upperSeconds = Math.floor(upperUnits / perSecond)
  const units = (upperUnits - upperSeconds * perSecond) * 0x1_0000 + highLower * perWord + low
  const carried = Math.floor(units / perSecond)
  instant.seconds = high * wordSeconds + upperSeconds * 0x1_0000 + carried
  instant.fraction = units - carried * perSecond
}

/**
 * Writes `instant`, moved by `offset` seconds, as `2024-01-02 03:04:05.6`, and leaves the days since
 * 1970 of the date it wrote in `written.days`, for the era.
 */
export function writeInstant(
  bytes: Uint8Array,
  at: number,
  unit: TimeUnit,
  separator: number,
  offset: number,
): number {
  const seconds = instant.seconds + offset
  const days = Math.floor(seconds / SECONDS_PER_DAY)
  written.days = days
  const gap = writeDate(bytes, at, days)
  bytes[gap] = separator
  const end = writeClock(bytes, gap + 1, (seconds - days * SECONDS_PER_DAY) | 0)
  if (instant.fraction === 0) return end
  return writeFraction(bytes, end, instant.fraction, unit.digits)
}

export const written = { days: 0 }

/** -1 or 1 for the engine's infinities (the extreme values), 0 for an instant. */
export function infinitySign(low: number, high: number): -1 | 0 | 1 {
  if (high === 0x7fff_ffff && low === -1) return 1
  return high === -0x8000_0000 && low === 1 ? -1 : 0
}
