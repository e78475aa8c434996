/**
 * Column batches to blocks of the BLUE protocol, which is columnar: most columns are copied whole.
 *
 * A block is written for as many rows as fit the target, by what is known of their lengths before
 * they are written. Unlike in formats of rows, a value that cannot be carried takes all rows of the
 * call with it: its statement fails anyway.
 */
import { present } from '../../base/assert.ts'
import type { ByteWriter } from '../../base/byte-writer.ts'
import { isNull } from '../../columnar/column-batch.ts'
import type { ColumnBatch, ColumnVector } from '../../columnar/column-batch.ts'
import { BLOCK_HEAD_BYTES, CHUNK_LENGTH_BYTES } from '../../columnar/blue-block.ts'
import type { Schema } from '../../columnar/column-type.ts'
import type { EncodeRows } from '../encode-rows.ts'
import { columnChunks } from './column-chunks.ts'
import type { ColumnChunks } from './column-chunks.ts'
import { appendNullFlags, fillUp } from './null-flags.ts'

/** Rows of a block with data whose length is not known before it is written, such as arrays. */
const ROWS_OF_UNKNOWN_LENGTH = 64

/** What a text may need besides its bytes: its length, what fills it up, whether it is NULL. */
const TEXT_BYTES_BESIDES = 12

export function createBlueEncoder(schema: Schema): EncodeRows {
  const columns = schema.map(columnChunks)
  const chunkCount = columns.reduce((sum, { kind }) => sum + (kind === 'fixed' ? 2 : 3), 0)
  return (batch, from, to, out, bytesTarget) => {
    const start = out.position
    let row = from
    try {
      while (row < to && (row === from || out.position < bytesTarget)) {
        const end = blockEnd(columns, batch, row, to, bytesTarget - out.position)
        appendBlock(columns, chunkCount, batch, row, end, out)
        row = end
      }
    } catch (error) {
      out.truncate(start)
      throw error
    }
    return row
  }
}

/** How far a block from `from` on may go; at least one row. */
function blockEnd(
  columns: readonly ColumnChunks[],
  batch: ColumnBatch,
  from: number,
  to: number,
  bytesTarget: number,
): number {
  if (bytesTarget === Infinity) return to
  const isKnown = columns.every((column) => column.kind === 'fixed' || column.copies)
  const last = isKnown ? to : Math.min(to, from + ROWS_OF_UNKNOWN_LENGTH)
  const texts = batch.columns.filter((_, k) => isCopied(columns[k]))
  let rowBytes = 0
  for (const column of columns) {
    rowBytes += column.kind === 'fixed' ? column.values.size + 1 : TEXT_BYTES_BESIDES
  }
  let bytes = 0
  let row = from
  while (row < last && bytes < bytesTarget) {
    bytes += rowBytes
    for (const { offsets } of texts) {
      bytes += (offsets?.[row + 1] ?? 0) - (offsets?.[row] ?? 0)
    }
    row += 1
  }
  return Math.max(row, from + 1)
}

function isCopied(column: ColumnChunks | undefined): boolean {
  return column?.kind === 'varying' && column.copies
}

function appendBlock(
  columns: readonly ColumnChunks[],
  chunkCount: number,
  batch: ColumnBatch,
  from: number,
  to: number,
  out: ByteWriter,
): void {
  out.reserve(BLOCK_HEAD_BYTES + CHUNK_LENGTH_BYTES * chunkCount)
  const head = out.position
  out.int32At(head, to - from)
  out.int32At(head + 4, chunkCount)
  let lengthAt = head + BLOCK_HEAD_BYTES
  out.position = lengthAt + CHUNK_LENGTH_BYTES * chunkCount
  let chunk = out.position
  const endChunk = (): void => {
    out.int32At(lengthAt, out.position - chunk)
    lengthAt += CHUNK_LENGTH_BYTES
    chunk = out.position
  }
  for (const [k, column] of columns.entries()) {
    const vector = present(batch.columns[k], 'column')
    appendNullFlags(vector, from, to, out)
    endChunk()
    if (column.kind === 'fixed') column.values.append(vector, from, to, out)
    else appendVarying(column.append, vector, from, to, out, endChunk)
    endChunk()
  }
}

/** The lengths, which are known only afterwards, and the data. */
function appendVarying(
  append: (vector: ColumnVector, row: number, out: ByteWriter) => void,
  vector: ColumnVector,
  from: number,
  to: number,
  out: ByteWriter,
  endChunk: () => void,
): void {
  const lengths = out.position
  out.reserve((to - from) * 4)
  out.position += (to - from) * 4
  endChunk()
  for (let row = from; row < to; row += 1) {
    const start = out.position
    if (!isNull(vector, row)) append(vector, row, out)
    out.view.setInt32(lengths + (row - from) * 4, out.position - start, true)
    fillUp(out, start)
  }
}
