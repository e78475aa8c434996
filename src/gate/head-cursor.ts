/** Reads the heads of writes and definitions: the only SQL that the gate parses itself. */
import { tokenize } from '../sql/lexer.ts'
import { TokenCursor } from '../sql/token-cursor.ts'
import type { Token } from '../sql/token.ts'
import type { GateContext } from './gate-context.ts'

export interface Head {
  readonly cursor: TokenCursor
  readonly tokens: readonly Token[]
  readonly text: string
}

export function readHead({ statement: { text } }: GateContext): Head {
  const tokens = tokenize(text)
  return { cursor: new TokenCursor(text, tokens), tokens, text }
}

/** One to three parts. */
export function readName(cursor: TokenCursor): string[] {
  const parts = [cursor.identifier()]
  while (cursor.acceptSymbol('.')) {
    parts.push(cursor.identifier())
    if (parts.length > 3) throw cursor.syntaxError('A name has at most three parts.')
  }
  return parts
}

/** The words `IF NOT EXISTS`, if they come next. */
export function readIfNotExists(cursor: TokenCursor): boolean {
  return cursor.accept('if', 'not', 'exists')
}
