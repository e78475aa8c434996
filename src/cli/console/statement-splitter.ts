/**
 * Statements out of lines: what ends at a semicolon that is in no string, name or comment.
 *
 * It decides only when to send. What a text means is the gateway's to say, which reads it anew.
 */

/** What is stepped over as a whole; without its end, the statement goes on in the next line. */
const PARTS =
  /--[^\n]*|\/\*|\*\/|\b[eE]'(?:[^'\\]|\\[^]|'')*(?:'|$)|'(?:[^']|'')*(?:'|$)|"(?:[^"]|"")*(?:"|$)|(?<![\w$])\$(?:[A-Za-z_\u0080-\uffff]\w*)?\$|;/gu

export interface SplitText {
  /** Without their semicolons; none is empty. */
  readonly statements: readonly string[]
  /** What is not ended yet. */
  readonly rest: string
}

export function splitStatements(text: string): SplitText {
  const statements: string[] = []
  let start = 0
  for (let at = endOfStatement(text, 0); at !== undefined; at = endOfStatement(text, start)) {
    const statement = text.slice(start, at)
    if (!isBlank(statement)) statements.push(statement.trim())
    start = at + 1
  }
  const rest = text.slice(start)
  return { statements, rest: isBlank(rest) && !rest.includes('/*') ? '' : rest }
}

/** Whether there is nothing but blanks and comments. */
export function isBlank(text: string): boolean {
  return text.replaceAll(/--[^\n]*|\/\*[^]*?\*\//g, '').trim() === ''
}

/** Where the semicolon is. */
function endOfStatement(text: string, from: number): number | undefined {
  PARTS.lastIndex = from
  let comments = 0 // they nest
  for (let match = PARTS.exec(text); match; match = PARTS.exec(text)) {
    const [part] = match
    if (part === '/*') comments += 1
    else if (part === '*/') comments = Math.max(comments - 1, 0)
    else if (comments > 0) PARTS.lastIndex = match.index + 1
    else if (part === ';') return match.index
    else if (part.startsWith('$')) {
      const end = text.indexOf(part, PARTS.lastIndex)
      if (end < 0) return undefined
      PARTS.lastIndex = end + part.length
    }
  }
  return undefined
}
