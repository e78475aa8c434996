/**
 * The options of COPY, in the form with brackets and in that of PostgreSQL before 9.0, which psql's
 * `\copy` and many tools still send.
 *
 * Source: PostgreSQL 15 manual, COPY.
 */
import { GatewayError } from '../base/gateway-error.ts'
import { completeCopyOptions, unsupportedOption } from './complete-copy-options.ts'
import type { CopyDirection, CopyOptions, GivenCopyOptions } from './complete-copy-options.ts'
import type { TokenCursor } from './token-cursor.ts'

/** Reads to the end. @throws GatewayError `syntax_error`, or about one option by its name. */
export function readCopyOptions(cursor: TokenCursor, direction: CopyDirection): CopyOptions {
  const given: GivenCopyOptions = {}
  cursor.accept('with')
  if (cursor.acceptSymbol('(')) {
    cursor.list(() => readOption(cursor, given))
    cursor.expectSymbol(')')
  } else {
    while (!cursor.done && !cursor.sees('where')) readOldOption(cursor, given)
  }
  if (direction === 'from' && cursor.sees('where')) throw unsupportedOption('WHERE')
  cursor.expectEnd()
  return completeCopyOptions(given, direction)
}

function readOption(cursor: TokenCursor, given: GivenCopyOptions): void {
  const name = cursor.identifier()
  switch (name) {
    case 'format':
      return once(given, 'format', formatOf(word(cursor)))
    case 'header':
      return once(given, 'header', readHeader(cursor))
    case 'delimiter':
      return once(given, 'delimiter', string(cursor))
    case 'null':
      return once(given, 'nullText', string(cursor))
    case 'quote':
      return once(given, 'quote', string(cursor))
    case 'escape':
      return once(given, 'escape', string(cursor))
    case 'force_quote':
      return once(given, 'forceQuote', readColumnsOrAll(cursor))
    case 'force_not_null':
      return once(given, 'forceNotNull', readColumnsInBrackets(cursor, name))
    case 'force_null':
      return once(given, 'forceNull', readColumnsInBrackets(cursor, name))
    case 'encoding':
      return refuseEncoding(string(cursor))
    case 'freeze':
    case 'default':
    case 'on_error':
      throw unsupportedOption(name.toUpperCase())
    default:
      throw new GatewayError('syntax_error', `option "${name}" not recognized`)
  }
}

function readOldOption(cursor: TokenCursor, given: GivenCopyOptions): void {
  if (cursor.accept('binary')) return once(given, 'format', 'binary')
  if (cursor.accept('csv')) return once(given, 'format', 'csv')
  if (cursor.accept('header')) return once(given, 'header', true)
  if (cursor.sees('freeze')) throw unsupportedOption('FREEZE')
  if (cursor.accept('force', 'quote')) {
    return once(given, 'forceQuote', cursor.acceptSymbol('*') ? 'all' : readColumns(cursor))
  }
  if (cursor.accept('force', 'not', 'null')) {
    return once(given, 'forceNotNull', readColumns(cursor))
  }
  if (cursor.accept('force', 'null')) return once(given, 'forceNull', readColumns(cursor))
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
  given: GivenCopyOptions,
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
function readHeader(cursor: TokenCursor): boolean | 'match' {
  if (cursor.seesSymbol(',') || cursor.seesSymbol(')')) return true
  const value = word(cursor)
  if (TRUE.includes(value)) return true
  if (FALSE.includes(value)) return false
  if (value === 'match') return 'match'
  throw new GatewayError('syntax_error', `header requires a Boolean value or "match"`)
}

function readColumnsOrAll(cursor: TokenCursor): readonly string[] | 'all' {
  if (cursor.acceptSymbol('*')) return 'all'
  return readColumnsInBrackets(cursor, 'force_quote')
}

function readColumnsInBrackets(cursor: TokenCursor, option: string): readonly string[] {
  if (!cursor.acceptSymbol('(')) {
    throw new GatewayError(
      'invalid_parameter_value',
      `argument to option "${option}" must be a list of column names`,
    )
  }
  const columns = readColumns(cursor)
  cursor.expectSymbol(')')
  return columns
}

function readColumns(cursor: TokenCursor): readonly string[] {
  return cursor.list(() => cursor.identifier())
}

function refuseEncoding(name: string): void {
  if (/^utf-?8$/i.test(name)) return
  throw unsupportedOption(`ENCODING '${name}'`)
}
