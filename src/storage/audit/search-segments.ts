/**
 * Searches the log, newest record first, one step at a time. For the reader's thread.
 *
 * Whatever cannot be asked for, by its bytes, is passed over without being understood. A line that
 * has not the shape of ours is always looked at, so that damage shows in every answer.
 */
import { closeSync, openSync } from 'node:fs'
import { auditFilter } from '../../audit/audit-filter.ts'
import type { AuditRecord } from '../../audit/audit-event.ts'
import type { AuditFilter } from '../../audit/audit-log.ts'
import { looksLikeLine, parseLine } from './audit-chain.ts'
import { listSegments, segmentPath, timesOfSegment } from './audit-segments.ts'
import { neededBytes } from './needed-bytes.ts'
import { blocksBackwards, linesOfBlock } from './read-lines.ts'
import type { FileLine } from './read-lines.ts'

const DAMAGED = 'audit_damaged'
const NEWLINE = 0x0a

export interface SearchStep {
  /** Of the record that was read, or of the oldest of those that were passed over. */
  readonly time: string
  /** It, when it is asked for. */
  readonly record: AuditRecord | undefined
}

/**
 * Gives a step for each record read and each block of records passed over, and undefined for a line
 * that was passed over alone or holds no record.
 */
export function* searchSegments(
  directory: string,
  filter: AuditFilter,
): Generator<SearchStep | undefined, void> {
  const isAskedFor = auditFilter(filter)
  const mayBeAskedFor = blockFilter(filter)
  let left = filter.limit ?? Infinity
  for (const segment of listSegments(directory).toReversed()) {
    const times = timesOfSegment(segment)
    if (left <= 0 || times.to <= fromOf(filter)) return
    if (times.from >= toOf(filter)) continue
    for (const read of readBackwards(directory, segment, mayBeAskedFor)) {
      if (left <= 0) return
      if (read === undefined || read.kind === 'passed over') {
        yield read && { time: read.time, record: undefined }
        continue
      }
      const { record } = read
      const found = record.action === DAMAGED || isAskedFor(record)
      if (found) left -= 1
      yield { time: record.time, record: found ? record : undefined }
    }
  }
}

type Read =
  | { readonly kind: 'record'; readonly record: AuditRecord }
  | { readonly kind: 'passed over'; readonly time: string }
  | undefined

interface BlockFilter {
  readonly bytes: (bytes: Buffer) => boolean
  /** @param first @param last Milliseconds since 1970. */
  readonly times: (first: number, last: number) => boolean
}

function blockFilter(filter: AuditFilter): BlockFilter {
  const [from, to] = [fromOf(filter), toOf(filter)]
  return { bytes: neededBytes(filter), times: (first, last) => last >= from && first < to }
}

function* readBackwards(
  directory: string,
  segment: string,
  mayBeAskedFor: BlockFilter,
): Generator<Read, void> {
  const fd = openIfThere(segmentPath(directory, segment))
  if (fd === undefined) return // retention was faster
  try {
    for (const block of blocksBackwards(fd)) {
      const time = oldestTime(block.bytes)
      const isNeeded = time === undefined || mayHold(block.bytes, time, mayBeAskedFor)
      if (isNeeded || !looksWhole(block.bytes)) yield* readBlock(block, segment, mayBeAskedFor)
      if (time !== undefined) yield { kind: 'passed over', time }
    }
  } finally {
    closeSync(fd)
  }
}

/** Of its first record, which may follow a header; undefined when neither line is one. */
function oldestTime(block: Buffer): string | undefined {
  const end = block.indexOf(NEWLINE)
  const line = parseLine(block.subarray(0, end))
  if (line?.kind !== 'header') return line?.record.time
  return recordOf(block.subarray(end + 1, block.indexOf(NEWLINE, end + 1)))?.time
}

function mayHold(block: Buffer, oldest: string, { bytes, times }: BlockFilter): boolean {
  const last = recordOf(block.subarray(block.lastIndexOf(NEWLINE, -2) + 1, -1))
  if (!last) return true
  return times(Date.parse(oldest), Date.parse(last.time)) && bytes(block)
}

function* readBlock(
  block: FileLine,
  segment: string,
  mayBeAskedFor: BlockFilter,
): Generator<Read, void> {
  for (const { bytes } of linesOfBlock(block)) {
    const isNeeded = mayBeAskedFor.bytes(bytes) || bytes.includes(0)
    if (!isNeeded && looksLikeLine(bytes, 0, bytes.length)) {
      yield undefined
      continue
    }
    const line = parseLine(bytes)
    if (!line) yield { kind: 'record', record: damagedLine(segment) }
    else yield line.kind === 'record' ? { kind: 'record', record: line.record } : undefined
  }
}

function recordOf(bytes: Buffer): AuditRecord | undefined {
  const line = parseLine(bytes)
  return line?.kind === 'record' ? line.record : undefined
}

/** Whether each line of the block has the shape of ours; what a lost page leaves has none. */
function looksWhole(block: Buffer): boolean {
  if (block.includes(0)) return false
  let first = 0
  for (let end = block.indexOf(NEWLINE); end >= 0; end = block.indexOf(NEWLINE, first)) {
    if (!looksLikeLine(block, first, end)) return false
    first = end + 1
  }
  return true
}

function fromOf({ from }: AuditFilter): number {
  return from === undefined ? -Infinity : Date.parse(from)
}

function toOf({ to }: AuditFilter): number {
  return to === undefined ? Infinity : Date.parse(to)
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
