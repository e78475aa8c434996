/** The pattern of LIKE with classes, as a regular expression (RE2); and what may stand inside of one. */

/** A pattern that BLUE's own description gives no meaning. */
export class UnclearPattern extends Error {}

/** Of the whole text. @throws UnclearPattern. */
export function likeAsRegex(pattern: string): string {
  return `(?s)${regexOf(pattern)}`
}

/**
 * Finds a pattern somewhere: its first group is what stands before it.
 * @throws UnclearPattern.
 */
export function searchAsRegex(pattern: string): string {
  const rest = pattern.replace(/^%+/, '')
  const before = rest === pattern ? '' : '.*?'
  let end = rest.length
  while (rest.charAt(end - 1) === '%') end -= 1
  if (rest.charAt(end - 1) === '\\' && end < rest.length) end += 1 // that % means itself
  const core = rest.slice(0, end)
  return `(?s)^(${before})${regexOf(core)}${core === rest ? '$' : ''}`
}

function regexOf(pattern: string): string {
  let regex = ''
  let rest = pattern
  while (rest !== '') {
    const [whole = '', escaped, set] =
      /^(?:\\([\s\S])|\[(\^?[^\]\\]+)\]|%+|[\s\S])/u.exec(rest) ?? []
    rest = rest.slice(whole.length)
    if (escaped !== undefined) regex += literal(escaped)
    else if (set !== undefined) regex += classOf(set)
    else if (whole.startsWith('%')) regex += '.*'
    else if (whole === '_') regex += '.'
    else if (whole === '\\') throw new UnclearPattern('it ends with an escape character')
    else if (whole === '[') throw new UnclearPattern('a class that is empty or has no end')
    else regex += literal(whole)
  }
  return regex
}

/** `A-Z`, `^a`, as they stand between the brackets. */
function classOf(set: string): string {
  const negated = set.startsWith('^')
  const members = negated ? set.slice(1) : set
  if (members === '' || members.includes('[')) throw new UnclearPattern('a class of this form')
  for (const [, from = '', to = ''] of members.matchAll(/([\s\S])-([\s\S])/gu)) {
    if ((from.codePointAt(0) ?? 0) > (to.codePointAt(0) ?? 0)) {
      throw new UnclearPattern('a range that runs backwards')
    }
  }
  return `[${negated ? '^' : ''}${members.replaceAll('^', '\\^')}]`
}

function literal(character: string): string {
  return /^[\\^$.*+?()[\]{}|/-]$/.test(character) ? `\\${character}` : character
}

/** Whether a regular expression stays whole when others are put around it. */
export function isWholeRegex(regex: string): boolean {
  let open = 0
  let rest = regex
  while (rest !== '') {
    const [whole = ''] = TOKEN.exec(rest) ?? []
    if (whole === '\\Q' || whole === '\\') return false
    if (whole === '[') return false // without an end
    if (whole === '(') open += 1
    if (whole === ')') open -= 1
    if (open < 0) return false
    rest = rest.slice(whole.length)
  }
  return open === 0
}

/** An escape, a class, or one character. */
const TOKEN = /^(?:\\Q|\\[\s\S]|\[\^?\]?(?:\[:\^?\w+:\]|\\[\s\S]|[^\]\\])*\]|[\s\S])/

/** As a string of SQL. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
