/** The tokens of a text: enough to split it, to bound it and to read our own statements. */

export type TokenKind =
  /** An unquoted word; `value` is folded to lower case. */
  | 'word'
  /** `"…"`; `value` is its content. */
  | 'quoted'
  /** `'…'`, `E'…'`, `$$…$$` and their like; `value` is its content. */
  | 'string'
  | 'number'
  /** `$1`, `$name`, `?`. */
  | 'parameter'
  /** One character of punctuation; a longer operator is several of them. */
  | 'symbol'

export interface Token {
  readonly kind: TokenKind
  readonly value: string
  /** In UTF-16 units of the text, `end` exclusive. */
  readonly start: number
  readonly end: number
  /** How many brackets are open around it; those of a pair have the depth of what is outside. */
  readonly depth: number
}

export function isWord(token: Token | undefined, word: string): boolean {
  return token?.kind === 'word' && token.value === word
}

export function isSymbol(token: Token | undefined, symbol: string): boolean {
  return token?.kind === 'symbol' && token.value === symbol
}
