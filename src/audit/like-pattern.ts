/**
 * SQL's LIKE: `%` any characters, `_` one. No escape, as in BLUE.
 *
 * Matched by hand, because a pattern made into a regular expression can be made to run for ever.
 * The work is bounded by text length times pattern length.
 */
export function likePattern(pattern: string): (text: string) => boolean {
  const wanted = Array.from(pattern.replaceAll(/%+/g, '%'))
  return (text) => matches(wanted, Array.from(text))
}

/** Greedy, and goes back to the last `%` alone: whatever an earlier one took is as good. */
function matches(pattern: readonly string[], text: readonly string[]): boolean {
  let at = 0
  let wanted = 0
  let retry: { at: number; wanted: number } | undefined
  while (at < text.length) {
    if (pattern[wanted] === '%') {
      wanted += 1
      retry = { at, wanted }
    } else if (pattern[wanted] === '_' || pattern[wanted] === text[at]) {
      at += 1
      wanted += 1
    } else if (retry) {
      retry.at += 1
      at = retry.at
      wanted = retry.wanted
    } else {
      return false
    }
  }
  while (pattern[wanted] === '%') wanted += 1
  return wanted === pattern.length
}
