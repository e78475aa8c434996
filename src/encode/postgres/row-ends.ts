/** Where rows end in encoded results: for cutting spooled bytes back into frames. */
import { assert } from '../../base/assert.ts'
import type { ResultFormat } from '../../columnar/result-format.ts'

const DATA_ROW = 0x44
const LINE_FEED = 0x0a

/** Type byte and length, which counts itself. */
const HEADER_BYTES = 5

/**
 * @param bytes Whole rows, as the encoders of `format` write them, possibly followed by a part of
 *              one more row.
 * @returns for each whole row the position behind it, in rising order.
 * @throws Error (an assertion) for bytes that no encoder of ours wrote.
 */
export function rowEnds(bytes: Uint8Array, format: Pick<ResultFormat, 'kind'>): number[] {
  switch (format.kind) {
    case 'postgres':
      return dataRowEnds(bytes)
    case 'json_lines':
      return lineEnds(bytes)
  }
}

function dataRowEnds(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const ends: number[] = []
  let at = 0
  while (at + HEADER_BYTES <= bytes.length) {
    const length = view.getInt32(at + 1)
    assert(bytes[at] === DATA_ROW && length >= 4, 'a DataRow begins where the one before it ends')
    at += 1 + length
    if (at <= bytes.length) ends.push(at)
  }
  return ends
}

/** A line feed inside of a JSON text is escaped, so each one ends a row. */
function lineEnds(bytes: Uint8Array): number[] {
  const ends: number[] = []
  for (let at = bytes.indexOf(LINE_FEED); at !== -1; at = bytes.indexOf(LINE_FEED, at + 1)) {
    ends.push(at + 1)
  }
  return ends
}
