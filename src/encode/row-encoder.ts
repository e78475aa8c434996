/**
 * From column batches to bytes in the format that a door asked for.
 *
 * Engines answer in columns, clients read rows; the encoders here are the only place where the one
 * becomes the other. They know nothing of sockets, frames or workers: whoever calls them decides
 * when the bytes leave, by the target that it gives.
 */
import type { Schema } from '../columnar/column-type.ts'
import type { ResultFormat } from '../columnar/result-format.ts'
import type { EncodeRows } from './encode-rows.ts'
import { createBlueEncoder } from './blue/blue-block-encoder.ts'
import { createJsonLinesEncoder } from './json/json-lines-encoder.ts'
import { createDataRowEncoder } from './postgres/data-row-encoder.ts'

export interface RowEncoder {
  readonly encode: EncodeRows
}

/**
 * An encoder for results of one shape. Make it once a portal: choosing the encoders of the values
 * costs about a microsecond a column, and the first time for a shape about ten.
 *
 * @throws GatewayError `program_limit` for too many columns, `invalid_parameter_value` for an
 *         unknown time zone, `protocol_violation` for a wrong number of column formats.
 */
export function createRowEncoder(schema: Schema, format: ResultFormat): RowEncoder {
  switch (format.kind) {
    case 'postgres':
      return { encode: createDataRowEncoder(schema, format.columnFormats, format.text) }
    case 'json_lines':
      return { encode: createJsonLinesEncoder(schema) }
    case 'blue':
      return { encode: createBlueEncoder(schema) }
  }
}
