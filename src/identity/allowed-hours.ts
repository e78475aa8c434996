/**
 * When a client may do something: `mon-fri 08:00-18:00 Europe/Berlin`.
 *
 * Days (`daily`, `mon-fri`, `sat,sun`), a span of the clock, and the time zone that both are in. A
 * span that ends before it begins goes over midnight, and belongs to the day on which it begins.
 */
import { GatewayError } from '../base/gateway-error.ts'
import { shown } from './role-name.ts'

export interface AllowedHours {
  /** In the one spelling that is kept and told. */
  readonly text: string
  /** @param now Milliseconds since 1970. */
  includes(now: number): boolean
}

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
const FORM = /^(\S+)\s+(\d{2}):(\d{2})-(\d{2}):(\d{2})\s+(\S+)$/
const DAY_MINUTES = 24 * 60
const TEXT_LENGTH_MAX = 200

/** Read again and again, one for each client that has some. */
const read = new Map<string, AllowedHours>()
const READ_MAX = 1_000

/** @throws GatewayError `invalid_parameter_value`, field `limits.hours`. */
export function parseAllowedHours(text: string): AllowedHours {
  const known = read.get(text)
  if (known) return known
  const match = text.length <= TEXT_LENGTH_MAX ? FORM.exec(text.trim()) : null
  if (!match) throw unreadable(text)
  const [, dayText = '', fromHour, fromMinute, toHour, toMinute, zone = ''] = match
  const days = daysOf(dayText.toLowerCase())
  const from = minuteOf(fromHour, fromMinute)
  const to = minuteOf(toHour, toMinute)
  if (days === undefined || from === undefined || to === undefined || from === DAY_MINUTES) {
    throw unreadable(text)
  }
  const clock = clockOf(zone)
  if (!clock) throw unreadable(text)
  const span = `${clockText(from)}-${clockText(to)}`
  const hours: AllowedHours = {
    text: `${daysText(days)} ${span} ${clock.timeZone}`,
    includes(now) {
      const { day, minute } = clock.at(now)
      const yesterday = (day + 6) % 7
      if (from < to) return days.has(day) && minute >= from && minute < to
      return (days.has(day) && minute >= from) || (days.has(yesterday) && minute < to)
    },
  }
  if (read.size >= READ_MAX) read.clear()
  read.set(text, hours)
  return hours
}

/** Numbers from 0, Monday. */
function daysOf(text: string): ReadonlySet<number> | undefined {
  if (text === 'daily') return new Set(DAYS.keys())
  const found = new Set<number>()
  for (const part of text.split(',')) {
    const [first, last, more] = part.split('-').map((word) => DAYS.findIndex((day) => day === word))
    if (first === undefined || first < 0 || last === -1 || more !== undefined) return undefined
    const length = last === undefined ? 1 : ((last - first + 7) % 7) + 1
    for (let at = 0; at < length; at += 1) found.add((first + at) % 7)
  }
  return found
}

function daysText(days: ReadonlySet<number>): string {
  if (days.size === DAYS.length) return 'daily'
  const sorted = [...days].toSorted((a, b) => a - b)
  const [first = 0, last = 0] = [sorted[0], sorted.at(-1)]
  const isRange = sorted.length > 2 && last - first + 1 === sorted.length
  if (isRange) return `${DAYS[first]}-${DAYS[last]}`
  return sorted.map((day) => DAYS[day]).join(',')
}

/** 24:00 is the end of a day. */
function minuteOf(hour: string | undefined, minute: string | undefined): number | undefined {
  const minutes = Number(hour) * 60 + Number(minute)
  return Number(minute) < 60 && minutes <= DAY_MINUTES ? minutes : undefined
}

function clockText(minutes: number): string {
  const pad = (value: number): string => String(value).padStart(2, '0')
  return `${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`
}

function clockOf(zone: string) {
  let format: Intl.DateTimeFormat
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    })
  } catch {
    return undefined
  }
  return {
    timeZone: format.resolvedOptions().timeZone,
    at(now: number): { day: number; minute: number } {
      const parts = Object.fromEntries(
        format.formatToParts(now).map(({ type, value }) => [type, value]),
      )
      const word = String(parts['weekday']).toLowerCase()
      return {
        day: DAYS.findIndex((day) => day === word),
        minute: Number(parts['hour']) * 60 + Number(parts['minute']),
      }
    },
  }
}

function unreadable(text: string): GatewayError {
  return new GatewayError('invalid_parameter_value', `${shown(text)} are no hours`, {
    field: 'limits.hours',
    hint: 'Write days, a span of the clock and a time zone: mon-fri 08:00-18:00 Europe/Berlin, or daily 22:00-06:00 UTC.',
  })
}
