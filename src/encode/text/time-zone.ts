/**
 * Offsets of time zones, quickly: `Intl` takes about 2 µs for one, too long for one a value.
 *
 * A day (UTC) almost always has one offset, so offsets are kept by day; on the days of a change the
 * instant of the change is found once by bisection. The zone's history is what Node's own ICU knows,
 * seconds of local mean time included; a PostgreSQL built with other rules for years before 1970 may
 * print other offsets for those.
 */
import { GatewayError } from '../../base/gateway-error.ts'

export interface TimeZone {
  /** Seconds east of Greenwich at an instant given in whole seconds since 1970 (UTC). */
  offsetAt(seconds: number): number
}

const SECONDS_PER_DAY = 86400

/** Days kept per zone; then it starts afresh. 200 years have 73,000. */
const DAYS_MAX = 100_000
/** Zones kept; a session has one. */
const ZONES_MAX = 16

/** `Intl` knows instants down to -8.64e15 ms; the engine's timestamps go a little further. */
const INTL_SECONDS_MIN = -8.64e12

/**
 * From the year 2500 on, an instant is taken for the one in the same place of the 400 years before
 * (Gregorian dates and weekdays repeat): `Intl` goes wrong at years of six digits.
 */
const REPEATED_FROM = 16_725_225_600
const REPEATED_SECONDS = 146_097 * SECONDS_PER_DAY

const zones = new Map<string, TimeZone>()

/**
 * The zone of PostgreSQL's setting TimeZone: an IANA name, a number of hours east of Greenwich, or a
 * POSIX name with a fixed offset, which counts west (`UTC+3` is three hours west).
 *
 * @throws GatewayError `invalid_parameter_value` for any other text.
 */
export function timeZone(name: string): TimeZone {
  const known = zones.get(name)
  if (known !== undefined) return known
  const zone = parseTimeZone(name)
  if (zones.size >= ZONES_MAX) zones.clear()
  zones.set(name, zone)
  return zone
}

function parseTimeZone(name: string): TimeZone {
  const hours = /^\s*([+-]?\d{1,3}(?:\.\d{1,9})?)\s*$/.exec(name)
  if (hours !== null) return fixedZone(Math.trunc(Number(hours[1]) * 3600), name)
  const posix =
    /^(?:[A-Za-z]{3,}|<[A-Za-z0-9+-]{3,}>)?([+-]?)(\d{1,3})(?::(\d\d))?(?::(\d\d))?$/.exec(name)
  if (posix !== null) {
    const [, sign, h, m = '0', s = '0'] = posix
    const west = Number(h) * 3600 + Number(m) * 60 + Number(s)
    return fixedZone(sign === '-' ? west : -west, name)
  }
  return ianaZone(name)
}

function fixedZone(offset: number, name: string): TimeZone {
  if (Math.abs(offset) > 168 * 3600) throw unknownZone(name)
  return { offsetAt: () => offset }
}

function ianaZone(name: string): TimeZone {
  // Intl also reads "+02:00", with the other sign; the pattern above has taken all of those.
  let format: Intl.DateTimeFormat
  try {
    format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' })
  } catch (cause) {
    throw unknownZone(name, cause)
  }
  if (/^(UTC|Etc\/UTC|GMT|Etc\/GMT)$/i.test(name)) return fixedZone(0, name)
  return new IanaZone(format)
}

function unknownZone(name: string, cause?: unknown): GatewayError {
  return new GatewayError('invalid_parameter_value', `unknown time zone "${name}"`, {
    hint: 'Set TimeZone to an IANA name such as Europe/Berlin.',
    cause,
  })
}

/** A day on which the offset changes. */
interface Change {
  readonly at: number
  readonly before: number
  readonly after: number
}

class IanaZone implements TimeZone {
  readonly #format: Intl.DateTimeFormat
  readonly #days = new Map<number, number | Change>()
  #lastDay = Number.NaN
  #lastOffset: number | Change = 0

  constructor(format: Intl.DateTimeFormat) {
    this.#format = format
  }

  offsetAt(seconds: number): number {
    if (seconds >= REPEATED_FROM) return this.offsetAt(repeated(seconds))
    const day = Math.floor(seconds / SECONDS_PER_DAY)
    if (day !== this.#lastDay) {
      this.#lastOffset = this.#ofDay(day)
      this.#lastDay = day
    }
    const offset = this.#lastOffset
    if (typeof offset === 'number') return offset
    return seconds < offset.at ? offset.before : offset.after
  }

  #ofDay(day: number): number | Change {
    const known = this.#days.get(day)
    if (known !== undefined) return known
    if (this.#days.size >= DAYS_MAX) this.#days.clear()
    const found = this.#find(day * SECONDS_PER_DAY, (day + 1) * SECONDS_PER_DAY)
    this.#days.set(day, found)
    return found
  }

  #find(from: number, to: number): number | Change {
    const before = this.#ask(from)
    const after = this.#ask(to)
    if (before === after) return before
    // `low` still has the offset before, `high` the one after
    let low = from
    let high = to
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2)
      if (this.#ask(middle) === before) low = middle
      else high = middle
    }
    return { at: high, before, after }
  }

  #ask(seconds: number): number {
    const text = this.#format.format(Math.max(seconds, INTL_SECONDS_MIN) * 1000)
    const match = /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(text)
    if (match === null) throw new Error(`no offset in ${JSON.stringify(text)}`)
    const [, sign, hours = '0', minutes = '0', rest = '0'] = match
    const offset = Number(hours) * 3600 + Number(minutes) * 60 + Number(rest)
    return sign === '-' ? -offset : offset
  }
}

function repeated(seconds: number): number {
  const since = (seconds - REPEATED_FROM) % REPEATED_SECONDS
  return REPEATED_FROM - REPEATED_SECONDS + since
}
