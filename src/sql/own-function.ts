/** BLUE's functions that the gateway answers: each is called by a SELECT of its own. */
import type { TokenCursor } from './token-cursor.ts'
import { isSymbol } from './token.ts'

/** Whether a SELECT begins with a call of one of these; it is the engine's otherwise. */
export function callsOneOf(cursor: TokenCursor, names: ReadonlySet<string>): boolean {
  const name = cursor.peek(1)
  return name?.kind === 'word' && names.has(name.value) && isSymbol(cursor.peek(2), '(')
}

/**
 * @param readArguments What stands in the brackets.
 * @throws GatewayError `syntax_error`, also where anything else is in the SELECT.
 */
export function readOwnCall<Query>(
  cursor: TokenCursor,
  readArguments: (name: string, cursor: TokenCursor) => Query,
): Query {
  cursor.expect('select')
  const name = cursor.identifier()
  cursor.expectSymbol('(')
  const query = readArguments(name, cursor)
  cursor.expectSymbol(')')
  if (!cursor.done) {
    throw cursor.syntaxError(`${name.toUpperCase()} is called by a SELECT of its own.`)
  }
  return query
}
