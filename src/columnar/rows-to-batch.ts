/**
 * A column batch from JavaScript rows, for results that the gateway itself answers: SHOW, AUDITLOG
 * and their like. Not for results of an engine: a value here costs an object.
 */
import { assert } from '../base/assert.ts'
import type { ColumnBatch, ColumnVector } from './column-batch.ts'
import type { ColumnField, ColumnType, Schema } from './column-type.ts'

/** A timestamp_tz is a bigint: microseconds since 1970-01-01 UTC. */
export type Cell = string | number | bigint | boolean | null

/**
 * @param schema C columns of the kinds varchar, integer, bigint, double, boolean, timestamp_tz.
 * @param rows   R rows by C cells, each of its column's JavaScript type, or null.
 * @throws Error (an assertion) for any other kind or cell: the rows are our own.
 */
export function rowsToBatch(schema: Schema, rows: readonly (readonly Cell[])[]): ColumnBatch {
  for (const row of rows) assert(row.length === schema.length, 'as many cells as columns')
  return {
    rowCount: rows.length,
    columns: schema.map((field, index) =>
      columnOf(
        field,
        rows.map((row) => row[index] ?? null),
      ),
    ),
  }
}

function columnOf(field: ColumnField, cells: readonly Cell[]): ColumnVector {
  const { type } = field
  const fixed = {
    type,
    validity: validityOf(cells),
    offsets: undefined,
    bytes: undefined,
    children: [],
  }
  switch (type.kind) {
    case 'varchar':
      return { ...fixed, values: undefined, ...textsOf(field, cells) }
    case 'integer':
      return { ...fixed, values: Int32Array.from(cells, (cell) => numberOf(field, cell)) }
    case 'double':
      return { ...fixed, values: Float64Array.from(cells, (cell) => numberOf(field, cell)) }
    case 'boolean':
      return { ...fixed, values: Uint8Array.from(cells, (cell) => booleanOf(field, cell)) }
    case 'bigint':
    case 'timestamp_tz':
      return { ...fixed, values: BigInt64Array.from(cells, (cell) => bigintOf(field, cell)) }
    default:
      throw unsupported(type)
  }
}

/** One bit a row, or nothing when no cell is null. */
function validityOf(cells: readonly Cell[]): Uint8Array | undefined {
  if (!cells.includes(null)) return undefined
  const bits = new Uint8Array(Math.ceil(cells.length / 8))
  for (const [row, cell] of cells.entries()) {
    if (cell !== null) bits[row >> 3] = (bits[row >> 3] ?? 0) | (1 << (row & 7))
  }
  return bits
}

function textsOf(
  field: ColumnField,
  cells: readonly Cell[],
): { readonly offsets: Int32Array; readonly bytes: Uint8Array } {
  const offsets = new Int32Array(cells.length + 1)
  const parts = cells.map((cell, row) => {
    assert(cell === null || typeof cell === 'string', wrong(field, cell))
    const part = Buffer.from(cell ?? '')
    offsets[row + 1] = (offsets[row] ?? 0) + part.length
    return part
  })
  return { offsets, bytes: new Uint8Array(Buffer.concat(parts)) }
}

function numberOf(field: ColumnField, cell: Cell): number {
  assert(cell === null || typeof cell === 'number', wrong(field, cell))
  assert(
    cell === null || field.type.kind === 'double' || (cell | 0) === cell,
    `column "${field.name}" holds integers of 32 bits`,
  )
  return cell ?? 0
}

function booleanOf(field: ColumnField, cell: Cell): number {
  assert(cell === null || typeof cell === 'boolean', wrong(field, cell))
  return cell === true ? 1 : 0
}

function bigintOf(field: ColumnField, cell: Cell): bigint {
  assert(cell === null || typeof cell === 'bigint', wrong(field, cell))
  assert(
    cell === null || BigInt.asIntN(64, cell) === cell,
    `column "${field.name}" holds integers of 64 bits`,
  )
  return cell ?? 0n
}

function wrong(field: ColumnField, cell: Cell): string {
  return `a ${typeof cell} is no cell of the ${field.type.kind} column "${field.name}"`
}

function unsupported(type: ColumnType): Error {
  return new Error(`assertion failed: rows of our own have no ${type.kind} columns`)
}
