/** Points in time, in words. */
const MINUTE = 60_000
const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

const UNITS = [
  ['year', 365 * DAY],
  ['month', 30 * DAY],
  ['day', DAY],
  ['hour', HOUR],
  ['minute', MINUTE],
] as const

// In numbers: rounded down, a day and a half is one day, and need not be `tomorrow`.
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always' })
const exact = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' })

/** `3 minutes ago`, `just now`: of what has happened, whatever the clock of the browser says. */
export function timeAgo(time: string, now: number): string {
  const { count, unit } = rounded(now - Date.parse(time))
  return count === 0 ? 'just now' : relative.format(-count, unit)
}

/** `in 2 days`, and `2 days ago` once it is over. */
export function timeUntil(time: string, now: number): string {
  const distance = Date.parse(time) - now
  if (distance <= 0) return timeAgo(time, now)
  const { count, unit } = rounded(distance)
  return count === 0 ? 'in less than a minute' : relative.format(count, unit)
}

/** `2 days left`: the same number as in `timeUntil`. */
export function timeLeft(time: string, now: number): string {
  const { count, unit } = rounded(Date.parse(time) - now)
  if (count === 0) return 'less than a minute left'
  return `${count} ${unit}${count === 1 ? '' : 's'} left`
}

/** In the largest unit that fits, rounded down; of what is not even one minute, 0. */
function rounded(ms: number) {
  const [unit, size] = UNITS.find(([, size]) => ms >= size) ?? (['minute', MINUTE] as const)
  return { count: Math.max(0, Math.floor(ms / size)), unit }
}

/** In the zone of whoever looks, and in UTC where that is another. */
export function exactTime(time: string): string {
  const date = new Date(time)
  const here = exact.format(date)
  if (date.getTimezoneOffset() === 0) return `${here} UTC`
  return `${here} (${date.toISOString().replace('T', ' ').slice(0, 19)} UTC)`
}

/** `4 minutes`, at least one. */
export function minutesUntil(time: string, now: number): number {
  return Math.max(1, Math.ceil((Date.parse(time) - now) / MINUTE))
}

/** `1.2 s`, `3 min 4 s`. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`
  if (ms < MINUTE) return `${(ms / 1_000).toFixed(1)} s`
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min ${Math.floor((ms % MINUTE) / 1_000)} s`
  return `${Math.floor(ms / HOUR)} h ${Math.floor((ms % HOUR) / MINUTE)} min`
}
