/**
 * A new chain after an old one whose key is lost.
 *
 * The old segments stay where they are and can be searched, but nobody can prove them any more. The
 * new segment takes up their numbers, names their last hash as the one that it follows, and is where
 * the anchor begins.
 */
import { closeSync, openSync, renameSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { AnchorFile } from './audit-anchor.ts'
import { AuditChain, GENESIS, parseLine } from './audit-chain.ts'
import type { ChainHead } from './audit-chain.ts'
import {
  dayOf,
  dayOfSegment,
  freeOlderName,
  listSegments,
  segmentName,
  segmentPath,
} from './audit-segments.ts'
import { linesBackwards } from './read-lines.ts'
import { sequenceOf } from './recover-tail.ts'
import { SegmentFiles } from './segment-files.ts'
import type { KeyObject } from 'node:crypto'

/**
 * For before the log is opened, with nobody writing. May be run again after a crash in the middle.
 * @returns the end of the old chain: unproven.
 */
export async function restartChain(parts: {
  directory: string
  anchorFile: string
  key: KeyObject
  now: number
}): Promise<ChainHead> {
  const { directory, anchorFile, key, now } = parts
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const chain = new AuditChain(key)
  const old = endOfOldChain(directory)
  const newest = listSegments(directory).at(-1)
  const day = [dayOf(now), newest === undefined ? '' : (dayOfSegment(newest) ?? '')].toSorted()[1]
  const name = segmentName(day ?? dayOf(now))
  if (newest === name) {
    const older = freeOlderName(directory, name)
    renameSync(segmentPath(directory, name), segmentPath(directory, older))
  }
  const segment = await new SegmentFiles(directory, chain).create(day ?? dayOf(now), old)
  await segment.file.close()
  const anchor = { head: segment.head, oldest: { segment: name, previous: old.hash } }
  await new AnchorFile(anchorFile, chain, anchor).update({})
  return old
}

/** The last line that can be read at all. */
function endOfOldChain(directory: string): ChainHead {
  for (const name of listSegments(directory).toReversed()) {
    const fd = openSync(segmentPath(directory, name), 'r')
    try {
      for (const { bytes } of linesBackwards(fd)) {
        const line = parseLine(bytes)
        if (line) return { sequence: sequenceOf(line), hash: line.hash }
      }
    } finally {
      closeSync(fd)
    }
  }
  return GENESIS
}
