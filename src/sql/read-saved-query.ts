/**
 * Saved queries: SAVE_QUERY, EXECUTE_SAVED_QUERY, DROP_SAVED_QUERY and RECOMPILE_SAVED_QUERY, each in a
 * SELECT of its own, and DESCRIBE SAVED QUERIES LIST and DESCRIBE SAVED QUERY.
 *
 * Source: BLUE SQL, 3.4.
 */
import { callsOneOf, readOwnCall } from './own-function.ts'
import { readNameArgument, readString } from './read-argument.ts'
import type { SavedQueryStatement } from './statement.ts'
import type { TokenCursor } from './token-cursor.ts'
import { wordSet } from './word-set.ts'

/** As many as a statement may have parameters, and more than anybody writes. */
const ARGUMENTS_MAX = 1_000

export function describesSavedQueries(cursor: TokenCursor): boolean {
  return cursor.peek(1)?.value === 'saved'
}

/** @throws GatewayError `syntax_error`. */
export function readSavedQueryDescription(cursor: TokenCursor): SavedQueryStatement {
  cursor.next()
  const statement = readDescription(cursor)
  cursor.expectEnd()
  return statement
}

function readDescription(cursor: TokenCursor): SavedQueryStatement {
  if (cursor.accept('saved', 'queries')) {
    cursor.expect('list')
    const database = readDatabase(cursor)
    const like = cursor.accept('like') ? readString(cursor) : undefined
    return { kind: 'describe_saved_queries', database, like }
  }
  cursor.expect('saved', 'query')
  const database = readDatabase(cursor)
  cursor.expect('name')
  return { kind: 'describe_saved_query', database, name: readNameArgument(cursor) }
}

function readDatabase(cursor: TokenCursor): string | undefined {
  return cursor.accept('database') ? cursor.identifier() : undefined
}

/** Whether a SELECT calls one of the functions. */
export function callsSavedQueryFunction(cursor: TokenCursor): boolean {
  return callsOneOf(cursor, FUNCTIONS)
}

const FUNCTIONS = wordSet('save_query execute_saved_query drop_saved_query recompile_saved_query')

/** @throws GatewayError `syntax_error`. */
export function readSavedQueryFunction(cursor: TokenCursor): SavedQueryStatement {
  return readOwnCall(cursor, readCall)
}

function readCall(called: string, cursor: TokenCursor): SavedQueryStatement {
  const name = readNameArgument(cursor)
  switch (called) {
    case 'save_query':
      cursor.expectSymbol(',')
      return { kind: 'save_query', name, query: readString(cursor) }
    case 'execute_saved_query':
      return { kind: 'execute_saved_query', name, arguments: readConstants(cursor) }
    case 'drop_saved_query':
      return { kind: 'drop_saved_query', name }
    default:
      return { kind: 'recompile_saved_query', name }
  }
}

function readConstants(cursor: TokenCursor): string[] {
  const constants: string[] = []
  while (cursor.acceptSymbol(',')) {
    if (constants.length === ARGUMENTS_MAX)
      throw cursor.syntaxError('These are too many arguments.')
    constants.push(readConstant(cursor))
  }
  return constants
}

/** In the one spelling that means the same wherever it is put. */
function readConstant(cursor: TokenCursor): string {
  if (cursor.peek()?.kind === 'string') return `'${readString(cursor).replaceAll("'", "''")}'`
  const word = ['null', 'true', 'false'].find((one) => cursor.accept(one))
  if (word !== undefined) return word.toUpperCase()
  const isNegative = cursor.acceptSymbol('-')
  if (cursor.peek()?.kind !== 'number') {
    throw cursor.syntaxError('Arguments are constants: strings, numbers, NULL, TRUE and FALSE.')
  }
  const { value } = cursor.next()
  return isNegative ? `(-${value})` : value
}
