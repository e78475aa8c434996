/**
 * The BLUE type under which each of the engine's types goes to clients.
 *
 * The protocol has no binary type, no time, no interval and no lists of lists: these go as text, in
 * PostgreSQL's spelling. An unsigned integer of 128 bits and a number without bounds are text, too,
 * because the widest number of the protocol is a signed integer of 128 bits with a scale.
 *
 * Source: BLUE protocol, ColumnType and the layout of query results.
 */
import type { ColumnType } from './column-type.ts'

/** The protocol's numbers. There is no 3. */
export const BLUE_TYPE = {
  LONG_INT: 1,
  ULONG_INT: 2,
  INT: 4,
  UINT: 5,
  DOUBLE: 7,
  BYTE: 8,
  UBYTE: 9,
  SHORT: 10,
  USHORT: 11,
  FLOAT: 12,
  DATE: 13,
  DATETIME: 14,
  BOOL: 15,
  BLOB: 16,
  NUMERIC: 17,
  ARRAY: 18,
} as const

export type BlueTypeCode = (typeof BLUE_TYPE)[keyof typeof BLUE_TYPE]

export interface BlueScalar {
  readonly code: Exclude<BlueTypeCode, typeof BLUE_TYPE.ARRAY>
  /** Bytes of a value; 0 for a text, whose length varies. */
  readonly size: number
  /** Of a NUMERIC; otherwise 0. */
  readonly precision: number
  readonly scale: number
}

export type BlueType = BlueScalar | { readonly code: 18; readonly element: BlueScalar }

export function blueTypeOf(type: ColumnType): BlueType {
  if (type.kind !== 'list' && type.kind !== 'array') return scalarOf(type)
  const element = type.element
  if (NESTED.has(element.kind)) return TEXT
  return { code: BLUE_TYPE.ARRAY, element: scalarOf(element) }
}

const NESTED: ReadonlySet<ColumnType['kind']> = new Set<ColumnType['kind']>([
  'list',
  'array',
  'struct',
  'map',
  'union',
])

const TEXT = scalar(BLUE_TYPE.BLOB, 0)

/** The digits of the widest number that is told with a precision. */
const NUMERIC_DIGITS = 38

function scalarOf(type: ColumnType): BlueScalar {
  switch (type.kind) {
    case 'boolean':
      return scalar(BLUE_TYPE.BOOL, 1)
    case 'tinyint':
      return scalar(BLUE_TYPE.BYTE, 1)
    case 'utinyint':
      return scalar(BLUE_TYPE.UBYTE, 1)
    case 'smallint':
      return scalar(BLUE_TYPE.SHORT, 2)
    case 'usmallint':
      return scalar(BLUE_TYPE.USHORT, 2)
    case 'integer':
      return scalar(BLUE_TYPE.INT, 4)
    case 'uinteger':
      return scalar(BLUE_TYPE.UINT, 4)
    case 'bigint':
      return scalar(BLUE_TYPE.LONG_INT, 8)
    case 'ubigint':
      return scalar(BLUE_TYPE.ULONG_INT, 8)
    case 'hugeint':
      return scalar(BLUE_TYPE.NUMERIC, 16, NUMERIC_DIGITS)
    case 'decimal':
      return scalar(BLUE_TYPE.NUMERIC, 16, type.precision, type.scale)
    case 'float':
      return scalar(BLUE_TYPE.FLOAT, 4)
    case 'double':
      return scalar(BLUE_TYPE.DOUBLE, 8)
    case 'date':
      return scalar(BLUE_TYPE.DATE, 4)
    case 'timestamp':
    case 'timestamp_s':
    case 'timestamp_ms':
    case 'timestamp_ns':
    case 'timestamp_tz':
      return scalar(BLUE_TYPE.DATETIME, 8)
    default:
      return TEXT
  }
}

function scalar(code: BlueScalar['code'], size: number, precision = 0, scale = 0): BlueScalar {
  return { code, size, precision, scale }
}

/** Bytes of a value; 0 where they vary. */
export function blueValueBytes(type: ColumnType): number {
  const blue = blueTypeOf(type)
  return blue.code === BLUE_TYPE.ARRAY ? 0 : blue.size
}
