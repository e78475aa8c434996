/** Cuts the tokens of a text into statements, at semicolons outside of brackets. */
import { GatewayError } from '../base/gateway-error.ts'
import { statementsMax } from './lexical-limits.ts'
import { isSymbol } from './token.ts'
import type { Token } from './token.ts'

/**
 * The tokens of each statement, without the semicolons; empty statements are left out.
 *
 * A semicolon inside brackets stays where it is: that statement cannot be right, and its own reader
 * says so.
 *
 * @throws GatewayError `statement_too_complex`.
 */
export function splitStatements(tokens: readonly Token[]): Token[][] {
  const statements: Token[][] = []
  let current: Token[] = []
  for (const token of tokens) {
    if (!isSymbol(token, ';') || token.depth > 0) {
      current.push(token)
    } else if (current.length > 0) {
      statements.push(current)
      current = []
    }
  }
  if (current.length > 0) statements.push(current)
  if (statements.length > statementsMax) {
    throw new GatewayError(
      'statement_too_complex',
      `a text may hold ${statementsMax.toLocaleString('en')} statements`,
    )
  }
  return statements
}
