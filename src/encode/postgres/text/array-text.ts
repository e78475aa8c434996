/**
 * Lists and arrays as PostgreSQL array literals: `{1,NULL,"a b"}`.
 *
 * Source: PostgreSQL manual, "Array Input and Output Syntax"; arrayfuncs.c, array_out.
 */
import type { ByteWriter } from '../../../base/byte-writer.ts'
import { present } from '../../../base/assert.ts'
import { GatewayError } from '../../../base/gateway-error.ts'
import { isNull, type ColumnVector } from '../../../columnar/column-batch.ts'
import type { ColumnType } from '../../../columnar/column-type.ts'
import { elementRange } from '../../element-range.ts'
import { appendValue, type FreeEncoder, type ValueEncoder } from '../../value-encoder.ts'

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const OPEN = 0x7b
const CLOSE = 0x7d

/** @param element Of the innermost values. */
export function arrayText(name: string, type: ColumnType, element: ValueEncoder): FreeEncoder {
  return {
    kind: 'free',
    write: (vector, row, out) => writeArray(name, type, element, vector, row, out),
  }
}

function writeArray(
  name: string,
  type: ColumnType,
  element: ValueEncoder,
  vector: ColumnVector,
  row: number,
  out: ByteWriter,
): void {
  const inner = type.kind === 'array' || type.kind === 'list' ? type.element : undefined
  const child = present(vector.children[0], 'elements')
  const { start, end } = elementRange(vector, row)
  out.uint8(OPEN)
  for (let index = start; index < end; index += 1) {
    if (index > start) out.uint8(COMMA)
    if (inner?.kind === 'array') {
      if (isNull(child, index)) throw missingDimension(name)
      writeArray(name, inner, element, child, index, out)
    } else if (isNull(child, index)) {
      out.raw(NULL_TEXT)
    } else {
      const from = out.position
      appendValue(element, child, index, out)
      quoteFrom(from, out)
    }
  }
  out.uint8(CLOSE)
}

const NULL_TEXT = new Uint8Array(Buffer.from('NULL'))

function missingDimension(name: string): GatewayError {
  return new GatewayError(
    'data_exception',
    `column "${name}": a PostgreSQL array of arrays cannot have NULL for an inner array`,
    { hint: 'Cast the column to JSON or VARCHAR.' },
  )
}

/** Puts quotes around what was written since `from`, where an array literal needs them. */
function quoteFrom(from: number, out: ByteWriter): void {
  const length = out.position - from
  let escapes = 0
  let special = length === 0 || isNullWord(out.bytes, from, length)
  for (let i = from; i < out.position; i += 1) {
    const byte = out.bytes[i]
    if (byte === QUOTE || byte === BACKSLASH) escapes += 1
    else if (byte === COMMA || byte === OPEN || byte === CLOSE || isSpace(byte)) special = true
  }
  if (!special && escapes === 0) return

  out.reserve(escapes + 2)
  const { bytes } = out
  let to = out.position + escapes + 1
  bytes[to] = QUOTE
  // from the end, so that nothing is overwritten before it was moved
  for (let i = out.position - 1; i >= from; i -= 1) {
    const byte = bytes[i] as number
    bytes[--to] = byte
    if (byte === QUOTE || byte === BACKSLASH) bytes[--to] = BACKSLASH
  }
  bytes[from] = QUOTE
  out.position += escapes + 2
}

/** A space, or one of tab, line feed, vertical tab, form feed, carriage return. */
function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || (byte !== undefined && byte >= 0x09 && byte <= 0x0d)
}

function isNullWord(bytes: Uint8Array, from: number, length: number): boolean {
  if (length !== 4) return false
  for (let i = 0; i < 4; i += 1) {
    if (((bytes[from + i] as number) & 0xdf) !== NULL_TEXT[i]) return false
  }
  return true
}
