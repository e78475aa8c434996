/**
 * What the options of COPY come to together: defaults, and what does not fit is refused, with
 * PostgreSQL's words and codes.
 *
 * Source: PostgreSQL 15, copy.c, ProcessCopyOptions.
 */
import { GatewayError } from '../base/gateway-error.ts'

export interface CopyOptions {
  readonly format: 'text' | 'csv' | 'binary'
  /** `match`: the first line must name the columns; of COPY FROM alone. */
  readonly header: boolean | 'match'
  /** One character. */
  readonly delimiter: string
  readonly nullText: string
  /** One character each; of csv alone. */
  readonly quote: string
  readonly escape: string
  /** Columns that are quoted even where they need not be; of COPY TO and csv alone. */
  readonly forceQuote: readonly string[] | 'all'
  /** Columns in which the NULL text is that text; of COPY FROM and csv alone. */
  readonly forceNotNull: readonly string[]
  /** Columns in which the NULL text is NULL in quotes too; of COPY FROM and csv alone. */
  readonly forceNull: readonly string[]
}

export type GivenCopyOptions = { -readonly [Name in keyof CopyOptions]?: CopyOptions[Name] }

export type CopyDirection = 'to' | 'from'

/** @throws GatewayError `feature_not_supported`, `invalid_parameter_value`, `syntax_error`. */
export function completeCopyOptions(
  given: GivenCopyOptions,
  direction: CopyDirection,
): CopyOptions {
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
    forceNotNull: given.forceNotNull ?? [],
    forceNull: given.forceNull ?? [],
  }
  refuseOfOtherFormats(format, given)
  refuseOfOtherDirection(direction, given)
  refuseCharacters(options)
  return options
}

export function unsupportedOption(option: string): GatewayError {
  return unsupported(`COPY … ${option} is not supported`)
}

const NOT_BINARY = { delimiter: 'DELIMITER', nullText: 'NULL' }
const CSV_ALONE = {
  quote: 'quote',
  escape: 'escape',
  forceQuote: 'force quote',
  forceNotNull: 'force not null',
  forceNull: 'force null',
}

function refuseOfOtherFormats(format: CopyOptions['format'], given: GivenCopyOptions): void {
  if (format === 'binary') {
    for (const [name, word] of Object.entries(NOT_BINARY)) {
      if (given[name as keyof GivenCopyOptions] === undefined) continue
      throw new GatewayError('syntax_error', `cannot specify ${word} in BINARY mode`)
    }
    if (given.header) throw unsupported('cannot specify HEADER in BINARY mode')
  }
  if (format === 'csv') return
  for (const [name, word] of Object.entries(CSV_ALONE)) {
    if (given[name as keyof GivenCopyOptions] === undefined) continue
    throw unsupported(`COPY ${word} available only in CSV mode`)
  }
}

function refuseOfOtherDirection(direction: CopyDirection, given: GivenCopyOptions): void {
  if (direction === 'from') {
    if (given.forceQuote) throw unsupported('COPY force quote only available using COPY TO')
    return
  }
  if (given.header === 'match') throw unsupported('cannot use "match" with HEADER in COPY TO')
  if (given.forceNotNull) throw unsupported('COPY force not null only available using COPY FROM')
  if (given.forceNull) throw unsupported('COPY force null only available using COPY FROM')
}

/** Whatever could be read back as something else is refused. */
function refuseCharacters({ format, delimiter, nullText, quote, escape }: CopyOptions): void {
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

function unsupported(message: string): GatewayError {
  return new GatewayError('feature_not_supported', message)
}

function wrong(message: string): GatewayError {
  return new GatewayError('invalid_parameter_value', message)
}
