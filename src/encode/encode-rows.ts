import type { ByteWriter } from '../base/byte-writer.ts'
import type { ColumnBatch } from '../columnar/column-batch.ts'

/** See `RowEncoder.encode` in row-encoder.ts, which promises the same of every format. */
export type EncodeRows = (
  batch: ColumnBatch,
  from: number,
  to: number,
  out: ByteWriter,
  bytesTarget: number,
) => number
