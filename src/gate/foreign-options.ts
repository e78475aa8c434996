/**
 * `OPTIONS (KEY = value, …)` of a foreign table. Source: BLUE SQL, CREATE FOREIGN TABLE.
 *
 * BLUE's own examples leave out the `=`, and end the list with a comma: both are taken. An option that
 * cannot be followed exactly is refused by its name.
 */
import { GatewayError } from '../base/gateway-error.ts'
import type { FileFormat } from '../engine/engine.ts'
import type { CsvForm } from '../identity/permit.ts'
import type { TokenCursor } from '../sql/token-cursor.ts'
import { notSupported } from './refusals.ts'

export interface ForeignOptions {
  readonly location: string
  readonly csv: CsvForm
}

const NOT_OFFERED: Readonly<Record<string, string>> = {
  limit: 'Write LIMIT in the query.',
  header: 'Skip it: OFFSET = 2.',
  continue_on_error: 'A value that does not fit is an error.',
  error_count: 'A value that does not fit is an error.',
  error_log: 'A value that does not fit is an error.',
  rejected_data: 'A value that does not fit is an error.',
  delete_source_on_success: 'Files of a location are only read.',
  aws_id: 'Files lie in a location of the configuration.',
  aws_secret: 'Files lie in a location of the configuration.',
  max_file_size: 'It is for writing.',
  enforce_single_file: 'It is for writing.',
}

const KNOWN = ['location', 'delimiter', 'quote', 'record_delimiter', 'offset', 'datetime_format']

/** @throws GatewayError `syntax_error`, `feature_not_supported`, `invalid_parameter_value`. */
export function readForeignOptions(cursor: TokenCursor, format: FileFormat): ForeignOptions {
  const given = readList(cursor)
  const { location } = given
  if (location === undefined) throw wrong('a foreign table needs the option LOCATION')
  const [ofCsv] = Object.keys(given).filter((key) => key !== 'location')
  if (format !== 'csv' && ofCsv !== undefined) {
    throw wrong(`the option ${ofCsv.toUpperCase()} is for csv_fdw alone`)
  }
  return { location, csv: readCsv(given) }
}

type Given = Partial<Record<(typeof KNOWN)[number], string>>

function readList(cursor: TokenCursor): Given {
  const given: Given = {}
  cursor.expect('options')
  cursor.expectSymbol('(')
  while (!cursor.acceptSymbol(')')) {
    const key = readKey(cursor)
    cursor.acceptSymbol('=')
    const value = cursor.next()
    if (value.kind !== 'string' && value.kind !== 'number' && value.kind !== 'word') {
      throw cursor.syntaxError('A value is a text in quotes, or a number.')
    }
    if (given[key] !== undefined) throw wrong(`the option ${key.toUpperCase()} is given twice`)
    given[key] = value.value
    if (!cursor.seesSymbol(')')) cursor.expectSymbol(',')
  }
  return given
}

function readKey(cursor: TokenCursor): (typeof KNOWN)[number] {
  const first = cursor.identifier().toLowerCase()
  const two = ['record', 'datetime'].includes(first) && cursor.peek()?.kind === 'word'
  const key = two ? `${first}_${cursor.identifier()}` : first
  if (KNOWN.includes(key)) return key
  const hint = Object.hasOwn(NOT_OFFERED, key) ? NOT_OFFERED[key] : undefined
  if (hint !== undefined) throw notSupported(`the option ${key.toUpperCase()}`, hint)
  throw new GatewayError('syntax_error', `there is no option ${key.toUpperCase()} here`, {
    hint: `There are: ${KNOWN.map((one) => one.toUpperCase()).join(', ')}.`,
  })
}

function readCsv(given: Given): CsvForm {
  const delimiter = readDelimiter(given['delimiter'] ?? ',')
  const quote = given['quote'] ?? '"'
  if (!/^[!-~]$/.test(quote) || /[\\A-Za-z0-9]/.test(quote)) {
    throw wrong('QUOTE is one printable ASCII character, and no letter, digit or backslash')
  }
  if (delimiter.includes(quote)) throw wrong('DELIMITER and QUOTE have a character in common')
  return {
    delimiter,
    quote,
    lineEnd: readLineEnd(given['record_delimiter']),
    skip: readOffset(given['offset'] ?? '1') - 1,
    dateFormat: readDateFormat(given['datetime_format'] ?? 'ISO8601'),
  }
}

const DELIMITER_CHARACTERS_MAX = 4

function readDelimiter(text: string): string {
  const delimiter = text === '\\t' ? '\t' : text
  const fits =
    /^\p{ASCII}+$/u.test(delimiter) &&
    delimiter.length <= DELIMITER_CHARACTERS_MAX &&
    !delimiter.includes('\0') &&
    !delimiter.includes('\u007f') &&
    !/[\r\n"\-.0-9:\\N]/.test(delimiter)
  if (fits) return delimiter
  throw wrong(
    `DELIMITER is 1 to ${DELIMITER_CHARACTERS_MAX} ASCII characters, none of them a line end, " - . : \\ N or a digit`,
  )
}

const LINE_ENDS: Readonly<Record<string, CsvForm['lineEnd']>> = {
  '\n': '\\n',
  '\r\n': '\\r\\n',
  '\r': '\\r',
}

/** The characters, or their usual spelling. */
function readLineEnd(text: string | undefined): CsvForm['lineEnd'] {
  if (text === undefined) return undefined
  const spelled = text.replaceAll('\\r', '\r').replaceAll('\\n', '\n')
  const known = Object.hasOwn(LINE_ENDS, spelled) ? LINE_ENDS[spelled] : undefined
  if (known !== undefined) return known
  throw wrong('RECORD_DELIMITER is \\n, \\r\\n or \\r')
}

const OFFSET_MAX = 1_000_000

function readOffset(text: string): number {
  const offset = /^\d{1,7}$/.test(text) ? Number(text) : 0
  if (offset >= 1 && offset <= OFFSET_MAX) return offset
  throw wrong(`OFFSET is a whole number from 1 to ${OFFSET_MAX}`)
}

/** BLUE's names for forms that are read exactly here. */
const DATE_FORMATS: Readonly<Record<string, CsvForm['dateFormat']>> = {
  ISO8601: 'YYYY-MM-DD',
  YYYYMMDD: 'YYYYMMDD',
  'YYYY/M/D': 'YYYY/MM/DD',
}

const OTHER_DATE_FORMATS = [
  'ISO8601C',
  'DMY',
  'YMD',
  'MDY',
  'YYYY-M-D',
  'DD-mon-YYYY',
  'YYYY-mon-DD',
]

function readDateFormat(text: string): CsvForm['dateFormat'] {
  const upper = text.toUpperCase()
  const known = Object.hasOwn(DATE_FORMATS, upper) ? DATE_FORMATS[upper] : undefined
  if (known) return known
  const other = OTHER_DATE_FORMATS.find((one) => one.toUpperCase() === upper)
  const hint = `There are: ${Object.keys(DATE_FORMATS).join(', ')}.`
  if (other) throw notSupported(`DATETIME_FORMAT ${other}`, hint)
  throw new GatewayError('invalid_parameter_value', 'there is no such DATETIME_FORMAT', { hint })
}

function wrong(message: string): GatewayError {
  return new GatewayError('invalid_parameter_value', message)
}

/** Of files of other formats. */
export const DEFAULT_CSV = readCsv({})
