/**
 * Reads the tokens of one statement from left to right, for the grammar of our own statements.
 *
 * Whatever does not fit ends in PostgreSQL's `syntax error at or near "…"`, with its position in
 * the client's whole text.
 */
import type { GatewayError } from '../base/gateway-error.ts'
import { errorAt } from './text-position.ts'
import { isSymbol, isWord } from './token.ts'
import type { Token } from './token.ts'

export class TokenCursor {
  readonly text: string
  readonly #tokens: readonly Token[]
  #at = 0

  /** `tokens` are of `text`, and their places count in it. */
  constructor(text: string, tokens: readonly Token[]) {
    this.text = text
    this.#tokens = tokens
  }

  peek(ahead = 0): Token | undefined {
    return this.#tokens[this.#at + ahead]
  }

  next(): Token {
    const token = this.peek()
    if (!token) throw this.syntaxError()
    this.#at += 1
    return token
  }

  /** All that come next; nothing is read. */
  get rest(): readonly Token[] {
    return this.#tokens.slice(this.#at)
  }

  get done(): boolean {
    return this.#at >= this.#tokens.length
  }

  /** Whether these words come next; nothing is read. */
  sees(...words: readonly string[]): boolean {
    return words.every((word, ahead) => isWord(this.peek(ahead), word))
  }

  /** Reads these words if all of them come next. */
  accept(...words: readonly string[]): boolean {
    if (!this.sees(...words)) return false
    this.#at += words.length
    return true
  }

  /** Reads the first of `words` that comes next. */
  acceptOneOf<Word extends string>(words: readonly Word[]): Word | undefined {
    return words.find((word) => this.accept(word))
  }

  expect(...words: readonly string[]): void {
    for (const word of words) if (!this.accept(word)) throw this.syntaxError()
  }

  seesSymbol(symbol: string): boolean {
    return isSymbol(this.peek(), symbol)
  }

  acceptSymbol(symbol: string): boolean {
    if (!this.seesSymbol(symbol)) return false
    this.#at += 1
    return true
  }

  expectSymbol(symbol: string): void {
    if (!this.acceptSymbol(symbol)) throw this.syntaxError()
  }

  /** An identifier, folded to lower case unless quoted. */
  identifier(): string {
    const token = this.peek()
    if (token?.kind !== 'word' && token?.kind !== 'quoted') throw this.syntaxError()
    return this.next().value
  }

  /** One or more of what `item` reads, with commas between. */
  list<Item>(item: () => Item): Item[] {
    const items = [item()]
    while (this.acceptSymbol(',')) items.push(item())
    return items
  }

  expectEnd(): void {
    if (!this.done) throw this.syntaxError()
  }

  syntaxError(hint?: string): GatewayError {
    const token = this.peek()
    if (token) {
      const raw = this.text.slice(token.start, token.end)
      return errorAt(
        'syntax_error',
        `syntax error at or near "${raw}"`,
        this.text,
        token.start,
        hint,
      )
    }
    const end = this.#tokens.at(-1)?.end ?? this.text.length
    return errorAt('syntax_error', 'syntax error at end of input', this.text, end, hint)
  }
}
