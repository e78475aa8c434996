/**
 * Parameters in binary format. Lengths and counts in them are the client's: nothing is believed
 * before it fits into the value.
 *
 * Source: PostgreSQL, the *_recv functions of src/backend/utils/adt.
 */
import { ByteReader } from '../../../base/byte-reader.ts'
import { GatewayError } from '../../../base/gateway-error.ts'
import type { ParameterValue } from '../../../columnar/parameter-value.ts'
import { ARRAY_DIMENSIONS_MAX, ARRAY_ITEMS_MAX, tooManyItems } from './array-limits.ts'
import {
  dateBinary,
  intervalBinary,
  timeBinary,
  timestampBinary,
  timeTzBinary,
} from './date-time-binary.ts'
import { listText, type ListItems } from './list-text.ts'
import { numericBinary } from './numeric-binary.ts'
import { elementOid, scalarType, type Form } from './parameter-type.ts'
import { badBinary } from './refuse-parameter.ts'

/** The length before an element; a NULL has nothing else. */
const ELEMENT_BYTES_MIN = 4

export function decodeBinary(oid: number, bytes: Uint8Array): ParameterValue {
  const scalar = scalarType(oid)
  if (scalar !== undefined) return scalarFromBinary(scalar.form, bytes)
  const element = elementOid(oid)
  if (element === undefined) throw unknownType(oid)
  return arrayFromBinary(element, bytes)
}

function unknownType(oid: number): GatewayError {
  return new GatewayError('feature_not_supported', `a binary parameter of type OID ${oid}`, {
    hint: 'Send the parameter as text.',
  })
}

function scalarFromBinary(form: Form, bytes: Uint8Array): ParameterValue {
  const reader = new ByteReader(`a binary ${form}`, bytes)
  const value = readScalar(form, reader)
  reader.end()
  return value
}

function readScalar(form: Form, reader: ByteReader): ParameterValue {
  switch (form) {
    case 'boolean':
      return { kind: 'boolean', value: reader.uint8('value') !== 0 }
    case 'int2':
      return { kind: 'bigint', value: BigInt(reader.int16('value')) }
    case 'int4':
      return { kind: 'bigint', value: BigInt(reader.int32('value')) }
    case 'int8':
      return { kind: 'bigint', value: reader.int64('value') }
    case 'oid':
      return { kind: 'bigint', value: BigInt(reader.uint32('value')) }
    case 'float4':
      return { kind: 'double', value: reader.float32('value') }
    case 'float8':
      return { kind: 'double', value: reader.float64('value') }
    case 'numeric':
      return { kind: 'text', value: numericBinary(reader) }
    case 'bytea':
      return { kind: 'blob', value: new Uint8Array(reader.rest()) }
    case 'text':
    case 'json':
      return { kind: 'text', value: textOf(reader) }
    case 'jsonb':
      if (reader.uint8('version') !== 1) throw badBinary('jsonb')
      return { kind: 'text', value: textOf(reader) }
    case 'date':
      return { kind: 'text', value: dateBinary(reader) }
    case 'time':
      return { kind: 'text', value: timeBinary(reader) }
    case 'timetz':
      return { kind: 'text', value: timeTzBinary(reader) }
    case 'timestamp':
      return { kind: 'text', value: timestampBinary(reader, '') }
    case 'timestamptz':
      return { kind: 'text', value: timestampBinary(reader, '+00') }
    case 'interval':
      return { kind: 'text', value: intervalBinary(reader) }
    case 'uuid':
      return { kind: 'text', value: Buffer.from(reader.raw('value', 16)).toString('hex') }
    case 'bit':
      return { kind: 'text', value: bits(reader) }
  }
}

function textOf(reader: ByteReader): string {
  const text = reader.utf8('text', reader.bytesLeft)
  if (!text.includes('\0')) return text
  throw new GatewayError('character_not_in_repertoire', 'a parameter holds a zero byte')
}

function bits(reader: ByteReader): string {
  const count = reader.int32('number of bits')
  if (count < 1 || Math.ceil(count / 8) !== reader.bytesLeft) throw badBinary('bit')
  let text = ''
  for (const byte of reader.rest()) text += byte.toString(2).padStart(8, '0')
  return text.slice(0, count)
}

function arrayFromBinary(element: number, bytes: Uint8Array): ParameterValue {
  const reader = new ByteReader('a binary array', bytes)
  const dimensions = reader.int32('number of dimensions')
  reader.int32('NULL flag')
  const sentOid = reader.uint32('element type')
  // The element's own form decides: a driver may send text[] for varchar[].
  const type = scalarType(sentOid)
  if (type === undefined || type.name !== scalarType(element)?.name) throw badBinary('array')
  if (dimensions < 0 || dimensions > ARRAY_DIMENSIONS_MAX) throw badBinary('array')

  const lengths: number[] = []
  for (let i = 0; i < dimensions; i += 1) {
    lengths.push(reader.int32('length of a dimension'))
    if (reader.int32('lower bound') !== 1) {
      throw new GatewayError('feature_not_supported', 'arrays with bounds of their own')
    }
  }
  if (lengths.reduce((all, length) => all * length, 1) > ARRAY_ITEMS_MAX) throw tooManyItems()
  const items = dimensions === 0 ? [] : readItems(type.form, lengths, 0, reader)
  reader.end()
  return { kind: 'text', value: listText(items, type.form) }
}

function readItems(
  form: Form,
  lengths: readonly number[],
  dimension: number,
  reader: ByteReader,
): ListItems {
  const count = lengths[dimension] ?? 0
  // An inner array takes no byte of its own if it is empty, which PostgreSQL never sends.
  if (count < 1 || count * ELEMENT_BYTES_MIN > reader.bytesLeft) throw badBinary('array')
  const items: (ParameterValue | ListItems)[] = []
  for (let i = 0; i < count; i += 1) {
    if (dimension + 1 < lengths.length) {
      items.push(readItems(form, lengths, dimension + 1, reader))
      continue
    }
    const value = reader.value('element')
    items.push(value === null ? { kind: 'null' } : scalarFromBinary(form, value))
  }
  return items
}
