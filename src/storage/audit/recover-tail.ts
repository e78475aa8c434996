/**
 * Finds the end of the log after whatever ended the last writer, and makes it a clean one.
 *
 * Killed in mid-write, a writer leaves part of a line: it was never acknowledged, and is cut. After
 * a power failure, lines that were written but not yet flushed may come back as garbage: they are
 * put aside, not thrown away. Either is told to the caller, who puts it on record. Whether
 * acknowledged lines are missing is not decided here; the anchor knows.
 */
import { closeSync, fsyncSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs'
import { fstatSync, renameSync, rmSync } from 'node:fs'
import { GatewayError } from '../../base/gateway-error.ts'
import { GENESIS, parseLine } from './audit-chain.ts'
import type { AuditChain, AuditLine, ChainHead } from './audit-chain.ts'
import { dayOfSegment, listSegments, segmentPath, timesOfSegment } from './audit-segments.ts'
import { linesBackwards, linesForwards } from './read-lines.ts'
import type { FileLine } from './read-lines.ts'

const COPY_BYTES = 1024 * 1024

export interface RecoveredTail {
  readonly head: ChainHead
  /** When the last record was written, in milliseconds since 1970; 0 where there is none. */
  readonly lastTime: number
  /** Where writing goes on; undefined when there is no segment. */
  readonly segment:
    { readonly name: string; readonly day: string; readonly size: number } | undefined
  /** What had to be done, for the record. */
  readonly repairs: readonly string[]
}

interface GoodEnd {
  readonly line: AuditLine
  /** Bytes of the segment up to and with its last good line. */
  readonly size: number
}

/** @throws GatewayError when the log was made with another key: then nothing is touched. */
export function recoverTail(directory: string, chain: AuditChain): RecoveredTail {
  const repairs: string[] = []
  for (const name of listSegments(directory).toReversed()) {
    const path = segmentPath(directory, name)
    const end = withFile(path, 'r', (fd) => {
      checkKey(fd, chain)
      return quickEnd(fd, chain) ?? longestGoodPart(fd, chain)
    })
    if (end) {
      repairs.push(...cutAfter(path, name, end.size, chain))
      const { line } = end
      const day = dayOfSegment(name) ?? ''
      return {
        head: { sequence: sequenceOf(line), hash: line.hash },
        lastTime: line.kind === 'record' ? Date.parse(line.record.time) : timesOfSegment(name).from,
        segment: { name, day, size: end.size },
        repairs,
      }
    }
    repairs.push(setAside(path, name))
  }
  return { head: GENESIS, lastTime: 0, segment: undefined, repairs }
}

/** The sequence of the last record up to and with this line. */
export function sequenceOf(line: AuditLine): number {
  return line.kind === 'record' ? line.record.sequence : line.header.first - 1
}

function checkKey(fd: number, chain: AuditChain): void {
  for (const { bytes } of linesForwards(fd)) {
    const line = parseLine(bytes)
    if (line?.kind !== 'header' || line.header.key === chain.keyId) return
    throw new GatewayError(
      'object_not_in_prerequisite_state',
      'the audit was written with another key',
      { hint: 'Put back the secrets directory that this data directory was started with.' },
    )
  }
}

/** The last complete line, when it follows the one before it. */
function quickEnd(fd: number, chain: AuditChain): GoodEnd | undefined {
  const [last, before] = lastLines(fd, 2)
  const line = last && parseLine(last.bytes)
  if (!line) return undefined
  const previous =
    line.kind === 'header' ? line.header.previous : before && parseLine(before.bytes)?.hash
  if (previous === undefined || !chain.follows(previous, last.bytes)) return undefined
  return { line, size: last.start + last.bytes.length + 1 }
}

/** Newest first. */
function lastLines(fd: number, count: number): FileLine[] {
  const lines: FileLine[] = []
  for (const line of linesBackwards(fd)) {
    lines.push({ ...line, bytes: Buffer.from(line.bytes) }) // it is valid until the next step
    if (lines.length === count) break
  }
  return lines
}

/**
 * Up to the first line that breaks the chain; undefined when that is the header. A later header
 * stands where the log went on after a loss, and brings its own `previous`.
 */
function longestGoodPart(fd: number, chain: AuditChain): GoodEnd | undefined {
  let end: GoodEnd | undefined
  for (const { bytes, start } of linesForwards(fd)) {
    const line = parseLine(bytes)
    if (!line) break
    const previous = line.kind === 'header' ? line.header.previous : end?.line.hash
    if (previous === undefined || !chain.follows(previous, bytes)) break
    end = { line, size: start + bytes.length + 1 }
  }
  return end
}

function cutAfter(path: string, name: string, size: number, chain: AuditChain): string[] {
  return withFile(path, 'r+', (fd) => {
    const excess = fstatSync(fd).size - size
    if (excess === 0) return []
    const isTornLine = quickEnd(fd, chain)?.size === size
    const repairs = [`${excess} bytes of a line that was never acknowledged were cut from ${name}`]
    if (!isTornLine) {
      const copy = `${path}.damaged-${Date.now()}`
      copyRest(fd, size, copy)
      repairs[0] = `the last ${excess} bytes of ${name} were damaged and moved to ${copy}`
    }
    ftruncateSync(fd, size)
    fsyncSync(fd)
    return repairs
  })
}

function copyRest(fd: number, from: number, to: string): void {
  const chunk = Buffer.allocUnsafe(COPY_BYTES)
  withFile(to, 'wx', (copy) => {
    let position = from
    for (let length = 1; length > 0; position += length) {
      length = readSync(fd, chunk, 0, chunk.length, position)
      writeSync(copy, chunk, 0, length)
    }
    fsyncSync(copy)
  })
}

/** Without a good header there is nothing in it that could be proven. */
function setAside(path: string, name: string): string {
  const size = withFile(path, 'r', (fd) => fstatSync(fd).size)
  if (size === 0) {
    rmSync(path)
    return `the empty segment ${name} was removed`
  }
  const aside = `${path}.damaged-${Date.now()}`
  renameSync(path, aside)
  return `the segment ${name} has no good first line and was moved to ${aside}`
}

function withFile<T>(path: string, flags: string, use: (fd: number) => T): T {
  const fd = openSync(path, flags, 0o600)
  try {
    return use(fd)
  } finally {
    closeSync(fd)
  }
}
