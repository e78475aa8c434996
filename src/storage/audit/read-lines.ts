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
  let position = fstatSync(fd).size
  /** From the start of a line that we have in part, to the newline that ends it. */
  let tail = Buffer.alloc(0)
  let isTorn = true
  while (position > 0) {
    const length = Math.min(CHUNK_BYTES, position)
    position -= length
    const chunk = Buffer.allocUnsafe(length)
    readSync(fd, chunk, 0, length, position)
    let text = Buffer.concat([chunk, tail])
    for (let end = text.lastIndexOf(NEWLINE); end >= 0; end = text.lastIndexOf(NEWLINE)) {
      if (!isTorn) yield { bytes: text.subarray(end + 1), start: position + end + 1 }
      isTorn = false
      text = text.subarray(0, end)
    }
    tail = text
  }
  if (!isTorn) yield { bytes: tail, start: 0 }
}
