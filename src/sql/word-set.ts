/** A set of words, written as they are read: in a line, with blanks between. */
export function wordSet(words: string): ReadonlySet<string> {
  return new Set(words.trim().split(/\s+/))
}
