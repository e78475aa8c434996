/** Names of objects in our own statements. */
import type { QualifiedName } from './statement.ts'
import type { TokenCursor } from './token-cursor.ts'

/** One to three parts, folded to lower case unless quoted. */
export function readQualifiedName(cursor: TokenCursor): QualifiedName {
  const first = cursor.identifier()
  if (!cursor.acceptSymbol('.')) return [first]
  const second = cursor.identifier()
  if (!cursor.acceptSymbol('.')) return [first, second]
  const third = cursor.identifier()
  if (cursor.seesSymbol('.')) throw cursor.syntaxError('A name has at most three parts.')
  return [first, second, third]
}
