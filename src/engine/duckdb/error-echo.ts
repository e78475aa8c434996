/**
 * The engine's echo of the statement, at the end of its error texts:
 *
 * ```
 * Referenced column "b" not found in FROM clause!
 * Candidate bindings: "a"
 *
 * LINE 1: select b from t
 *                ^
 * ```
 *
 * A client shows its own statement, so the echo goes and only the position stays.
 */

const ECHO = /\n\s*\n?LINE (\d+): ([^\n]*)\n( *)\^\s*$/

export interface Echo {
  /** The text without the echo. */
  readonly sentence: string
  /** 1-based, in characters (code points) of `sql`. */
  readonly position: number | undefined
}

export function readEcho(text: string, sql: string | undefined): Echo {
  const match = ECHO.exec(text)
  if (match === null) return { sentence: text.trim(), position: undefined }
  const [, line = '', shown = '', indent = ''] = match
  const sentence = text.slice(0, match.index).trim()
  const column = indent.length - `LINE ${line}: `.length
  return {
    sentence,
    position: sql === undefined ? undefined : locate(sql, Number(line), shown, column),
  }
}

/**
 * The engine shows long lines in part, between dots, so the shown part is looked up in the line.
 * Undefined where it cannot be found exactly once.
 */
function locate(sql: string, line: number, shown: string, column: number): number | undefined {
  const lines = sql.split('\n')
  const text = lines[line - 1]
  if (text === undefined || column < 0) return undefined
  const cutInFront = shown.startsWith('...') && !text.startsWith(shown)
  const cutBehind = shown.endsWith('...') && !text.endsWith(shown)
  const part = shown.slice(cutInFront ? 3 : 0, cutBehind ? -3 : undefined)
  const start = text.indexOf(part)
  if (start === -1 || text.includes(part, start + 1)) return undefined
  const before = lines.slice(0, line - 1).join('\n')
  const offset = start + column - (cutInFront ? 3 : 0)
  return characters(before) + (line > 1 ? 1 : 0) + characters(text.slice(0, offset)) + 1
}

/** Code points, which is what positions count; user-perceived characters are another thing. */
function characters(text: string): number {
  let count = 0
  for (const _ of text) count += 1
  return count
}
