/**
 * From text to tokens, in one linear pass, within the limits of `lexical-limits.ts`.
 *
 * Follows the engine's lexical rules (PostgreSQL's, plus non-ASCII blanks as blanks). It is used to
 * bound, to split and to read our own statements; where it should ever differ from the engine,
 * nothing is lost: what runs is regenerated from what the engine's parser read and the gate checked.
 */
import { GatewayError } from '../base/gateway-error.ts'
import { LexicalBudget } from './lexical-budget.ts'
import { commentNestingMax, identifierCharactersMax, textBytesMax } from './lexical-limits.ts'
import { stringContent } from './string-content.ts'
import { errorAt } from './text-position.ts'
import type { Token, TokenKind } from './token.ts'

/** The blanks outside of ASCII that the engine takes for blanks, and all others as letters. */
const WIDE_BLANKS = '\\u00a0\\u2000-\\u200d\\u202f\\u205f\\u2060\\u3000\\ufeff'
const WIDE_LETTERS =
  '\\u0080-\\u009f\\u00a1-\\u1fff\\u200e-\\u202e\\u2030-\\u205e\\u2061-\\u2fff\\u3001-\\ufefe\\uff00-\\uffff'
const BLANKS = new RegExp(`[\\t\\n\\v\\f\\r ${WIDE_BLANKS}]+`, 'y')
const WORD = new RegExp(`[A-Za-z_${WIDE_LETTERS}][A-Za-z0-9_$${WIDE_LETTERS}]*`, 'y')
const DOLLAR_QUOTE = new RegExp(
  `\\$(?:[A-Za-z_${WIDE_LETTERS}][A-Za-z0-9_${WIDE_LETTERS}]*)?\\$`,
  'y',
)
const NUMBER =
  /(?:0[xXoObB][0-9A-Fa-f_]+|(?:[0-9][0-9_]*(?:\.(?!\.)[0-9_]*)?|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9_]+)?)/y
const PARAMETER = /\$[A-Za-z0-9_]+|\?[0-9]*/y
const STRING_PREFIXES = new Set(['e', 'b', 'x', 'n'])

/**
 * The tokens of a text, comments left out.
 *
 * @throws GatewayError `syntax_error` with a position, `character_not_in_repertoire`,
 *         `program_limit` (size) or `statement_too_complex`.
 */
export function tokenize(text: string): Token[] {
  if (Buffer.byteLength(text) > textBytesMax) {
    throw new GatewayError(
      'program_limit',
      `the text of a query may have ${textBytesMax.toLocaleString('en')} bytes`,
    )
  }
  const nul = text.indexOf('\0')
  if (nul >= 0) {
    // The engine would cut the text there, and the audit would show what never ran.
    const message = 'invalid byte sequence for encoding "UTF8": 0x00'
    throw errorAt('character_not_in_repertoire', message, text, nul)
  }
  return new Lexer(text).all()
}

class Lexer {
  readonly #text: string
  readonly #tokens: Token[] = []
  readonly #budget = new LexicalBudget()
  #at = 0
  #depth = 0

  constructor(text: string) {
    this.#text = text
  }

  all(): Token[] {
    while (this.#skipBlanksAndComments()) this.#next()
    return this.#tokens
  }

  /** @returns false at the end of the text. */
  #skipBlanksAndComments(): boolean {
    for (;;) {
      this.#match(BLANKS)
      if (this.#text.startsWith('--', this.#at)) this.#skipLine()
      else if (this.#text.startsWith('/*', this.#at)) this.#skipComment()
      else return this.#at < this.#text.length
    }
  }

  #skipLine(): void {
    while (this.#at < this.#text.length && !'\n\r'.includes(this.#text.charAt(this.#at))) {
      this.#at += 1
    }
  }

  #skipComment(): void {
    const start = this.#at
    let open = 0
    do {
      if (this.#at >= this.#text.length) throw this.#error('unterminated /* comment', start)
      if (this.#text.startsWith('/*', this.#at)) {
        open += 1
        this.#at += 2
        if (open > commentNestingMax) {
          const message = `statement too complex: more than ${commentNestingMax} comments inside one another`
          throw errorAt('statement_too_complex', message, this.#text, start)
        }
      } else if (this.#text.startsWith('*/', this.#at)) {
        open -= 1
        this.#at += 2
      } else {
        this.#at += 1
      }
    } while (open > 0)
  }

  #next(): void {
    const start = this.#at
    const first = this.#text.charAt(start)
    if (first === "'") return this.#quotedString(start, false)
    if (first === '"') return this.#quotedName(start)
    if (first === '$' && this.#dollarQuoted(start)) return
    if ((first === '$' || first === '?') && this.#match(PARAMETER) !== undefined) {
      return this.#push('parameter', start, this.#text.slice(start, this.#at))
    }
    if (this.#match(NUMBER) !== undefined) {
      return this.#push('number', start, this.#text.slice(start, this.#at))
    }
    const word = this.#match(WORD)
    if (word === undefined) return this.#symbol(start, first)
    if (STRING_PREFIXES.has(word.toLowerCase()) && this.#text.charAt(this.#at) === "'") {
      return this.#quotedString(start, word.toLowerCase() === 'e')
    }
    this.#refuseBrokenUnicode(word, start)
    this.#push('word', start, word.toLowerCase())
  }

  #symbol(start: number, symbol: string): void {
    if (symbol < ' ' || symbol === '\u007f') {
      throw errorAt(
        'character_not_in_repertoire',
        `control character U+${symbol.charCodeAt(0).toString(16).padStart(4, '0')} outside of quotes`,
        this.#text,
        start,
      )
    }
    this.#at += 1
    if (symbol === ')' || symbol === ']' || symbol === '}')
      this.#depth = Math.max(0, this.#depth - 1)
    this.#push('symbol', start, symbol)
    if (symbol === '(' || symbol === '[' || symbol === '{') this.#depth += 1
  }

  #quotedString(start: number, escapes: boolean): void {
    const open = this.#text.indexOf("'", start)
    this.#at = open + 1
    for (;;) {
      const char = this.#text.charAt(this.#at)
      if (char === '') throw this.#error('unterminated quoted string', start)
      if (escapes && char === '\\') this.#at += 2
      else if (char !== "'") this.#at += 1
      else if (this.#text.charAt(this.#at + 1) === "'") this.#at += 2
      else break
    }
    const raw = this.#text.slice(open + 1, this.#at)
    this.#at += 1
    const value = stringContent(raw, escapes)
    if (value === undefined) throw this.#error('invalid escape in a string', start)
    this.#refuseBrokenUnicode(raw, start)
    this.#push('string', start, value)
  }

  #quotedName(start: number): void {
    this.#at += 1
    for (;;) {
      const char = this.#text.charAt(this.#at)
      if (char === '') throw this.#error('unterminated quoted identifier', start)
      if (char !== '"') this.#at += 1
      else if (this.#text.charAt(this.#at + 1) === '"') this.#at += 2
      else break
    }
    const value = this.#text.slice(start + 1, this.#at).replaceAll('""', '"')
    this.#at += 1
    if (value === '') throw this.#error('zero-length delimited identifier', start)
    this.#refuseBrokenUnicode(value, start)
    this.#push('quoted', start, value)
  }

  #dollarQuoted(start: number): boolean {
    const tag = this.#match(DOLLAR_QUOTE)
    if (tag === undefined) return false
    const close = this.#text.indexOf(tag, this.#at)
    if (close < 0) throw this.#error('unterminated dollar-quoted string', start)
    const value = this.#text.slice(this.#at, close)
    this.#refuseBrokenUnicode(value, start)
    this.#at = close + tag.length
    this.#push('string', start, value)
    return true
  }

  #push(kind: TokenKind, start: number, value: string): void {
    if ((kind === 'word' || kind === 'quoted') && value.length > identifierCharactersMax) {
      const message = `an identifier may have ${identifierCharactersMax} characters`
      throw errorAt('program_limit', message, this.#text, start)
    }
    const token: Token = { kind, value, start, end: this.#at, depth: this.#depth }
    if (kind === 'symbol' && value === ';') this.#budget.nextStatement()
    const excess = this.#budget.spend(token)
    if (excess) throw errorAt(excess.kind, excess.message, this.#text, start)
    this.#tokens.push(token)
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0]
    if (found !== undefined) this.#at += found.length
    return found
  }

  /** Half a surrogate pair has no UTF-8 form; it would arrive in the engine as another character. */
  #refuseBrokenUnicode(value: string, start: number): void {
    if (!value.isWellFormed()) {
      const message = 'invalid byte sequence for encoding "UTF8"'
      throw errorAt('character_not_in_repertoire', message, this.#text, start)
    }
  }

  #error(message: string, start: number): GatewayError {
    const near = this.#text.slice(start, start + 20)
    return errorAt('syntax_error', `${message} at or near "${near}"`, this.#text, start)
  }
}
