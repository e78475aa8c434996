/** Which segments have been kept long enough. Whole segments go, so the chain through the rest holds. */
import { closeSync, openSync } from 'node:fs'
import type { AuditAnchor } from './audit-anchor.ts'
import { parseLine } from './audit-chain.ts'
import type { SegmentHeader } from './audit-chain.ts'
import { listSegments, segmentPath, timesOfSegment } from './audit-segments.ts'
import { linesForwards } from './read-lines.ts'

const DAY_MS = 86_400_000

/**
 * @returns the segments whose last day is more than `days` before `now`, and the first that stays.
 *          The newest always stays. Without `oldest` there is nothing to do.
 */
export function segmentsToDelete(
  directory: string,
  now: number,
  days: number,
): { deleted: readonly string[]; oldest: AuditAnchor['oldest'] | undefined } {
  const segments = listSegments(directory)
  const firstKept = segments.findIndex((name, index) => {
    return index === segments.length - 1 || timesOfSegment(name).to > now - days * DAY_MS
  })
  const segment = segments[firstKept]
  if (firstKept <= 0 || segment === undefined) return { deleted: [], oldest: undefined }
  const previous = headerOf(directory, segment)?.previous
  // A header that cannot be read: the segment before it may be the proof of what happened.
  if (previous === undefined) return { deleted: [], oldest: undefined }
  return { deleted: segments.slice(0, firstKept), oldest: { segment, previous } }
}

/** The first segment of the chain with this key, for an anchor that has to be made anew. */
export function oldestSegment(directory: string, keyId: string): AuditAnchor['oldest'] | undefined {
  for (const segment of listSegments(directory)) {
    const header = headerOf(directory, segment)
    if (header?.key === keyId) return { segment, previous: header.previous }
  }
  return undefined
}

/** Undefined where the first line cannot be read. */
function headerOf(directory: string, segment: string): SegmentHeader | undefined {
  const fd = openSync(segmentPath(directory, segment), 'r')
  try {
    for (const { bytes } of linesForwards(fd)) {
      const line = parseLine(bytes)
      return line?.kind === 'header' ? line.header : undefined
    }
    return undefined
  } finally {
    closeSync(fd)
  }
}
