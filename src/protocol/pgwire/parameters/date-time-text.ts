/**
 * Dates and times in ISO form, in the engine's spelling.
 *
 * As in PostgreSQL a date takes no notice of a time behind it, nor a timestamp without time zone of
 * a zone. What is not ISO is refused: the engine would read some of it as something else, and
 * PostgreSQL itself reads it by DateStyle.
 */
import { badDateTime } from './refuse-parameter.ts'

const DATE = String.raw`(\d{4,7}-\d{1,2}-\d{1,2})`
const TIME = String.raw`(\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)`
const ZONE = String.raw`(Z|UTC|GMT|[+-]\d{1,2}(?::?\d{2}(?::?\d{2})?)?|[A-Z]\w+(?:/[\w+-]+)+)`

const DATE_TIME = new RegExp(
  String.raw`^\s*${DATE}(?:[T ]\s*${TIME})?\s*${ZONE}?\s*(BC|AD)?\s*$`,
  'i',
)
const TIME_ZONE = new RegExp(String.raw`^\s*${TIME}\s*${ZONE}?\s*$`, 'i')
const INFINITY = /^\s*(?:\+?(infinity)|(-infinity))\s*$/i
const EPOCH = /^\s*epoch\s*$/i

export function dateText(text: string): string {
  const special = specialText(text)
  if (special !== undefined) return special === EPOCH_TEXT ? '1970-01-01' : special
  return read('date', text).date
}

export function timestampText(text: string): string {
  const special = specialText(text)
  if (special !== undefined) return special
  const { date, time } = read('timestamp', text)
  return `${date} ${time}`
}

/** @param zone For a time without one: an IANA name; empty leaves it to the engine. */
export function timestampTzText(text: string, zone: string): string {
  const special = specialText(text)
  if (special !== undefined) return special === EPOCH_TEXT ? `${special}+00` : special
  const { date, time, zone: own } = read('timestamp with time zone', text)
  return `${date} ${time}${own === '' && zone !== '' ? engineZone(zone) : own}`
}

export function timeText(text: string): string {
  const match = TIME_ZONE.exec(text)
  if (match?.[1] === undefined) throw badDateTime('time')
  return withSeconds(match[1])
}

/** @throws GatewayError `invalid_datetime_format` without an offset: the engine would take 0. */
export function timeTzText(text: string): string {
  const match = TIME_ZONE.exec(text)
  const zone = engineZone(match?.[2])
  if (match?.[1] === undefined || !/^[+-]/.test(zone)) throw badDateTime('time with time zone')
  return withSeconds(match[1]) + zone
}

const EPOCH_TEXT = '1970-01-01 00:00:00'

function specialText(text: string): string | undefined {
  if (EPOCH.test(text)) return EPOCH_TEXT
  const match = INFINITY.exec(text)
  if (match === null) return undefined
  return match[2] === undefined ? 'infinity' : '-infinity'
}

interface DateTime {
  /** `2024-01-31` or `0044-03-15 (BC)`. */
  readonly date: string
  readonly time: string
  /** `+02`, ` Europe/Berlin`, or nothing. */
  readonly zone: string
}

function read(type: string, text: string): DateTime {
  const match = DATE_TIME.exec(text)
  if (match?.[1] === undefined) throw badDateTime(type)
  const [, date, time = '00:00', zone, era = 'AD'] = match
  return {
    date: era.toUpperCase() === 'BC' ? `${date} (BC)` : date,
    time: withSeconds(time),
    zone: engineZone(zone),
  }
}

/** The engine refuses a time without seconds where a zone follows. */
function withSeconds(time: string): string {
  return time.split(':').length === 2 ? `${time}:00` : time
}

function engineZone(zone: string | undefined): string {
  if (zone === undefined) return ''
  if (/^(?:z|utc|gmt)$/i.test(zone)) return '+00'
  const offset = /^([+-])(\d{1,2}?):?(\d{2})?:?(\d{2})?$/.exec(zone)
  if (offset === null) return ` ${zone}`
  const [, sign, hours = '', minutes, seconds] = offset
  return [`${sign}${hours.padStart(2, '0')}`, minutes, seconds].filter(Boolean).join(':')
}
