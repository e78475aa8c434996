/** Values of one length: all rows' values stand one after the other, little-endian. */
import type { ByteWriter } from '../../base/byte-writer.ts'
import { isNull } from '../../columnar/column-batch.ts'
import type { ColumnVector, FixedValues } from '../../columnar/column-batch.ts'
import { valuesOf } from '../value-encoder.ts'

/** Writes the value of `row` (not NULL) at `at`. */
export type WriteFixed = (vector: ColumnVector, row: number, view: DataView, at: number) => void

export interface FixedColumn {
  readonly size: number
  /** Appends the values of the rows `from` to `to`; zeros for NULL. */
  readonly append: (vector: ColumnVector, from: number, to: number, out: ByteWriter) => void
}

/** The engine's own bytes are the values. What its memory holds for NULL stays behind. */
export function copied(size: number): FixedColumn {
  return {
    size,
    append(vector, from, to, out) {
      const values = valuesOf(vector)
      out.raw(bytesOf(values, from * size, to * size))
      if (vector.validity === undefined) return
      const start = out.position - (to - from) * size
      for (let row = from; row < to; row += 1) {
        if (isNull(vector, row)) {
          const at = start + (row - from) * size
          out.bytes.fill(0, at, at + size)
        }
      }
    },
  }
}

/** Value by value. */
export function written(size: number, write: WriteFixed): FixedColumn {
  return {
    size,
    append(vector, from, to, out) {
      const length = (to - from) * size
      out.reserve(length)
      const start = out.position
      if (vector.validity !== undefined) out.bytes.fill(0, start, start + length)
      for (let row = from; row < to; row += 1) {
        if (!isNull(vector, row)) write(vector, row, out.view, start + (row - from) * size)
      }
      out.position = start + length
    },
  }
}

function bytesOf({ buffer, byteOffset }: FixedValues, from: number, to: number): Uint8Array {
  return new Uint8Array(buffer, byteOffset + from, to - from)
}
