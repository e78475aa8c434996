/**
 * The PostgreSQL type under which each of the engine's types goes to clients.
 *
 * The type alone decides, never a value, because clients are told the type before the first row.
 * Therefore a list of lists is `text` holding JSON: its inner lists may differ in length, which no
 * PostgreSQL array can have. Arrays of fixed length, also nested, are arrays.
 *
 * Unsigned and wider integers go to the next type that holds all their values.
 */
import type { ColumnType, ScalarKind } from './column-type.ts'

export interface PgType {
  readonly oid: number
  /** Bytes of a value (typlen), -1 where they vary. */
  readonly length: number
  /** typmod: precision and scale of a numeric, else -1. */
  readonly modifier: number
  /** Whether values have a binary form; where not, text is sent and must be announced. */
  readonly binary: boolean
}

/** Type, its array type, its length. Source: PostgreSQL 15, pg_type. */
interface Known {
  readonly oid: number
  readonly array: number
  readonly length: number
}

const BOOL: Known = { oid: 16, array: 1000, length: 1 }
const BYTEA: Known = { oid: 17, array: 1001, length: -1 }
const INT8: Known = { oid: 20, array: 1016, length: 8 }
const INT2: Known = { oid: 21, array: 1005, length: 2 }
const INT4: Known = { oid: 23, array: 1007, length: 4 }
const TEXT: Known = { oid: 25, array: 1009, length: -1 }
const FLOAT4: Known = { oid: 700, array: 1021, length: 4 }
const FLOAT8: Known = { oid: 701, array: 1022, length: 8 }
const VARCHAR: Known = { oid: 1043, array: 1015, length: -1 }
const DATE: Known = { oid: 1082, array: 1182, length: 4 }
const TIME: Known = { oid: 1083, array: 1183, length: 8 }
const TIMESTAMP: Known = { oid: 1114, array: 1115, length: 8 }
const TIMESTAMPTZ: Known = { oid: 1184, array: 1185, length: 8 }
const INTERVAL: Known = { oid: 1186, array: 1187, length: 16 }
const TIMETZ: Known = { oid: 1266, array: 1270, length: 12 }
const BIT: Known = { oid: 1560, array: 1561, length: -1 }
const NUMERIC: Known = { oid: 1700, array: 1231, length: -1 }
const UUID: Known = { oid: 2950, array: 2951, length: 16 }

const SCALARS = {
  null: TEXT,
  boolean: BOOL,
  tinyint: INT2,
  smallint: INT2,
  integer: INT4,
  bigint: INT8,
  hugeint: NUMERIC,
  utinyint: INT2,
  usmallint: INT4,
  uinteger: INT8,
  ubigint: NUMERIC,
  uhugeint: NUMERIC,
  bignum: NUMERIC,
  float: FLOAT4,
  double: FLOAT8,
  varchar: VARCHAR,
  json: TEXT,
  blob: BYTEA,
  bit: BIT,
  uuid: UUID,
  date: DATE,
  time: TIME,
  time_ns: TIME,
  time_tz: TIMETZ,
  timestamp: TIMESTAMP,
  timestamp_s: TIMESTAMP,
  timestamp_ms: TIMESTAMP,
  timestamp_ns: TIMESTAMP,
  timestamp_tz: TIMESTAMPTZ,
  interval: INTERVAL,
} as const satisfies Record<ScalarKind, Known>

export function pgTypeOf(type: ColumnType): PgType {
  const known = scalar(type)
  if (known !== undefined) {
    const { oid, length } = known
    return { oid, length, modifier: modifierOf(type), binary: true }
  }
  const element = arrayElement(type)
  if (element !== undefined) {
    const known = scalar(element.type)
    if (known !== undefined) {
      const modifier = modifierOf(element.type)
      return { oid: known.array, length: -1, modifier, binary: element.dimensions === 1 }
    }
  }
  // Values are text, and text is its own binary form.
  return { oid: TEXT.oid, length: -1, modifier: -1, binary: true }
}

/**
 * For types that go as PostgreSQL arrays: what the arrays hold, and how many dimensions they have.
 * `undefined` for all others: lists of lists, and lists of structs, go as JSON.
 */
export function arrayElement(
  type: ColumnType,
): { readonly type: ColumnType; readonly dimensions: number } | undefined {
  if (type.kind === 'list' || type.kind === 'array') {
    const { element } = type
    if (scalar(element) !== undefined) return { type: element, dimensions: 1 }
    if (type.kind === 'array' && element.kind === 'array') {
      const inner = arrayElement(element)
      return inner && { type: inner.type, dimensions: inner.dimensions + 1 }
    }
  }
  return undefined
}

function scalar(type: ColumnType): Known | undefined {
  switch (type.kind) {
    case 'decimal':
      return NUMERIC
    case 'enum':
      return VARCHAR
    case 'other':
      return TEXT
    case 'list':
    case 'array':
    case 'struct':
    case 'map':
    case 'union':
      return undefined
    case 'null':
    case 'boolean':
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'hugeint':
    case 'utinyint':
    case 'usmallint':
    case 'uinteger':
    case 'ubigint':
    case 'uhugeint':
    case 'bignum':
    case 'float':
    case 'double':
    case 'varchar':
    case 'json':
    case 'blob':
    case 'bit':
    case 'uuid':
    case 'date':
    case 'time':
    case 'time_ns':
    case 'time_tz':
    case 'timestamp':
    case 'timestamp_s':
    case 'timestamp_ms':
    case 'timestamp_ns':
    case 'timestamp_tz':
    case 'interval':
      return SCALARS[type.kind]
  }
}

/** `((precision << 16) | scale) + 4`. Source: PostgreSQL, numeric.c, make_numeric_typmod. */
function modifierOf(type: ColumnType): number {
  return type.kind === 'decimal' ? ((type.precision << 16) | type.scale) + 4 : -1
}
