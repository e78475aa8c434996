/**
 * Some rows of a result as the BLUE protocol sends them: chunks of bytes, one after the other for
 * each column. A frame holds any number of blocks, and the door joins them into one answer.
 *
 * Layout, big-endian: rows, number of chunks, length of each chunk (32 bits each), the chunks. What
 * is inside of the chunks is the protocol's own (`encode/blue`); chunks of the same place in two
 * blocks of one result can be put one after the other, and are then the chunk of both.
 */
import { assert } from '../base/assert.ts'

export interface BlueBlock {
  readonly rows: number
  readonly chunks: readonly Uint8Array[]
}

export const BLOCK_HEAD_BYTES = 8
export const CHUNK_LENGTH_BYTES = 4

/** @param bytes Whole blocks, from our own engine host. */
export function readBlueBlocks(bytes: Uint8Array): BlueBlock[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const blocks: BlueBlock[] = []
  let at = 0
  while (at < bytes.length) {
    const rows = view.getUint32(at)
    const count = view.getUint32(at + 4)
    const lengths = at + BLOCK_HEAD_BYTES
    at = lengths + CHUNK_LENGTH_BYTES * count
    const chunks = Array.from({ length: count }, (_, index) => {
      const start = at
      at += view.getUint32(lengths + CHUNK_LENGTH_BYTES * index)
      return bytes.subarray(start, at)
    })
    blocks.push({ rows, chunks })
  }
  assert(at === bytes.length, 'blocks end where the bytes end')
  return blocks
}
