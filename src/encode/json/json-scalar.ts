/** How each scalar type looks in JSON. */
import type { ColumnType } from '../../columnar/column-type.ts'
import { dateText, timeNsText, timeText, timeTzText } from '../postgres/text/date-text.ts'
import { enumText, uuidText } from '../postgres/text/discrete-text.ts'
import { shortestDouble, shortestFloat } from '../postgres/text/float-text.ts'
import {
  bigintText,
  decimalText,
  hugeintText,
  int32Text,
  ubigintText,
  uhugeintText,
  uint32Text,
} from '../postgres/text/integer-text.ts'
import { intervalText } from '../postgres/text/interval-text.ts'
import { writeHex } from '../text/hex.ts'
import { writeAscii } from '../text/spelling.ts'
import { MICROSECONDS, MILLISECONDS, NANOSECONDS, SECONDS } from '../text/timestamp.ts'
import {
  ALWAYS_NULL,
  bytesAt,
  COPY,
  fixed,
  valuesOf,
  type FixedEncoder,
  type ValueEncoder,
} from '../value-encoder.ts'
import { instantJson } from './json-instant.ts'
import { embedJson } from './json-document.ts'

/**
 * - `literal`: the bytes stand in the JSON as they are.
 * - `quoted`: between quotes, never in need of escapes.
 * - `string`: the column's UTF-8, escaped.
 */
export interface JsonScalar {
  readonly form: 'literal' | 'quoted' | 'string'
  readonly encoder: ValueEncoder
}

type Scalar = Exclude<ColumnType, { kind: 'list' | 'array' | 'struct' | 'map' | 'union' }>

export function scalarAsJson(type: Scalar, wideNumbers: 'string' | 'number'): JsonScalar {
  const wide = wideNumbers === 'number' ? literal : quoted
  switch (type.kind) {
    case 'null':
      return literal(ALWAYS_NULL)
    case 'varchar':
    case 'other':
      return { form: 'string', encoder: COPY }
    case 'json':
      return literal(embedJson)
    case 'boolean':
      return literal(booleanJson)
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'utinyint':
    case 'usmallint':
      return literal(int32Text(type.kind))
    case 'uinteger':
      return literal(uint32Text)
    case 'bigint':
      return wide(bigintText)
    case 'ubigint':
      return wide(ubigintText)
    case 'hugeint':
      return wide(hugeintText)
    case 'uhugeint':
      return wide(uhugeintText)
    case 'bignum':
      return wide(COPY)
    case 'decimal':
      return wide(decimalText(type))
    case 'float':
      return literal(finiteOrQuoted(shortestFloat))
    case 'double':
      return literal(finiteOrQuoted(shortestDouble))
    case 'enum':
      return literal(enumText(type.labels.map((label) => JSON.stringify(label))))
    case 'bit':
      return quoted(COPY)
    case 'blob':
      return quoted(blobJson)
    case 'uuid':
      return quoted(uuidText)
    case 'date':
      return quoted(dateText)
    case 'time':
      return quoted(timeText)
    case 'time_ns':
      return quoted(timeNsText)
    case 'time_tz':
      return quoted(timeTzText)
    case 'timestamp':
      return quoted(instantJson(MICROSECONDS, false))
    case 'timestamp_s':
      return quoted(instantJson(SECONDS, false))
    case 'timestamp_ms':
      return quoted(instantJson(MILLISECONDS, false))
    case 'timestamp_ns':
      return quoted(instantJson(NANOSECONDS, false))
    case 'timestamp_tz':
      return quoted(instantJson(MICROSECONDS, true))
    case 'interval':
      return quoted(intervalText('iso_8601'))
  }
}

function literal(encoder: ValueEncoder): JsonScalar {
  return { form: 'literal', encoder }
}

function quoted(encoder: ValueEncoder): JsonScalar {
  return { form: 'quoted', encoder }
}

const booleanJson = fixed<Uint8Array>('boolean json', 5, valuesOf, (values, row, bytes, at) =>
  writeAscii(bytes, at, values[row] === 0 ? 'false' : 'true'),
)

const blobJson: ValueEncoder = {
  kind: 'free',
  write(vector, row, out) {
    const from = bytesAt(vector, row)
    out.reserve(from.length * 2)
    out.position = writeHex(out.bytes, out.position, from)
  },
}

/** PostgreSQL's spelling of finite numbers is JSON; of the others it is not. */
function finiteOrQuoted(encoder: FixedEncoder): FixedEncoder {
  const { name, bytesMax, view, write } = encoder
  return fixed<Float64Array>(`${name} json`, bytesMax + 2, view, (values, row, bytes, at) => {
    const value = values[row] as number
    if (Number.isFinite(value)) return write(values, row, bytes, at)
    return writeAscii(bytes, at, `"${value}"`)
  })
}
