/** Where so many rows end in encoded bytes: a client's row limit cuts what was encoded ahead. */
import { assert } from '../../base/assert.ts'
import type { ResultFormat } from '../../columnar/result-format.ts'

const LINE_FEED = 0x0a

/**
 * @param bytes Whole rows of `format`, at least `rows` of them.
 * @returns the length in bytes of the first `rows`.
 */
export function bytesOfRows(bytes: Uint8Array, rows: number, format: ResultFormat): number {
  switch (format.kind) {
    case 'postgres':
      return bytesOfMessages(bytes, rows)
    case 'json_lines':
      return bytesOfLines(bytes, rows)
    case 'blue':
      throw new Error('blocks of columns are not cut: their door asks for all rows')
  }
}

/** A message is a type byte and a length that counts itself (PostgreSQL manual, "Message Formats"). */
function bytesOfMessages(bytes: Uint8Array, count: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  for (let message = 0; message < count; message += 1) at += 1 + view.getInt32(at + 1)
  assert(at <= bytes.length, 'the rows are in the bytes')
  return at
}

function bytesOfLines(bytes: Uint8Array, count: number): number {
  let at = 0
  for (let line = 0; line < count; line += 1) {
    const end = bytes.indexOf(LINE_FEED, at)
    assert(end >= 0, 'the rows are in the bytes')
    at = end + 1
  }
  return at
}
