/**
 * The options of COPY, in the form with brackets and in that of PostgreSQL before 9.0, which psql's
 * `\copy` and many tools still send.
 *
 * Source: PostgreSQL 15 manual, COPY.
 */
import { GatewayError } from '../base/gateway-error.ts'
import type { TokenCursor } from './token-cursor.ts'

export interface CopyOptions {
  readonly format: 'text' | 'csv' | 'binary'
  readonly header: boolean
  /** One character. */
  readonly delimiter: string
  readonly nullText: string
  /** One character each; of csv alone. */
  readonly quote: string
  readonly escape: string
  /** Columns that are quoted even where they need not be. */
  readonly forceQuote: readonly string[] | 'all'
}

type Given = { -readonly [Name in keyof CopyOptions]?: CopyOptions[Name] }

/** Reads to the end. @throws GatewayError `syntax_error`, or about one option by its name. */
export function readCopyOptions(cursor: TokenCursor): CopyOptions {
  const given: Given = {}
  cursor.accept('with')
  if (cursor.acceptSymbol('(')) {
    cursor.list(() => readOption(cursor, given))
    cursor.expectSymbol(')')
  } else {
    while (!cursor.done) readOldOption(cursor, given)
  }
  cursor.expectEnd()
  return complete(given)
}

function readOption(cursor: TokenCursor, given: Given): void {
  const name = cursor.identifier()
  switch (name) {
    case 'format':
      return once(given, 'format', formatOf(word(cursor)))
    case 'header':
      return once(given, 'header', readBoolean(cursor))
    case 'delimiter':
      return once(given, 'delimiter', string(cursor))
    case 'null':
      return once(given, 'nullText', string(cursor))
    case 'quote':
      return once(given, 'quote', string(cursor))
    case 'escape':
      return once(given, 'escape', string(cursor))
    case 'force_quote':
      return once(given, 'forceQuote', readColumns(cursor, true))
    case 'encoding':
      return refuseEncoding(string(cursor))
    case 'freeze':
    case 'force_not_null':
    case 'force_null':
      throw notOffered(name.toUpperCase())
    default:
      throw new GatewayError('syntax_error', `option "${name}" not recognized`)
  }
}

function readOldOption(cursor: TokenCursor, given: Given): void {
  if (cursor.accept('binary')) return once(given, 'format', 'binary')
  if (cursor.accept('csv')) return once(given, 'format', 'csv')
  if (cursor.accept('header')) return once(given, 'header', true)
  if (cursor.accept('force', 'quote')) {
    return once(given, 'forceQuote', readColumns(cursor, false))
  }
  const option = cursor.acceptOneOf([
    'delimiter',
    'delimiters',
    'null',
    'quote',
    'escape',
    'encoding',
  ])
  if (!option) throw cursor.syntaxError()
  cursor.accept('as')
  const value = string(cursor)
  switch (option) {
    case 'encoding':
      return refuseEncoding(value)
    case 'null':
      return once(given, 'nullText', value)
    case 'delimiters':
      return once(given, 'delimiter', value)
    default:
      return once(given, option, value)
  }
}

function once<Name extends keyof CopyOptions>(
  given: Given,
  name: Name,
  value: CopyOptions[Name],
): void {
  if (given[name] !== undefined) {
    throw new GatewayError('syntax_error', 'conflicting or redundant options')
  }
  given[name] = value
}

function word(cursor: TokenCursor): string {
  const token = cursor.next()
  return token.value.toLowerCase()
}

function string(cursor: TokenCursor): string {
  if (cursor.peek()?.kind !== 'string') throw cursor.syntaxError('A text in quotes is expected.')
  return cursor.next().value
}

function formatOf(name: string): CopyOptions['format'] {
  if (name === 'text' || name === 'csv' || name === 'binary') return name
  throw new GatewayError('invalid_parameter_value', `COPY format "${name}" not recognized`, {
    hint: 'The formats are text, csv and binary.',
  })
}

const TRUE = ['true', 'on', '1']
const FALSE = ['false', 'off', '0']

/** Nothing stands for true. */
function readBoolean(cursor: TokenCursor): boolean {
  if (cursor.seesSymbol(',') || cursor.seesSymbol(')')) return true
  const value = word(cursor)
  if (TRUE.includes(value)) return true
  if (FALSE.includes(value)) return false
  throw new GatewayError('syntax_error', `header requires a Boolean value`)
}

function readColumns(cursor: TokenCursor, inBrackets: boolean): readonly string[] | 'all' {
  if (cursor.acceptSymbol('*')) return 'all'
  if (inBrackets) cursor.expectSymbol('(')
  const columns = cursor.list(() => cursor.identifier())
  if (inBrackets) cursor.expectSymbol(')')
  return columns
}

function refuseEncoding(name: string): void {
  if (/^utf-?8$/i.test(name)) return
  throw notOffered(`ENCODING '${name}'`)
}

function complete(given: Given): CopyOptions {
  const format = given.format ?? 'text'
  const csv = format === 'csv'
  const delimiter = given.delimiter ?? (csv ? ',' : '\t')
  const quote = given.quote ?? '"'
  const options: CopyOptions = {
    format,
    header: given.header ?? false,
    delimiter,
    nullText: given.nullText ?? (csv ? '' : '\\N'),
    quote,
    escape: given.escape ?? quote,
    forceQuote: given.forceQuote ?? [],
  }
  refuseWhatDoesNotFit(options, given)
  return options
}

/** Whatever could be read back as something else is refused, with PostgreSQL's words and codes. */
function refuseWhatDoesNotFit(options: CopyOptions, given: Given): void {
  const { format, delimiter, nullText, quote, escape } = options
  if (format === 'binary') {
    for (const [name, word] of Object.entries(NOT_BINARY)) {
      if (!given[name as keyof Given]) continue
      throw new GatewayError('syntax_error', `cannot specify ${word} in BINARY mode`)
    }
  }
  if (format !== 'csv') {
    for (const [name, word] of Object.entries(CSV_ALONE)) {
      if (!given[name as keyof Given]) continue
      throw unsupported(`COPY ${word} available only in CSV mode`)
    }
  }
  for (const [name, value] of Object.entries({ delimiter, quote, escape })) {
    if (value.length === 1 && value.charCodeAt(0) < 0x7f) continue
    throw unsupported(`COPY ${name} must be a single one-byte character`)
  }
  if (/[\r\n\0]/.test(delimiter)) throw wrong('COPY delimiter cannot be newline or carriage return')
  if (/[\r\n\0]/.test(nullText)) {
    throw wrong('COPY null representation cannot use newline or carriage return')
  }
  if (format === 'text' && /[\\.a-z0-9]/.test(delimiter)) {
    throw wrong(`COPY delimiter cannot be "${delimiter}"`)
  }
  if (nullText.includes(delimiter)) {
    throw unsupported('COPY delimiter must not appear in the NULL specification')
  }
  if (format === 'csv' && delimiter === quote) {
    throw wrong('COPY delimiter and quote must be different')
  }
  if (format === 'csv' && nullText.includes(quote)) {
    throw unsupported('CSV quote character must not appear in the NULL specification')
  }
}

const NOT_BINARY = { delimiter: 'DELIMITER', nullText: 'NULL', header: 'HEADER' }
const CSV_ALONE = { quote: 'quote', escape: 'escape', forceQuote: 'force quote' }

function unsupported(message: string): GatewayError {
  return new GatewayError('feature_not_supported', message)
}

function notOffered(option: string): GatewayError {
  return unsupported(`COPY … ${option} is not supported`)
}

function wrong(message: string): GatewayError {
  return new GatewayError('invalid_parameter_value', message)
}
