/**
 * How one column's values become bytes: the piece that formats are put together from.
 *
 * There are several kinds because speed differs: a value of bounded size is written without asking
 * for room each time; a string is copied out of the batch; everything else asks for its own room.
 * Length prefixes, quotes and NULLs are the business of whoever calls.
 */
import { assert, present } from '../base/assert.ts'
import type { ByteWriter } from '../base/byte-writer.ts'
import type { ColumnVector, FixedValues } from '../columnar/column-batch.ts'

export type ValueEncoder = FixedEncoder | CopyEncoder | FreeEncoder | NullEncoder

export interface FixedEncoder {
  readonly kind: 'fixed'
  /** Encoders of the same name run the same code: row loops are shared by their names. */
  readonly name: string
  /** The room that `write` needs. */
  readonly bytesMax: number
  /** What `write` reads values from: the column's own array, or its memory as 32-bit words. */
  readonly view: (vector: ColumnVector) => FixedValues
  /** Writes the value of `row` (not NULL) at `at` and returns the position after it. */
  readonly write: (values: FixedValues, row: number, bytes: Uint8Array, at: number) => number
}

/** The column's own bytes are the encoded value. */
export interface CopyEncoder {
  readonly kind: 'copy'
}

export interface FreeEncoder {
  readonly kind: 'free'
  /** Appends the value of `row` (not NULL) to `out`. */
  readonly write: (vector: ColumnVector, row: number, out: ByteWriter) => void
}

/** The type of a bare NULL: no row has a value, and the column has no memory. */
export interface NullEncoder {
  readonly kind: 'null'
}

export const COPY: CopyEncoder = { kind: 'copy' }
export const ALWAYS_NULL: NullEncoder = { kind: 'null' }

/** Values as they lie in the column. */
export function valuesOf(vector: ColumnVector): FixedValues {
  return present(vector.values, `values of a ${vector.type.kind} column`)
}

/** 64-bit and 128-bit values as 32-bit words, low word first: reading a BigInt costs an object. */
export function wordsOf(vector: ColumnVector): Int32Array {
  const { buffer, byteOffset, byteLength } = valuesOf(vector)
  return new Int32Array(buffer, byteOffset, byteLength >> 2)
}

/** A `FixedEncoder` over one kind of array. */
export function fixed<Values extends FixedValues>(
  name: string,
  bytesMax: number,
  view: (vector: ColumnVector) => FixedValues,
  write: (values: Values, row: number, bytes: Uint8Array, at: number) => number,
): FixedEncoder {
  // The column types' table in column-batch.ts says which array a kind has.
  return { kind: 'fixed', name, bytesMax, view, write: write as FixedEncoder['write'] }
}

/** The bytes of one value of a column that has `offsets` and `bytes`. */
export function bytesAt(vector: ColumnVector, row: number): Uint8Array {
  const offsets = present(vector.offsets, 'offsets')
  return present(vector.bytes, 'bytes').subarray(offsets[row], offsets[row + 1])
}

/** Appends the value of `row` (not NULL), whatever kind of encoder it takes. */
export function appendValue(
  encoder: ValueEncoder,
  vector: ColumnVector,
  row: number,
  out: ByteWriter,
): void {
  switch (encoder.kind) {
    case 'fixed':
      out.reserve(encoder.bytesMax)
      out.position = encoder.write(encoder.view(vector), row, out.bytes, out.position)
      return
    case 'copy':
      out.raw(bytesAt(vector, row))
      return
    case 'free':
      encoder.write(vector, row, out)
      return
    case 'null':
      assert(false, 'a value of the type NULL')
  }
}
