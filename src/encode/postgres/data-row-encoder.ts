/**
 * Column batches to DataRow messages.
 *
 * It chooses the encoder of each column once per portal; the loop over rows is made for the shape of
 * the result by row-loop.ts.
 *
 * Source: PostgreSQL manual, "Message Formats", entry DataRow.
 */
import { GatewayError } from '../../base/gateway-error.ts'
import type { Schema } from '../../columnar/column-type.ts'
import type { ColumnFormat, TextSettings } from '../../columnar/result-format.ts'
import type { EncodeRows } from '../encode-rows.ts'
import { binaryEncoder } from './binary/binary-encoder.ts'
import { columnFormat } from './column-format.ts'
import { rowLoop } from './row-loop.ts'
import { textEncoder } from './text/text-encoder.ts'

/** Clients refuse longer bodies (PG_LARGE_MESSAGE_LIMIT in PostgreSQL's own source). */
const BODY_BYTES_MAX = 0x3fff_fffe

/** A DataRow counts its columns in 16 bits, and clients read them as signed. */
const COLUMNS_MAX = 0x7fff

/**
 * @param columnFormats One a column, one for all, or none (all text). A column whose type has no
 *                      binary form is text whatever is asked; see `columnFormat`.
 * @param bodyBytesMax  Longest message body; smaller only in tests.
 * @throws GatewayError `program_limit` for more columns than a DataRow can have,
 *         `protocol_violation` for a number of formats that fits no rule,
 *         `invalid_parameter_value` for an unknown time zone.
 */
export function createDataRowEncoder(
  schema: Schema,
  columnFormats: readonly ColumnFormat[],
  text: TextSettings,
  bodyBytesMax = BODY_BYTES_MAX,
): EncodeRows {
  if (schema.length > COLUMNS_MAX) {
    throw new GatewayError('program_limit', `a result has at most ${COLUMNS_MAX} columns`, {
      hint: 'Select fewer columns.',
    })
  }
  const encoders = schema.map((field, index) =>
    columnFormat(schema, columnFormats, index) === 'binary'
      ? binaryEncoder(field)
      : textEncoder(field, text),
  )
  return rowLoop(encoders, bodyBytesMax)
}
