/**
 * Lines of a file, forwards or backwards, in memory bounded by the longest line.
 *
 * Synchronous: for the reader's thread, and for the recovery at the start. Both read up to the size
 * that the file had at the call. Bytes after the last newline are a line that is still being
 * written, or one that a crash tore: they are not given.
 */
import { fstatSync, readSync } from 'node:fs'

const CHUNK_BYTES = 256 * 1024
const NEWLINE = 0x0a

/** A line without its newline, and where it starts. Valid until the next step. */
export interface FileLine {
  readonly bytes: Buffer
  readonly start: number
}

export function* linesForwards(fd: number): Generator<FileLine, void> {
  const size = fstatSync(fd).size
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
  let rest = Buffer.alloc(0)
  let start = 0
  for (let position = 0; position < size;) {
    const length = readSync(fd, chunk, 0, Math.min(CHUNK_BYTES, size - position), position)
    if (length === 0) return // the file was cut meanwhile
    position += length
    let text = Buffer.concat([rest, chunk.subarray(0, length)])
    for (let end = text.indexOf(NEWLINE); end >= 0; end = text.indexOf(NEWLINE)) {
      yield { bytes: text.subarray(0, end), start }
      start += end + 1
      text = text.subarray(end + 1)
    }
    rest = text
  }
}

export function* linesBackwards(fd: number): Generator<FileLine, void> {
  for (const block of blocksBackwards(fd)) yield* linesOfBlock(block)
}

/** Some whole lines, each with its newline, and where the first starts. Valid until the next step. */
export function* blocksBackwards(fd: number): Generator<FileLine, void> {
  let position = fstatSync(fd).size
  let buffer: Buffer = Buffer.allocUnsafe(2 * CHUNK_BYTES)
  /** So many bytes of `buffer` are of a line whose start we do not have yet, to its newline. */
  let rest = 0
  let isTorn = true
  while (position > 0) {
    const length = Math.min(CHUNK_BYTES, position)
    position -= length
    buffer = movedTo(buffer, rest, length)
    readSync(fd, buffer, 0, length, position)
    const text = buffer.subarray(0, length + rest)
    const end = isTorn ? text.lastIndexOf(NEWLINE) + 1 : text.length
    if (end > 0) isTorn = false
    const start = position === 0 ? 0 : text.subarray(0, end).indexOf(NEWLINE) + 1
    rest = isTorn ? text.length : start
    if (start < end) yield { bytes: text.subarray(start, end), start: position + start }
  }
}

/** The first `length` bytes of `buffer` at `to`, in a larger buffer where they find no room. */
function movedTo(buffer: Buffer, length: number, to: number): Buffer {
  const moved = to + length > buffer.length ? Buffer.allocUnsafe(2 * (to + length)) : buffer
  buffer.copy(moved, to, 0, length)
  return moved
}

/** Last line first. */
export function* linesOfBlock({ bytes, start }: FileLine): Generator<FileLine, void> {
  for (let end = bytes.length - 1; end >= 0;) {
    const first = end === 0 ? 0 : bytes.lastIndexOf(NEWLINE, end - 1) + 1
    yield { bytes: bytes.subarray(first, end), start: start + first }
    end = first - 1
  }
}
