/** Column batches to JSON lines: one array a row, then a line feed. */
import { present } from '../../base/assert.ts'
import { GatewayError } from '../../base/gateway-error.ts'
import type { Schema } from '../../columnar/column-type.ts'
import type { EncodeRows } from '../encode-rows.ts'
import { appendJson, jsonEncoder } from './json-encoder.ts'

/** As long as a row of the PostgreSQL door may be; a JavaScript string can still hold it. */
const LINE_BYTES_MAX = 0x1fff_ffe8

const LINE_FEED = 0x0a

/** @param lineBytesMax Longest line without its line feed; smaller only in tests. */
export function createJsonLinesEncoder(schema: Schema, lineBytesMax = LINE_BYTES_MAX): EncodeRows {
  const encoders = schema.map(({ type }) => jsonEncoder(type, { wideNumbers: 'string' }))
  return (batch, from, to, out, bytesTarget) => {
    let start = out.position
    try {
      for (let row = from; row < to;) {
        start = out.position
        out.uint8(0x5b)
        for (const [k, encoder] of encoders.entries()) {
          if (k > 0) out.uint8(0x2c)
          appendJson(encoder, present(batch.columns[k], 'column'), row, out)
        }
        out.uint8(0x5d)
        if (out.position - start > lineBytesMax) throw tooLong(out.position - start)
        out.uint8(LINE_FEED)
        row += 1
        if (out.position >= bytesTarget) return row
      }
    } catch (error) {
      out.truncate(start)
      throw error
    }
    return to
  }
}

function tooLong(lineBytes: number): GatewayError {
  return new GatewayError('program_limit', `a row of ${lineBytes} bytes is too long`, {
    hint: 'Select fewer columns, or parts of the long values.',
  })
}
