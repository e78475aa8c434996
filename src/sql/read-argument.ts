/** Arguments in our own statements: texts, and names that may be written as texts. */
import type { TokenCursor } from './token-cursor.ts'

/** @throws GatewayError `syntax_error`. */
export function readString(cursor: TokenCursor): string {
  if (cursor.peek()?.kind !== 'string') throw cursor.syntaxError('A string is expected here.')
  return cursor.next().value
}

/** A name as a string or as an identifier. @throws GatewayError `syntax_error`. */
export function readNameArgument(cursor: TokenCursor): string {
  return cursor.peek()?.kind === 'string' ? cursor.next().value : cursor.identifier()
}
