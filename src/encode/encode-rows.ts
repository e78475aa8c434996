import type { ByteWriter } from '../base/byte-writer.ts'
import type { ColumnBatch } from '../columnar/column-batch.ts'

/**
 * Appends the rows `from` (inclusive) to `to` (exclusive) of `batch` to `out`, and stops after the
 * row at which `out.position` reaches `bytesTarget`. At least one row is written if there is one.
 *
 * @returns the first row that was not written: `to` when all were.
 * @throws GatewayError `program_limit` for a row longer than a message may be, or the kind that fits
 *         a value which the format cannot carry exactly. Rows before it stay in `out`; the broken
 *         row is taken back whole.
 */
export type EncodeRows = (
  batch: ColumnBatch,
  from: number,
  to: number,
  out: ByteWriter,
  bytesTarget: number,
) => number
