/**
 * The unit of results: some rows, column by column.
 *
 * A batch is a view over memory that the engine owns. It is valid until the batch after it is
 * asked for; whoever wants to keep a value copies it. Layouts follow Arrow where the engine's own
 * memory allows it without a copy:
 *
 * | kind | `values` | elements per row |
 * | --- | --- | --- |
 * | boolean | Uint8Array, 0 or 1 | 1 |
 * | tinyint … bigint, utinyint … ubigint | Int8Array … BigInt64Array, Uint8Array … BigUint64Array | 1 |
 * | hugeint, uhugeint | BigUint64Array: low word, high word (two's complement) | 2 |
 * | uuid | BigUint64Array: low word, high word; the high word's top bit is flipped, as in the engine | 2 |
 * | decimal | Int16Array to precision 4, Int32Array to 9, BigInt64Array to 18, as hugeint above | 1 or 2 |
 * | float, double | Float32Array, Float64Array | 1 |
 * | date | Int32Array, days since 1970-01-01 | 1 |
 * | time, time_ns | BigInt64Array, µs or ns since midnight | 1 |
 * | time_tz | BigUint64Array: µs << 24 or'ed with (57599 - offset in seconds), as in the engine | 1 |
 * | timestamp, _tz, _s, _ms, _ns | BigInt64Array since 1970-01-01 (UTC) in µs, µs, s, ms, ns | 1 |
 * | interval | Int32Array: months, days, µs low word, µs high word | 4 |
 * | enum | Uint8Array, Uint16Array or Uint32Array: index into `labels` | 1 |
 * | list, map | BigUint64Array: start, length in `children[0]` (a map's child is a struct key, value) | 2 |
 *
 * varchar, json, blob, and the kinds carried as text (bit, bignum, other) have `offsets`
 * (Int32Array, rows + 1) into `bytes` (UTF-8, or raw for blob). A struct has its fields as
 * `children`; a union the tag (utinyint) first, then its members; an array one child with
 * `length` elements a row; kind `null` has neither. Dates and timestamps hold the engine's
 * infinities (the extreme values of the integer).
 */
import type { ColumnType } from './column-type.ts'

export type FixedValues =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array

export interface ColumnVector {
  readonly type: ColumnType
  /** One bit a row, least significant bit first, 1 = a value is there; absent when no row is NULL. */
  readonly validity: Uint8Array | undefined
  readonly values: FixedValues | undefined
  readonly offsets: Int32Array | undefined
  readonly bytes: Uint8Array | undefined
  readonly children: readonly ColumnVector[]
}

export interface ColumnBatch {
  readonly rowCount: number
  readonly columns: readonly ColumnVector[]
}

export function isNull(vector: ColumnVector, row: number): boolean {
  const { type, validity } = vector
  if (type.kind === 'null') return true
  return validity !== undefined && ((validity[row >> 3] ?? 0) & (1 << (row & 7))) === 0
}
