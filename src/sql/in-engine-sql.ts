/** A statement of BLUE's dialect, read anew as what it became for the engine. */
import { GatewayError, repositioned } from '../base/gateway-error.ts'
import { rewriteBlue } from './blue/rewrite-statement.ts'
import { tokenize } from './lexer.ts'
import type { EngineStatement, Statement, StatementPlace } from './statement.ts'
import { characterPosition, indexOfCharacter } from './text-position.ts'
import type { Token } from './token.ts'

/**
 * The limits of texts hold for what it became, too.
 *
 * @param read reads a statement of the engine's SQL.
 * @throws GatewayError what cannot be said in the engine's SQL, with its place in the client's text.
 */
export function inEngineSql(
  statement: StatementPlace & EngineStatement,
  tokens: readonly Token[],
  read: (text: string, tokens: readonly Token[]) => Statement,
): Statement {
  const { source, start, form } = statement
  const rewritten = rewriteBlue(source, tokens, form)
  if (!rewritten) return statement
  const { text } = rewritten
  const written = { text: statement.text, source, placeOf }
  try {
    const anew = read(text, tokenize(text))
    if (anew.kind === 'engine' && anew.form === statement.form) return { ...anew, written }
  } catch (thrown) {
    throw placedAsWritten(thrown, text, written)
  }
  throw new GatewayError('syntax_error', 'the statement has another form in the dialect blue')

  /** Made anew: statements are kept for long, and seldom asked for this. */
  function placeOf(index: number): number {
    const end = start + statement.text.length
    const its = tokenize(source).filter((token) => token.start >= start && token.end <= end)
    return rewriteBlue(source, its, form)?.placeOf(index) ?? start
  }
}

/** The same error, with its place in what the client wrote. */
export function placedAsWritten(
  thrown: unknown,
  text: string,
  { source, placeOf }: Pick<NonNullable<StatementPlace['written']>, 'source' | 'placeOf'>,
): unknown {
  return repositioned(thrown, (position) =>
    characterPosition(source, placeOf(indexOfCharacter(text, position))),
  )
}
