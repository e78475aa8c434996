/**
 * From the engine's logical types to `ColumnType`.
 *
 * What has no kind of its own here (GEOMETRY, VARIANT, types of a later version) becomes `other`,
 * and is then read as text.
 */
import type { ColumnField, ColumnType, ScalarKind } from '../../columnar/column-type.ts'
import { destroy, takeText } from './native/memory.ts'
import { duckdb } from './native/library.ts'
import type { Address } from './native/library.ts'

/** `duckdb_type` of the kinds without parameters. */
const SCALAR_KINDS: Readonly<Record<number, ScalarKind>> = {
  1: 'boolean',
  2: 'tinyint',
  3: 'smallint',
  4: 'integer',
  5: 'bigint',
  6: 'utinyint',
  7: 'usmallint',
  8: 'uinteger',
  9: 'ubigint',
  10: 'float',
  11: 'double',
  12: 'timestamp',
  13: 'date',
  14: 'time',
  15: 'interval',
  16: 'hugeint',
  17: 'varchar',
  18: 'blob',
  20: 'timestamp_s',
  21: 'timestamp_ms',
  22: 'timestamp_ns',
  27: 'uuid',
  29: 'bit',
  30: 'time_tz',
  31: 'timestamp_tz',
  32: 'uhugeint',
  35: 'bignum',
  36: 'null',
  39: 'time_ns',
}

/** `duckdb_type` of the rest that the engine's C API names. */
const INVALID = 0
const DECIMAL = 19
const ENUM = 23
const LIST = 24
const STRUCT = 25
const MAP = 26
const UNION = 28
const ARRAY = 33
const OTHER_NAMES: Readonly<Record<number, string>> = { 40: 'GEOMETRY', 41: 'VARIANT' }

/** Reads the type and destroys the handle. Undefined for the engine's "not known yet". */
export function takeColumnType(handle: Address): ColumnType | undefined {
  try {
    return duckdb.typeId(handle) === INVALID ? undefined : readColumnType(handle)
  } finally {
    destroy(duckdb.destroyLogicalType, handle)
  }
}

function takeKnown(handle: Address): ColumnType {
  return takeColumnType(handle) ?? { kind: 'other', name: 'UNKNOWN' }
}

function readColumnType(handle: Address): ColumnType {
  const id = duckdb.typeId(handle)
  switch (id) {
    case DECIMAL:
      return {
        kind: 'decimal',
        precision: duckdb.decimalWidth(handle),
        scale: duckdb.decimalScale(handle),
      }
    case ENUM:
      return {
        kind: 'enum',
        labels: upTo(duckdb.enumSize(handle), (i) => takeText(duckdb.enumLabel(handle, i))),
      }
    case LIST:
      return { kind: 'list', element: takeKnown(duckdb.listChildType(handle)) }
    case ARRAY:
      return {
        kind: 'array',
        element: takeKnown(duckdb.arrayChildType(handle)),
        length: Number(duckdb.arraySize(handle)),
      }
    case STRUCT:
      return { kind: 'struct', fields: structFields(handle) }
    case MAP:
      return {
        kind: 'map',
        key: takeKnown(duckdb.mapKeyType(handle)),
        value: takeKnown(duckdb.mapValueType(handle)),
      }
    case UNION:
      return {
        kind: 'union',
        members: upTo(Number(duckdb.unionSize(handle)), (i) => ({
          name: takeText(duckdb.unionMemberName(handle, i)),
          type: takeKnown(duckdb.unionMemberType(handle, i)),
        })),
      }
  }
  const kind = SCALAR_KINDS[id]
  if (kind === undefined) return { kind: 'other', name: OTHER_NAMES[id] ?? `TYPE ${id}` }
  return kind === 'varchar' && alias(handle) === 'JSON' ? { kind: 'json' } : { kind }
}

function structFields(handle: Address): ColumnField[] {
  return upTo(Number(duckdb.structSize(handle)), (i) => ({
    name: takeText(duckdb.structFieldName(handle, i)),
    type: takeKnown(duckdb.structFieldType(handle, i)),
  }))
}

function alias(handle: Address): string | undefined {
  const address = duckdb.typeAlias(handle)
  return address === null ? undefined : takeText(address)
}

function upTo<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index))
}
