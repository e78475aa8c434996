/** Points in time, in words. */
const MINUTE = 60_000
const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** The gateway's clock and the browser's, and what `now` is behind. */
const CLOCKS_DIFFER_MS = 10_000

const UNITS = [
  ['year', 365 * DAY],
  ['month', 30 * DAY],
  ['day', DAY],
  ['hour', HOUR],
  ['minute', MINUTE],
] as const

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
const exact = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' })

/** `3 minutes ago`, `in 2 days`, `just now`. */
export function relativeTime(time: string, now: number): string {
  const distance = Date.parse(time) - now
  for (const [unit, size] of UNITS) {
    if (Math.abs(distance) >= size) return relative.format(Math.trunc(distance / size), unit)
  }
  return distance > CLOCKS_DIFFER_MS ? 'in less than a minute' : 'just now'
}

/** In the zone of whoever looks, and in UTC. */
export function exactTime(time: string): string {
  return `${exact.format(new Date(time))} (${new Date(time).toISOString().replace('T', ' ').slice(0, 19)} UTC)`
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
