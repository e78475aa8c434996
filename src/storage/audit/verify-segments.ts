/**
 * Proves the whole log, from the first segment that retention has left to the anchor, and names the
 * first line that does not fit. For the reader's thread.
 */
import { closeSync, openSync } from 'node:fs'
import type { AuditVerification } from '../../audit/audit-log.ts'
import type { AuditAnchor } from './audit-anchor.ts'
import { readAnchor } from './audit-anchor.ts'
import { GENESIS, parseLine } from './audit-chain.ts'
import type { AuditChain, AuditLine, ChainHead, SegmentHeader } from './audit-chain.ts'
import { dayOfSegment, listSegments, segmentPath } from './audit-segments.ts'
import { linesForwards } from './read-lines.ts'
import { sequenceOf } from './recover-tail.ts'

/** Gives undefined after each line, and the outcome at the end. */
export function* verifySegments(
  directory: string,
  anchorFile: string,
  chain: AuditChain,
): Generator<undefined, AuditVerification> {
  const anchor = readAnchor(anchorFile, chain) // before the segments: they may only be ahead of it
  if (anchor === undefined) return broken(anchorFile, 0, 'the anchor is missing')
  if (anchor === 'damaged') return broken(anchorFile, 0, 'the anchor was altered')
  const { oldest } = anchor
  const segments = listSegments(directory).filter((name) => name >= oldest.segment)
  const proof = new Proof(chain, anchor)
  for (const [index, segment] of segments.entries()) {
    if (index === 0 && segment !== oldest.segment) {
      return broken(oldest.segment, 0, 'the segment is missing')
    }
    let number = 0
    const fd = openSync(segmentPath(directory, segment), 'r')
    try {
      for (const { bytes } of linesForwards(fd)) {
        number += 1
        const problem = proof.take(segment, number, bytes)
        if (problem !== undefined) return broken(segment, number, problem)
        yield undefined
      }
    } finally {
      closeSync(fd)
    }
    if (number === 0) return broken(segment, 1, 'the segment is empty')
  }
  const last = segments.at(-1)
  if (!proof.sawAnchor) {
    const missing = anchor.head.sequence - proof.head.sequence
    return broken(
      last ?? oldest.segment,
      0,
      missing > 0
        ? `the last ${missing} records are missing: the log was cut after record ${proof.head.sequence}`
        : 'the log is not the one that the anchor was written for',
    )
  }
  return { ok: true, records: proof.records, segments: segments.length, head: proof.head.hash }
}

class Proof {
  readonly #chain: AuditChain
  readonly #anchor: AuditAnchor
  head: ChainHead
  records = 0
  /** Whether the line that the anchor names was met; retention may have left just what follows it. */
  sawAnchor: boolean
  #isFirst = true

  constructor(chain: AuditChain, anchor: AuditAnchor) {
    this.#chain = chain
    this.#anchor = anchor
    this.head = { sequence: GENESIS.sequence, hash: anchor.oldest.previous }
    this.sawAnchor = anchor.head.hash === anchor.oldest.previous
  }

  /** @returns what is wrong with the line, or undefined when it is as it was written. */
  take(segment: string, number: number, bytes: Buffer): string | undefined {
    const line = parseLine(bytes)
    if (!line) return 'the line was altered: it cannot be read'
    if (number === 1 && line.kind !== 'header') return 'the header is missing'
    if (number > 1 && line.kind === 'header') return wentOnAfterLoss(line.header, this.head)
    if (!this.#chain.follows(this.head.hash, bytes)) return this.#whyNot(line)
    if (line.kind === 'header') {
      if (line.header.day !== dayOfSegment(segment)) return 'the segment was renamed'
      if (!this.#isFirst && sequenceOf(line) !== this.head.sequence) return 'records are missing'
    } else if (line.record.sequence !== this.head.sequence + 1) {
      return `record ${this.head.sequence + 1} is missing`
    }
    this.#isFirst = false
    this.head = { sequence: sequenceOf(line), hash: line.hash }
    if (line.kind === 'record') this.records += 1
    if (line.hash === this.#anchor.head.hash) this.sawAnchor = true
    return undefined
  }

  #whyNot(line: AuditLine): string {
    const expected = this.head.sequence + 1
    const first = line.kind === 'header' ? line.header.first : line.record.sequence
    if (!this.#isFirst && first > expected) {
      return `${first - expected} records are missing before record ${first}`
    }
    return 'the line was altered, or does not follow the line before it'
  }
}

/** The gateway itself wrote this line, because what the anchor knew was not there any more. */
function wentOnAfterLoss({ first }: SegmentHeader, head: ChainHead): string {
  return first > head.sequence + 1
    ? `records ${head.sequence + 1} to ${first - 1} are missing: the gateway found them gone when it started`
    : 'the anchor was missing or damaged when the gateway started here: what came before cannot be proven complete'
}

function broken(segment: string, line: number, problem: string): AuditVerification {
  return { ok: false, segment, line, problem }
}
