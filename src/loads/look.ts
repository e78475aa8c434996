/** What was seen in a file, and what it would be loaded as. */
import { GatewayError } from '../base/gateway-error.ts'
import type { LoadColumn, LoadFile } from '../sql/load-statement.ts'
import type { LoadPreview } from './load-document.ts'

export interface Look {
  readonly preview: LoadPreview
  readonly file: LoadFile
  readonly columns: readonly LoadColumn[]
}

export function noSuchColumn(from: number, count: number): GatewayError {
  return new GatewayError('undefined_column', `the file has no column ${from}`, {
    field: 'columns',
    hint: `Its ${count} columns are counted from 0.`,
  })
}
