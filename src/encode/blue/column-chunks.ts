/**
 * The chunks of one column: a byte for each row that says whether it is NULL; for texts and arrays
 * the length of each row's datum; the data. A datum that varies is filled up with zeros to a multiple
 * of eight bytes; NULL and the empty text have none.
 *
 * Every column is announced as nullable: whether an expression can be NULL is not known before it runs.
 *
 * Source: BLUE protocol, layout of query results.
 */
import type { ByteWriter } from '../../base/byte-writer.ts'
import type { ColumnVector } from '../../columnar/column-batch.ts'
import { blueTypeOf, BLUE_TYPE } from '../../columnar/blue-type.ts'
import type { ColumnField } from '../../columnar/column-type.ts'
import { DEFAULT_TEXT_SETTINGS } from '../../columnar/result-format.ts'
import { textEncoder } from '../postgres/text/text-encoder.ts'
import { appendValue } from '../value-encoder.ts'
import { arrayDatum } from './array-datum.ts'
import { fixedColumn } from './fixed-column.ts'
import type { FixedColumn } from './fixed-values.ts'

export type ColumnChunks =
  | { readonly kind: 'fixed'; readonly values: FixedColumn }
  | {
      readonly kind: 'varying'
      /** The column's own bytes are the data, so that its offsets tell how long they become. */
      readonly copies: boolean
      /** Appends the datum of `row` (not NULL), without what fills it up. */
      readonly append: (vector: ColumnVector, row: number, out: ByteWriter) => void
    }

export function columnChunks(field: ColumnField): ColumnChunks {
  const { type } = field
  const blue = blueTypeOf(type)
  if (blue.code === BLUE_TYPE.ARRAY) {
    return { kind: 'varying', copies: false, append: arrayDatum(field) }
  }
  const values = fixedColumn(field)
  if (values) return { kind: 'fixed', values }
  const encoder = textEncoder(field, DEFAULT_TEXT_SETTINGS)
  return {
    kind: 'varying',
    copies: encoder.kind === 'copy',
    append: (vector, row, out) => appendValue(encoder, vector, row, out),
  }
}
