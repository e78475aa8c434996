/** What chunks have in common: a byte that says NULL, and zeros that fill up. */
import type { ByteWriter } from '../../base/byte-writer.ts'
import { isNull } from '../../columnar/column-batch.ts'
import type { ColumnVector } from '../../columnar/column-batch.ts'

/** A byte a row: 1 for NULL. */
export function appendNullFlags(
  vector: ColumnVector,
  from: number,
  to: number,
  out: ByteWriter,
): void {
  const length = to - from
  out.reserve(length)
  const start = out.position
  out.bytes.fill(0, start, start + length)
  if (vector.validity !== undefined || vector.type.kind === 'null') {
    for (let row = from; row < to; row += 1) {
      if (isNull(vector, row)) out.bytes[start + row - from] = 1
    }
  }
  out.position = start + length
}

/** Zeros up to a multiple of eight bytes behind `start`. */
export function fillUp(out: ByteWriter, start: number): void {
  const missing = -(out.position - start) & 7
  out.reserve(missing)
  out.bytes.fill(0, out.position, out.position + missing)
  out.position += missing
}
