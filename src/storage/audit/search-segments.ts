/** Searches the log, newest record first, one step at a time. For the reader's thread. */
import { closeSync, openSync } from 'node:fs'
import { auditFilter } from '../../audit/audit-filter.ts'
import type { AuditRecord } from '../../audit/audit-event.ts'
import type { AuditFilter } from '../../audit/audit-log.ts'
import { parseLine } from './audit-chain.ts'
import { listSegments, segmentPath, timesOfSegment } from './audit-segments.ts'
import { linesBackwards } from './read-lines.ts'

const DAMAGED = 'audit_damaged'

export interface SearchStep {
  /** Of the record that was read. */
  readonly time: string
  /** It, when it is asked for. */
  readonly record: AuditRecord | undefined
}

/** Gives a step for each record read, and undefined for each line without one. */
export function* searchSegments(
  directory: string,
  filter: AuditFilter,
): Generator<SearchStep | undefined, void> {
  const isAskedFor = auditFilter(filter)
  const from = filter.from === undefined ? -Infinity : Date.parse(filter.from)
  const to = filter.to === undefined ? Infinity : Date.parse(filter.to)
  let left = filter.limit ?? Infinity
  for (const segment of listSegments(directory).toReversed()) {
    const times = timesOfSegment(segment)
    if (left <= 0 || times.to <= from) return
    if (times.from >= to) continue
    for (const record of recordsBackwards(directory, segment)) {
      if (left <= 0) return
      if (record === undefined) {
        yield undefined
        continue
      }
      const found = record.action === DAMAGED || isAskedFor(record)
      if (found) left -= 1
      yield { time: record.time, record: found ? record : undefined }
    }
  }
}

/** Undefined for a line without a record. */
function* recordsBackwards(
  directory: string,
  segment: string,
): Generator<AuditRecord | undefined, void> {
  const fd = openIfThere(segmentPath(directory, segment))
  if (fd === undefined) return // retention was faster
  try {
    for (const { bytes } of linesBackwards(fd)) {
      const line = parseLine(bytes)
      if (!line) yield damagedLine(segment)
      else yield line.kind === 'record' ? line.record : undefined
    }
  } finally {
    closeSync(fd)
  }
}

/** A line that cannot be read must not vanish from any answer. */
function damagedLine(segment: string): AuditRecord {
  const { from } = timesOfSegment(segment)
  return {
    sequence: 0,
    time: new Date(from).toISOString(),
    startedAt: new Date(from).toISOString(),
    category: 'SYSTEM',
    action: DAMAGED,
    outcome: 'failed',
    username: 'system',
    address: 'local',
    door: 'system',
    initiatedBy: 'Blue_UI_System',
    error: `a line of ${segment} cannot be read: run "bluegate audit verify"`,
  }
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, 'r')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
