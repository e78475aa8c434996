/**
 * The bytes of one Fetch: the length of a JSON text (64 bits, little-endian), the text, the chunks
 * of the columns. The text tells the rows and the length of each chunk.
 *
 * Source: BLUE protocol, FetchResponse.query_result.
 */
import { readBlueBlocks } from '../../columnar/blue-block.ts'

const LENGTH_BYTES = 8

/** Tells a client that there are no more rows. */
export const END_OF_ROWS = queryResult([])

/** @param frames Of one result, in order: whole blocks, which become one. */
export function queryResult(frames: readonly Uint8Array[]): Uint8Array {
  const blocks = frames.flatMap(readBlueBlocks)
  const chunkCount = blocks[0]?.chunks.length ?? 0
  const sizes = Array.from({ length: chunkCount }, (_, k) =>
    blocks.reduce((sum, { chunks }) => sum + (chunks[k]?.length ?? 0), 0),
  )
  const rows = blocks.reduce((sum, block) => sum + block.rows, 0)
  const head = Buffer.from(JSON.stringify({ colSzs: sizes, rows }))
  const bytes = Buffer.allocUnsafe(
    LENGTH_BYTES + head.length + sizes.reduce((sum, size) => sum + size, 0),
  )
  bytes.writeBigUInt64LE(BigInt(head.length))
  let at = LENGTH_BYTES
  const append = (part: Uint8Array): void => {
    bytes.set(part, at)
    at += part.length
  }
  append(head)
  for (let k = 0; k < chunkCount; k += 1) {
    for (const { chunks } of blocks) append(chunks[k] as Uint8Array)
  }
  return bytes
}
