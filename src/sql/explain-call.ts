/** BLUE's `SELECT EXPLAIN($$statement$$)`: EXPLAIN of what stands in the string. */
import { placedAsWritten } from './in-engine-sql.ts'
import { tokenize } from './lexer.ts'
import { splitStatements } from './split-statements.ts'
import type { Statement, Written } from './statement.ts'
import { errorAt } from './text-position.ts'
import type { Token } from './token.ts'
import { isSymbol, isWord } from './token.ts'

/**
 * @param read reads a statement of the session's dialect.
 * @returns undefined when it is not such a call, alone in its SELECT.
 * @throws GatewayError what is wrong with the statement, with its place in the client's text.
 */
export function readExplainCall(
  text: string,
  tokens: readonly Token[],
  read: (text: string, tokens: readonly Token[]) => Statement,
): Statement | undefined {
  const [select, name, open, content, close, more] = tokens
  const isCall = isWord(select, 'select') && isWord(name, 'explain') && isSymbol(open, '(')
  if (!isCall || content?.kind !== 'string' || !isSymbol(close, ')') || more) return undefined
  const anew = `${HEAD}${content.value}`
  const within = text.indexOf(content.value, content.start)
  const isVerbatim = within >= 0 && within + content.value.length < content.end
  const written: Written = {
    text: text.slice(select?.start, close?.end),
    source: text,
    placeOf: (index) => (isVerbatim ? within + Math.max(0, index - HEAD.length) : content.start),
  }
  try {
    const [only, second] = splitStatements(tokenize(anew))
    if (!only || second) {
      throw errorAt('syntax_error', 'EXPLAIN takes exactly one statement', anew, HEAD.length)
    }
    const statement = read(anew, only)
    const inner = statement.written?.placeOf
    const placeOf = inner ? (index: number) => written.placeOf(inner(index)) : written.placeOf
    return { ...statement, written: { ...written, placeOf } }
  } catch (thrown) {
    throw placedAsWritten(thrown, anew, written)
  }
}

const HEAD = 'EXPLAIN '
