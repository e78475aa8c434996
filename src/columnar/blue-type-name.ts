/**
 * What a column's type is called in BLUE SQL, as the BLUE door delivers it.
 *
 * BLUE's TINYINT is unsigned, so a signed one is a SMALLINT there; what BLUE has no type for is TEXT,
 * as which it arrives.
 */
import { BLUE_TYPE, blueTypeOf } from './blue-type.ts'
import type { ColumnType } from './column-type.ts'

/** In lower case, because the SQLAlchemy dialect of BLUE knows no other spelling. */
export function blueTypeName(type: ColumnType): string {
  switch (type.kind) {
    case 'boolean':
      return 'bool'
    case 'utinyint':
      return 'tinyint'
    case 'tinyint':
    case 'smallint':
      return 'smallint'
    case 'usmallint':
    case 'integer':
      return 'int'
    case 'uinteger':
    case 'bigint':
      return 'bigint'
    case 'ubigint':
      return 'numeric(20,0)'
    case 'hugeint':
      return 'numeric(38,0)'
    case 'decimal':
      return `numeric(${type.precision},${type.scale})`
    case 'float':
      return 'real'
    case 'double':
      return 'double'
    case 'date':
      return 'date'
    case 'timestamp':
    case 'timestamp_s':
    case 'timestamp_ms':
    case 'timestamp_ns':
    case 'timestamp_tz':
      return 'datetime'
    case 'list':
    case 'array':
      return blueTypeOf(type).code === BLUE_TYPE.ARRAY ? `${blueTypeName(type.element)}[]` : 'text'
    default:
      return 'text'
  }
}
