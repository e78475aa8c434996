/** Names of the segment files, one for each UTC day: the order of names is the order of days. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/** `-1`, `-2` …: of the same day, with another key (`restart-chain.ts`); they sort before it. */
const NAME = /^audit-(\d{4}-\d{2}-\d{2})(?:-\d+)?\.ndjson$/
const DAY_MS = 86_400_000

/** `YYYY-MM-DD` of `time` (milliseconds since 1970), UTC. */
export function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10)
}

export function segmentName(day: string): string {
  return `audit-${day}.ndjson`
}

/** A name of the same day that sorts before `name` and after those like it. */
export function freeOlderName(directory: string, name: string): string {
  const day = dayOfSegment(name) ?? ''
  const like = listSegments(directory).filter((other) => dayOfSegment(other) === day)
  return `audit-${day}-${String(like.length).padStart(3, '0')}.ndjson`
}

export function dayOfSegment(name: string): string | undefined {
  return NAME.exec(name)?.[1]
}

/** Milliseconds since 1970; `to` exclusive. */
export function timesOfSegment(name: string): { from: number; to: number } {
  const from = Date.parse(`${dayOfSegment(name)}T00:00:00Z`)
  return { from, to: from + DAY_MS }
}

/** Oldest first. Synchronous: for the reader's thread, and for the start. */
export function listSegments(directory: string): string[] {
  return readdirSync(directory)
    .filter((name) => NAME.test(name))
    .toSorted()
}

export function segmentPath(directory: string, name: string): string {
  return join(directory, name)
}
