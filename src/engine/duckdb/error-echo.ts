/**
 * What follows the sentence in the engine's error texts:
 *
 * ```
 * Referenced column "b" not found in FROM clause!
 * Candidate bindings: "a"
 *
 * LINE 1: select b from t
 *                ^
 * ```
 *
 * A client shows its own statement, so the echo goes and only the position stays. Candidates go
 * because they may name what the client must not know of, and SQL that it must not run.
 */

const ECHO = /\n+LINE (\d+): ([^\n]*)\n( *)\^\s*$/
const ADVICE =
  /\n\s*(?:Did you mean|Candidate |Use "SET|Use try\(|Either add|For more info|Possible (?:fixes|[Ss]olution)|See also |file = )/

/** A record of a file may be of any length. */
const LONG_RECORD = /(Original Line: .{0,200})[^\n]*/

/** The expression, with all values of its parameters. */
const SOURCE_COLUMN = / when casting from source column .*$/s

export interface ErrorText {
  readonly sentence: string
  /** 1-based, in characters (code points) of the statement. */
  readonly position: number | undefined
}

/** @param sql What was sent, to look the position up in; without it there is none. */
export function readErrorText(text: string, sql: string | undefined): ErrorText {
  const echo = ECHO.exec(text)
  const beforeEcho = echo === null ? text : text.slice(0, echo.index)
  const advice = ADVICE.exec(beforeEcho)
  const sentence = (advice === null ? beforeEcho : beforeEcho.slice(0, advice.index))
    .replace(LONG_RECORD, '$1')
    .replace(SOURCE_COLUMN, '')
    .replace(/ If this is an unexpected constraint violation.*$/s, '')
    .trim()
  if (echo === null || sql === undefined) return { sentence, position: undefined }
  const [, line = '', shown = '', indent = ''] = echo
  const column = indent.length - `LINE ${line}: `.length
  return { sentence, position: locate(sql, Number(line), shown, column) }
}

/**
 * The caret stands under a column of a terminal: the character's number only after these. (The one
 * at the column is looked at too: after a character without a width it would be the wrong one.)
 */
const ONE_COLUMN_EACH = /^[\u0020-\u007e\u00a1-\u00ac\u00ae-\u02ff\u0370-\u0377\u0384-\u0482]*$/

/**
 * The engine shows long lines in part, between dots, so the shown part is looked up in the line.
 * Undefined where it cannot be found exactly once, or where the column does not tell the character.
 */
function locate(sql: string, line: number, shown: string, column: number): number | undefined {
  const lines = sql.split('\n')
  const text = lines[line - 1]
  if (text === undefined || column < 0) return undefined
  if (!ONE_COLUMN_EACH.test(shown.slice(0, column + 1))) return undefined
  const dotsInFront = shown.startsWith('...') && !text.startsWith(shown) ? 3 : 0
  const dotsBehind = shown.endsWith('...') && !text.endsWith(shown) ? 3 : 0
  const part = shown.slice(dotsInFront, shown.length - dotsBehind)
  const start = text.indexOf(part)
  if (start === -1 || text.includes(part, start + 1)) return undefined
  const offset = start + column - dotsInFront
  const linesBefore = lines.slice(0, line - 1).map((before) => `${before}\n`)
  return characters(linesBefore.join('')) + characters(text.slice(0, offset)) + 1
}

function characters(text: string): number {
  let count = 0
  for (const _ of text) count += 1
  return count
}
