/**
 * Values as text, as PostgreSQL prints them under the session's settings.
 *
 * Nothing is rounded: nanoseconds of `time_ns` and `timestamp_ns` are written with up to nine
 * digits, which is more than PostgreSQL's own types hold, and dates outside of PostgreSQL's range
 * are written in full. DateStyle needs no code: the gateway offers ISO output alone, whose form does
 * not depend on the order of day and month.
 */
import type { ColumnField, ColumnType } from '../../../columnar/column-type.ts'
import type { TextSettings } from '../../../columnar/result-format.ts'
import { jsonText } from '../../json/json-encoder.ts'
import { ALWAYS_NULL, COPY, type ValueEncoder } from '../../value-encoder.ts'
import { arrayElement } from '../../../columnar/pg-type.ts'
import { arrayText } from './array-text.ts'
import { byteaText } from './bytea-text.ts'
import { booleanText, enumText, uuidText } from './discrete-text.ts'
import { dateText, timeNsText, timeText, timeTzText } from './date-text.ts'
import { doubleText, floatText } from './float-text.ts'
import { intervalText } from './interval-text.ts'
import { bigintText, decimalText, hugeintText, int32Text, uint32Text } from './integer-text.ts'
import { ubigintText, uhugeintText } from './integer-text.ts'
import { timestampText, timestampTzText } from './timestamp-text.ts'
import { MICROSECONDS, MILLISECONDS, NANOSECONDS, SECONDS } from '../../text/timestamp.ts'

/**
 * @param field Its name is for error messages only.
 * @throws GatewayError `invalid_parameter_value` for an unknown time zone.
 */
export function textEncoder(field: ColumnField, settings: TextSettings): ValueEncoder {
  const { name, type } = field
  switch (type.kind) {
    case 'null':
      return ALWAYS_NULL
    case 'varchar':
    case 'json':
    case 'bit':
    case 'bignum':
    case 'other':
      return COPY
    case 'list':
    case 'array':
      return listText(name, type, settings)
    case 'struct':
    case 'map':
    case 'union':
      return jsonText(type)
    case 'decimal':
      return decimalText(type)
    case 'enum':
      return enumText(type.labels)
    case 'float':
      return floatText(settings.extraFloatDigits)
    case 'double':
      return doubleText(settings.extraFloatDigits)
    case 'blob':
      return byteaText(settings.byteaOutput)
    case 'interval':
      return intervalText(settings.intervalStyle)
    case 'timestamp_tz':
      return timestampTzText(settings.timeZone)
    default:
      return PLAIN[type.kind]
  }
}

/** Types whose text depends on nothing but the value. */
const PLAIN = {
  boolean: booleanText,
  tinyint: int32Text('tinyint'),
  smallint: int32Text('smallint'),
  integer: int32Text('integer'),
  utinyint: int32Text('utinyint'),
  usmallint: int32Text('usmallint'),
  uinteger: uint32Text,
  bigint: bigintText,
  ubigint: ubigintText,
  hugeint: hugeintText,
  uhugeint: uhugeintText,
  uuid: uuidText,
  date: dateText,
  time: timeText,
  time_ns: timeNsText,
  time_tz: timeTzText,
  timestamp: timestampText('timestamp', MICROSECONDS),
  timestamp_s: timestampText('timestamp_s', SECONDS),
  timestamp_ms: timestampText('timestamp_ms', MILLISECONDS),
  timestamp_ns: timestampText('timestamp_ns', NANOSECONDS),
}

function listText(name: string, type: ColumnType, settings: TextSettings): ValueEncoder {
  const element = arrayElement(type)
  if (element === undefined) return jsonText(type)
  return arrayText(name, type, textEncoder({ name, type: element.type }, settings))
}
