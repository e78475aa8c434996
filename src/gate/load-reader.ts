/** How the engine reads an upload: the only place that names a file and a reader. */
import path from 'node:path'
import { GatewayError } from '../base/gateway-error.ts'
import { RECORD_BYTES_MAX, csvField } from '../sql/load-statement.ts'
import type { LoadFile } from '../sql/load-statement.ts'

/** Names of files that the gateway gives. */
const UPLOAD_NAME = /^[0-9a-f]{64}$/

/**
 * @param uploadsDirectory Undefined: this gateway takes no files.
 * @throws GatewayError for a path that is none of the gateway's making.
 */
export function readerText(file: LoadFile, uploadsDirectory: string | undefined): string {
  const isUpload =
    uploadsDirectory !== undefined &&
    path.dirname(file.path) === uploadsDirectory &&
    UPLOAD_NAME.test(path.basename(file.path))
  if (!isUpload) throw new GatewayError('insufficient_privilege', 'there is no such upload')
  const place = literal(file.path.replaceAll(/[*?[]/g, '[$&]')) // readers take patterns
  if (file.format === 'parquet') return `read_parquet(${place})`
  const { delimiter, quote, escape, header, encoding, nullTexts } = file.csv
  for (const text of nullTexts) {
    if (![delimiter, quote, '\n', '\r'].some((part) => part !== '' && text.includes(part))) continue
    throw new GatewayError(
      'invalid_parameter_value',
      'a text that stands for no value holds neither delimiter nor quote nor line end',
    )
  }
  const fields = Array.from({ length: file.fields }, (_, at) => `'${csvField(at)}': 'VARCHAR'`)
  const settings = [
    place,
    `columns = {${fields.join(', ')}}`,
    'auto_detect = false',
    `header = ${header ? 'true' : 'false'}`,
    `delim = ${literal(delimiter)}`,
    `quote = ${literal(quote)}`,
    `escape = ${literal(escape === 'backslash' ? '\\' : quote)}`,
    `nullstr = [${['', ...nullTexts].map(literal).join(', ')}]`,
    'allow_quoted_nulls = false',
    `max_line_size = ${RECORD_BYTES_MAX}`,
    `buffer_size = ${2 * RECORD_BYTES_MAX}`, // else eight times of it, several times over
    ...(encoding === 'utf-8' ? [] : [`encoding = ${literal(encoding)}`]),
  ]
  return `read_csv(${settings.join(', ')})`
}

function literal(text: string): string {
  if (!text.includes('\0')) return `'${text.replaceAll("'", "''")}'`
  throw new GatewayError('invalid_parameter_value', 'a NUL character cannot be part of this')
}
