/**
 * Values in PostgreSQL's binary formats.
 *
 * They hold less than text does: a value with digits below the microsecond, or a date outside of
 * PostgreSQL's range, is refused with the column's name, never rounded.
 *
 * Source: PostgreSQL, the *_send functions of src/backend/utils/adt.
 */
import type { ColumnField } from '../../../columnar/column-type.ts'
import { jsonText } from '../../json/json-encoder.ts'
import { MILLISECONDS, NANOSECONDS, SECONDS } from '../../text/timestamp.ts'
import { ALWAYS_NULL, COPY, type ValueEncoder } from '../../value-encoder.ts'
import { arrayElement, pgTypeOf } from '../../../columnar/pg-type.ts'
import { enumText } from '../text/discrete-text.ts'
import { arrayBinary } from './array-binary.ts'
import { bitBinary } from './bit-binary.ts'
import { dateBinary, timeBinary, timeNsBinary, timeTzBinary } from './date-binary.ts'
import {
  eightBytesBinary,
  booleanBinary,
  floatBinary,
  int16Binary,
  int32Binary,
  intervalBinary,
  uint32Binary,
  uuidBinary,
} from './plain-binary.ts'
import { decimalBinary, numericFromText } from './numeric-binary.ts'
import { hugeintText, ubigintText, uhugeintText } from '../text/integer-text.ts'
import { timestampBinary, timestampInUnitsBinary } from './timestamp-binary.ts'

/** @param field A column whose type has a binary form (see `pgTypeOf`). */
export function binaryEncoder(field: ColumnField): ValueEncoder {
  const { name, type } = field
  switch (type.kind) {
    case 'null':
      return ALWAYS_NULL
    case 'varchar':
    case 'json':
    case 'blob':
    case 'other':
      return COPY
    case 'list':
    case 'array': {
      const element = arrayElement(type)
      if (element === undefined) return jsonText(type)
      const encoder = binaryEncoder({ name, type: element.type })
      return arrayBinary(pgTypeOf(element.type).oid, encoder)
    }
    case 'struct':
    case 'map':
    case 'union':
      return jsonText(type)
    case 'enum':
      return enumText(type.labels)
    case 'decimal':
      return decimalBinary(type)
    case 'date':
      return dateBinary(name)
    case 'time_ns':
      return timeNsBinary(name)
    case 'timestamp':
    case 'timestamp_tz':
      return timestampBinary(name)
    case 'timestamp_s':
      return timestampInUnitsBinary(name, SECONDS)
    case 'timestamp_ms':
      return timestampInUnitsBinary(name, MILLISECONDS)
    case 'timestamp_ns':
      return timestampInUnitsBinary(name, NANOSECONDS)
    default:
      return PLAIN[type.kind]
  }
}

/** Types of which every value has a binary form. */
const PLAIN = {
  boolean: booleanBinary,
  tinyint: int16Binary('tinyint'),
  smallint: int16Binary('smallint'),
  utinyint: int16Binary('utinyint'),
  integer: int32Binary('integer'),
  usmallint: int32Binary('usmallint'),
  uinteger: uint32Binary,
  bigint: eightBytesBinary,
  ubigint: numericFromText(ubigintText),
  hugeint: numericFromText(hugeintText),
  uhugeint: numericFromText(uhugeintText),
  bignum: numericFromText(COPY),
  float: floatBinary,
  double: eightBytesBinary,
  bit: bitBinary,
  uuid: uuidBinary,
  time: timeBinary,
  time_tz: timeTzBinary,
  interval: intervalBinary,
}
