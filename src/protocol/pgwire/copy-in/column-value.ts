/**
 * The value of one column of a COPY, as text in the engine's spelling.
 *
 * It is read as a parameter of the column's type is read, and then held to what the column can keep,
 * as far as that is known here: an error found here names its line, one that the engine finds only
 * names a batch of lines.
 */
import { GatewayError } from '../../../base/gateway-error.ts'
import { ByteReader } from '../../../base/byte-reader.ts'
import type { ColumnField, ColumnType } from '../../../columnar/column-type.ts'
import type { ParameterValue } from '../../../columnar/parameter-value.ts'
import { arrayElement, pgTypeOf } from '../../../columnar/pg-type.ts'
import { decodeBinary } from '../parameters/decode-binary.ts'
import { decodeText } from '../parameters/decode-text.ts'
import { elementText } from '../parameters/list-text.ts'
import { readNumericBinary } from '../parameters/numeric-binary.ts'
import { readNumeric } from '../parameters/numeric-text.ts'
import type { Numeric } from '../parameters/numeric-text.ts'
import { badText, outOfRange } from '../parameters/refuse-parameter.ts'
import { checkDateTime } from './check-date-time.ts'
import { fitDecimal } from './fit-decimal.ts'
import { textOf } from './utf8.ts'

/** A string in the text format, bytes in the binary one. @throws GatewayError what is wrong with it. */
export type ReadValue = (value: string | Buffer) => string

/**
 * @param zone Of a timestamptz without one: the session's.
 * @throws GatewayError `feature_not_supported` for a type whose text COPY does not read.
 */
export function valueReader({ name, type }: ColumnField, zone: string): ReadValue {
  if (['struct', 'map', 'union'].includes(type.kind) || isOtherList(type)) {
    throw new GatewayError(
      'feature_not_supported',
      `COPY into column "${name}", whose type PostgreSQL does not have, is not supported`,
      { hint: 'Use INSERT.' },
    )
  }
  const { oid } = pgTypeOf(type)
  const hold = holderOf(type)
  const numeric = numericHolder(type)
  const plain = plainNumber(type)
  return (value) => {
    if (typeof value === 'string') {
      if (plain?.test(value)) return value
      if (numeric) return numeric(readNumeric(shortened(value)))
      return hold(decodeText(oid, value, zone))
    }
    if (numeric) return numeric(binaryNumeric(value))
    if (isText(type)) return hold({ kind: 'text', value: textOf(value) })
    return hold(decodeBinary(oid, value))
  }
}

/** Lists of lists go to clients as JSON, which is not what the engine reads. */
function isOtherList(type: ColumnType): boolean {
  return (type.kind === 'list' || type.kind === 'array') && arrayElement(type) === undefined
}

function isText({ kind }: ColumnType): boolean {
  return kind === 'varchar' || kind === 'json' || kind === 'enum' || kind === 'other'
}

/** Numbers that are surely right, and written as the engine writes them. */
function plainNumber(type: ColumnType): RegExp | undefined {
  switch (type.kind) {
    case 'smallint':
      return /^-?\d{1,4}$/
    case 'integer':
      return /^-?\d{1,9}$/
    case 'bigint':
      return /^-?\d{1,18}$/
    case 'decimal': {
      const whole = type.precision - type.scale
      const digits = whole === 0 ? '0' : `\\d{1,${whole}}`
      return new RegExp(`^-?${digits}${type.scale === 0 ? '' : `(?:\\.\\d{1,${type.scale}})?`}$`)
    }
    default:
      return undefined
  }
}

const NUMBER_LENGTH_MAX = 1000

function shortened(text: string): string {
  if (text.length <= NUMBER_LENGTH_MAX) return text
  throw badText('numeric')
}

function binaryNumeric(bytes: Buffer): Numeric {
  const reader = new ByteReader('a binary numeric', bytes)
  const numeric = readNumericBinary(reader)
  reader.end()
  return numeric
}

/** For what goes to clients as numeric: parameters of that type have other bounds than the column. */
function numericHolder(type: ColumnType): ((numeric: Numeric) => string) | undefined {
  switch (type.kind) {
    case 'decimal':
      return (numeric) => fitDecimal(numeric, type.precision, type.scale)
    case 'hugeint':
      return (numeric) => whole(numeric, 'hugeint', -(2n ** 127n), 2n ** 127n - 1n)
    case 'ubigint':
      return (numeric) => whole(numeric, 'ubigint', 0n, 2n ** 64n - 1n)
    case 'uhugeint':
      return (numeric) => whole(numeric, 'uhugeint', 0n, 2n ** 128n - 1n)
    case 'bignum':
      return (numeric) => whole(numeric, 'bignum', undefined, undefined)
    default:
      return undefined
  }
}

/** More digits than any such number that is kept has would only cost time. */
const WHOLE_DIGITS_MAX = 1000

function whole(
  { negative, digits, point }: Numeric,
  type: string,
  min: bigint | undefined,
  max: bigint | undefined,
): string {
  if (point > WHOLE_DIGITS_MAX) throw outOfRange(type)
  if (/[1-9]/.test(digits.slice(Math.max(point, 0)))) throw badText(type)
  const magnitude = point <= 0 ? 0n : BigInt(digits.slice(0, point).padEnd(point, '0'))
  const value = negative ? -magnitude : magnitude
  if ((min !== undefined && value < min) || (max !== undefined && value > max)) {
    throw outOfRange(type)
  }
  return value.toString()
}

function holderOf(type: ColumnType): (value: ParameterValue) => string {
  switch (type.kind) {
    case 'tinyint':
      return integerHolder('tinyint', -128n, 127n)
    case 'utinyint':
      return integerHolder('utinyint', 0n, 255n)
    case 'usmallint':
      return integerHolder('usmallint', 0n, 65_535n)
    case 'uinteger':
      return integerHolder('uinteger', 0n, 4_294_967_295n)
    case 'date':
    case 'time':
    case 'time_ns':
    case 'time_tz':
    case 'timestamp':
    case 'timestamp_s':
    case 'timestamp_ms':
    case 'timestamp_ns':
    case 'timestamp_tz':
      return (value) => checkDateTime(written(value))
    case 'uuid':
      return (value) => uuidOf(written(value))
    case 'json':
      return (value) => jsonOf(written(value))
    case 'enum': {
      const labels = new Set(type.labels)
      return (value) => labelOf(written(value), labels)
    }
    case 'blob':
      return (value) => (value.kind === 'blob' ? Buffer.from(value.value).toString('base64') : '')
    default:
      return written
  }
}

function written(value: ParameterValue): string {
  return value.kind === 'null' ? '' : elementText(value)
}

function integerHolder(type: string, min: bigint, max: bigint): (value: ParameterValue) => string {
  return (value) => {
    if (value.kind === 'bigint' && value.value >= min && value.value <= max) return written(value)
    throw outOfRange(type)
  }
}

const UUID = /^(\{?)[0-9a-f]{4}(?:-?[0-9a-f]{4}){7}(\}?)$/i

/** Source: PostgreSQL, uuid.c: a hyphen may stand behind any four digits, braces around all. */
function uuidOf(text: string): string {
  const match = UUID.exec(text)
  if (!match || (match[1] === '') !== (match[2] === '')) throw badText('uuid')
  return text.replaceAll(/[{}-]/g, '')
}

function jsonOf(text: string): string {
  try {
    JSON.parse(text)
  } catch {
    throw badText('json')
  }
  return text
}

function labelOf(text: string, labels: ReadonlySet<string>): string {
  if (labels.has(text)) return text
  throw new GatewayError('invalid_text_representation', 'invalid input value for enum')
}
