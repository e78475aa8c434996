/**
 * Values as JSON.
 *
 * Two callers want wide numbers differently: JSON lines are for programs that read numbers as
 * doubles, so there 64-bit and wider integers and decimals are strings; inside a PostgreSQL text
 * (structs, maps, lists of lists) they are numbers with all their digits, as PostgreSQL's own
 * to_json has them.
 *
 * NaN and the infinities are strings everywhere, because JSON has no such numbers. Instants are in
 * UTC, intervals in ISO 8601, blobs in hexadecimal. A map is an object whose names are the keys'
 * texts; a union is an object with the one member that is set.
 */
import type { ByteWriter } from '../../base/byte-writer.ts'
import { present } from '../../base/assert.ts'
import { isNull, type ColumnVector } from '../../columnar/column-batch.ts'
import type { ColumnType } from '../../columnar/column-type.ts'
import { elementRange } from '../element-range.ts'
import { appendValue, bytesAt, valuesOf, type FreeEncoder } from '../value-encoder.ts'
import { scalarAsJson } from './json-scalar.ts'
import { writeJsonText, jsonStringOf } from './json-string.ts'

export interface JsonOptions {
  /** How integers of 64 bits and more, and decimals, are written. */
  readonly wideNumbers: 'string' | 'number'
}

type Nested = Extract<ColumnType, { kind: 'list' | 'array' | 'struct' | 'map' | 'union' }>

const COMMA = 0x2c
const COLON = 0x3a
const QUOTE = 0x22
const NULL_TEXT = ascii('null')

/** For values that go as JSON inside a PostgreSQL text. */
export function jsonText(type: ColumnType): FreeEncoder {
  return jsonEncoder(type, { wideNumbers: 'number' })
}

export function jsonEncoder(type: ColumnType, options: JsonOptions): FreeEncoder {
  switch (type.kind) {
    case 'list':
    case 'array':
      return listEncoder(type.element, options)
    case 'struct':
      return structEncoder(type, options)
    case 'map':
      return mapEncoder(type, options)
    case 'union':
      return unionEncoder(type, options)
    default:
      return scalarEncoder(type, options)
  }
}

/** Appends `null`, or the value. */
export function appendJson(
  encoder: FreeEncoder,
  vector: ColumnVector,
  row: number,
  out: ByteWriter,
): void {
  if (isNull(vector, row)) out.raw(NULL_TEXT)
  else encoder.write(vector, row, out)
}

function scalarEncoder(type: Exclude<ColumnType, Nested>, options: JsonOptions): FreeEncoder {
  const { form, encoder } = scalarAsJson(type, options.wideNumbers)
  switch (form) {
    case 'literal':
      return { kind: 'free', write: (vector, row, out) => appendValue(encoder, vector, row, out) }
    case 'quoted':
      return {
        kind: 'free',
        write(vector, row, out) {
          out.uint8(QUOTE)
          appendValue(encoder, vector, row, out)
          out.uint8(QUOTE)
        },
      }
    case 'string':
      return {
        kind: 'free',
        write: (vector, row, out) => writeJsonText(bytesAt(vector, row), out),
      }
  }
}

function listEncoder(element: ColumnType, options: JsonOptions): FreeEncoder {
  const encoder = jsonEncoder(element, options)
  return {
    kind: 'free',
    write(vector, row, out) {
      const child = present(vector.children[0], 'elements')
      const { start, end } = elementRange(vector, row)
      out.uint8(0x5b)
      for (let index = start; index < end; index += 1) {
        if (index > start) out.uint8(COMMA)
        appendJson(encoder, child, index, out)
      }
      out.uint8(0x5d)
    },
  }
}

function structEncoder(
  { fields }: Extract<ColumnType, { kind: 'struct' }>,
  options: JsonOptions,
): FreeEncoder {
  const encoders = fields.map(({ type }) => jsonEncoder(type, options))
  const names = fields.map(({ name }) => jsonStringOf(name))
  return {
    kind: 'free',
    write(vector, row, out) {
      out.uint8(0x7b)
      for (const [k, encoder] of encoders.entries()) {
        if (k > 0) out.uint8(COMMA)
        out.raw(present(names[k], 'name'))
        out.uint8(COLON)
        appendJson(encoder, present(vector.children[k], 'field'), row, out)
      }
      out.uint8(0x7d)
    },
  }
}

function mapEncoder(
  { key, value }: Extract<ColumnType, { kind: 'map' }>,
  options: JsonOptions,
): FreeEncoder {
  const keys = jsonEncoder(key, options)
  const values = jsonEncoder(value, options)
  return {
    kind: 'free',
    write(vector, row, out) {
      const entries = present(vector.children[0], 'entries')
      const keyVector = present(entries.children[0], 'keys')
      const valueVector = present(entries.children[1], 'values')
      const { start, end } = elementRange(vector, row)
      out.uint8(0x7b)
      for (let index = start; index < end; index += 1) {
        if (index > start) out.uint8(COMMA)
        appendName(keys, keyVector, index, out)
        out.uint8(COLON)
        appendJson(values, valueVector, index, out)
      }
      out.uint8(0x7d)
    },
  }
}

/** A key as a JSON string, whatever its type: `1` becomes `"1"`. */
function appendName(
  encoder: FreeEncoder,
  vector: ColumnVector,
  row: number,
  out: ByteWriter,
): void {
  const from = out.position
  appendJson(encoder, vector, row, out)
  if (out.bytes[from] === QUOTE) return
  const text = out.bytes.slice(from, out.position)
  out.truncate(from)
  writeJsonText(text, out)
}

function unionEncoder(
  { members }: Extract<ColumnType, { kind: 'union' }>,
  options: JsonOptions,
): FreeEncoder {
  const encoders = members.map(({ type }) => jsonEncoder(type, options))
  const names = members.map(({ name }) => jsonStringOf(name))
  return {
    kind: 'free',
    write(vector, row, out) {
      const tag = Number(valuesOf(present(vector.children[0], 'tags'))[row])
      out.uint8(0x7b)
      out.raw(present(names[tag], 'name'))
      out.uint8(COLON)
      const member = present(vector.children[tag + 1], 'member')
      appendJson(present(encoders[tag], 'encoder'), member, row, out)
      out.uint8(0x7d)
    },
  }
}

function ascii(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text))
}
