/**
 * The datum of an array. Of values of one length: a byte for each element that says whether it is
 * NULL, filled up to eight, then the values. Of texts: how many there are (64 bits), the bytes for
 * NULL, where each text ends (32 bits), the texts, each from a multiple of eight on; NULL ends where it
 * would begin.
 *
 * An empty array of values has no bytes. One of texts has its number alone, because older clients
 * cannot read one without.
 *
 * Source: BLUE protocol, arrays in query results.
 */
import { present } from '../../base/assert.ts'
import type { ByteWriter } from '../../base/byte-writer.ts'
import { isNull } from '../../columnar/column-batch.ts'
import type { ColumnVector } from '../../columnar/column-batch.ts'
import type { ColumnField, ColumnType } from '../../columnar/column-type.ts'
import { DEFAULT_TEXT_SETTINGS } from '../../columnar/result-format.ts'
import { elementRange } from '../element-range.ts'
import { textEncoder } from '../postgres/text/text-encoder.ts'
import { appendValue } from '../value-encoder.ts'
import { fixedColumn } from './fixed-column.ts'
import { appendNullFlags, fillUp } from './null-flags.ts'

type ListType = Extract<ColumnType, { kind: 'list' | 'array' }>

/** Appends the datum of a row, without what fills it up. */
export type AppendDatum = (vector: ColumnVector, row: number, out: ByteWriter) => void

export function arrayDatum({ name, type }: ColumnField): AppendDatum {
  const element = { name, type: (type as ListType).element }
  const values = fixedColumn(element)
  if (!values) return textsDatum(element)
  return (vector, row, out) => {
    const { start, end } = elementRange(vector, row)
    const elements = present(vector.children[0], 'elements')
    const begin = out.position
    appendNullFlags(elements, start, end, out)
    fillUp(out, begin)
    values.append(elements, start, end, out)
  }
}

function textsDatum(element: ColumnField): AppendDatum {
  const encoder = textEncoder(element, DEFAULT_TEXT_SETTINGS)
  return (vector, row, out) => {
    const { start, end } = elementRange(vector, row)
    const elements = present(vector.children[0], 'elements')
    const count = end - start
    const begin = out.position
    out.reserve(8)
    out.view.setBigInt64(begin, BigInt(count), true)
    out.position += 8
    appendNullFlags(elements, start, end, out)
    fillUp(out, begin)
    const ends = out.position
    out.reserve(count * 4)
    out.position += count * 4
    fillUp(out, begin)
    const texts = out.position
    for (let index = 0; index < count; index += 1) {
      fillUp(out, texts)
      if (!isNull(elements, start + index)) appendValue(encoder, elements, start + index, out)
      out.view.setInt32(ends + index * 4, out.position - texts, true)
    }
  }
}
