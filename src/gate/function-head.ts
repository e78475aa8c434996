/**
 * What stands around the body of CREATE FUNCTION:
 *
 *   CREATE [OR REPLACE] FUNCTION name ([parameter type, …]) RETURNS type AS $$ … $$ LANGUAGE SQL
 *
 * LANGUAGE SQL may also come before AS. Source: BLUE SQL, CREATE FUNCTION.
 */
import { GatewayError } from '../base/gateway-error.ts'
import type { TokenCursor } from '../sql/token-cursor.ts'
import type { Token } from '../sql/token.ts'
import { isSymbol, isWord } from '../sql/token.ts'
import { readName } from './head-cursor.ts'
import { notSupported } from './refusals.ts'

export interface FunctionHead {
  readonly replaces: boolean
  /** One to three parts. */
  readonly name: readonly string[]
  readonly parameters: readonly WrittenParameter[]
  /** As it was written. */
  readonly returns: string
  /** The string that holds the body. */
  readonly body: Token
}

export interface WrittenParameter {
  readonly name: string
  /** As it was written. */
  readonly type: string
}

/** As in PostgreSQL. */
const parametersMax = 100

export function readFunctionHead(cursor: TokenCursor): FunctionHead {
  cursor.expect('create')
  const replaces = cursor.accept('or', 'replace')
  cursor.expect('function')
  if (cursor.sees('if', 'not', 'exists')) throw notSupported('CREATE FUNCTION IF NOT EXISTS')
  const name = readName(cursor)
  const parameters = readParameters(cursor)
  if (cursor.sees('as')) {
    throw notSupported('CREATE FUNCTION … AS an expression', FORM)
  }
  cursor.expect('returns')
  if (cursor.sees('table') || cursor.sees('setof')) throw notSupported('a function that gives rows')
  const returns = readType(cursor, (token) => END_OF_RESULT.some((word) => isWord(token, word)))
  return { replaces, name, parameters, returns, body: readBody(cursor) }
}

const FORM =
  'Write CREATE FUNCTION name(parameter type) RETURNS type AS $$ SELECT … $$ LANGUAGE SQL.'

const END_OF_RESULT = ['as', 'language', 'immutable', 'stable', 'volatile', 'strict', 'called']

function readParameters(cursor: TokenCursor): WrittenParameter[] {
  const parameters: WrittenParameter[] = []
  cursor.expectSymbol('(')
  if (cursor.acceptSymbol(')')) return parameters
  do {
    parameters.push(readParameter(cursor))
  } while (cursor.acceptSymbol(','))
  cursor.expectSymbol(')')
  if (parameters.length > parametersMax) {
    throw new GatewayError('program_limit', `a function has at most ${parametersMax} parameters`)
  }
  const names = parameters.map(({ name }) => name.toLowerCase())
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice === undefined) return parameters
  throw new GatewayError('invalid_parameter_value', `parameter "${twice}" is there more than once`)
}

function readParameter(cursor: TokenCursor): WrittenParameter {
  const name = cursor.identifier()
  if (cursor.seesSymbol(',') || cursor.seesSymbol(')')) {
    throw notSupported('a parameter without a type', FORM)
  }
  const type = readType(cursor, (token) => {
    if (isWord(token, 'default') || isSymbol(token, '=') || isSymbol(token, ':')) {
      throw notSupported('a default value of a parameter')
    }
    return isSymbol(token, ',') || isSymbol(token, ')')
  })
  return { name, type }
}

/** `DECIMAL(10, 2)[]`: up to the first token outside of its own brackets that `ends` it. */
function readType(cursor: TokenCursor, ends: (token: Token) => boolean): string {
  const first = cursor.next()
  let last = first
  let open = 0
  for (let token = cursor.peek(); token; token = cursor.peek()) {
    if (open === 0 && ends(token)) break
    if (isSymbol(token, '(')) open += 1
    if (isSymbol(token, ')')) open -= 1
    if (open < 0) throw cursor.syntaxError()
    last = cursor.next()
  }
  return cursor.text.slice(first.start, last.end)
}

function readBody(cursor: TokenCursor): Token {
  const before = readLanguage(cursor)
  const attribute = cursor.peek()
  if (attribute?.kind === 'word' && attribute.value !== 'as') {
    throw notSupported(`a function with ${attribute.value.toUpperCase()}`)
  }
  cursor.expect('as')
  const body = cursor.peek()
  if (body?.kind !== 'string') throw cursor.syntaxError(FORM)
  cursor.next()
  const after = readLanguage(cursor)
  if (before === after) throw cursor.syntaxError(FORM)
  cursor.expectEnd()
  return body
}

function readLanguage(cursor: TokenCursor): boolean {
  if (!cursor.accept('language')) return false
  const language = cursor.peek()
  if (!isWord(language, 'sql') && language?.value.toLowerCase() !== 'sql') {
    throw notSupported(`a function in LANGUAGE ${language?.value ?? ''}`, 'There is LANGUAGE SQL.')
  }
  cursor.next()
  return true
}
