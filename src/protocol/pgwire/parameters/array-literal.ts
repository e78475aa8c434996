/**
 * PostgreSQL's array literals: `{1,NULL,"a b"}`, nested as deep as PostgreSQL allows.
 *
 * Read character by character: a literal may be as long as a message, and patterns over that much
 * hostile text cost too much time or stack.
 *
 * Source: PostgreSQL manual, "Array Input and Output Syntax".
 */
import { GatewayError } from '../../../base/gateway-error.ts'
import { ARRAY_DIMENSIONS_MAX, ARRAY_ITEMS_MAX, tooManyItems } from './array-limits.ts'
import { badText } from './refuse-parameter.ts'

export type ArrayItem = string | null | readonly ArrayItem[]

/**
 * @throws GatewayError `invalid_text_representation`; `feature_not_supported` for a literal with its
 *         own bounds (`[0:1]={1,2}`), because the engine counts from 1; `program_limit` for too many
 *         elements.
 */
export function arrayLiteral(text: string): readonly ArrayItem[] {
  return new LiteralReader(text).whole()
}

const SPACES = ' \t\n\r\v\f'
/** What ends or breaks an unquoted element. */
const STRUCTURE = '{},"'

class LiteralReader {
  readonly #text: string
  #at = 0
  #itemCount = 0

  constructor(text: string) {
    this.#text = text
  }

  whole(): readonly ArrayItem[] {
    if (this.#peek() === '[') {
      throw new GatewayError('feature_not_supported', 'arrays with bounds of their own', {
        hint: 'Send the array without bounds: {1,2}.',
      })
    }
    const items = this.#items(1)
    if (this.#peek() !== '') throw malformed()
    return items
  }

  #items(depth: number): ArrayItem[] {
    if (depth > ARRAY_DIMENSIONS_MAX) throw malformed()
    if (!this.#accept('{')) throw malformed()
    if (this.#accept('}')) return []
    const items: ArrayItem[] = []
    do {
      this.#itemCount += 1
      if (this.#itemCount > ARRAY_ITEMS_MAX) throw tooManyItems()
      items.push(this.#item(depth))
    } while (this.#accept(','))
    if (!this.#accept('}')) throw malformed()
    return items
  }

  #item(depth: number): ArrayItem {
    const next = this.#peek()
    if (next === '{') return this.#items(depth + 1)
    return next === '"' ? this.#quoted() : this.#bare()
  }

  #quoted(): string {
    this.#at += 1
    let item = ''
    let from = this.#at
    for (; ; this.#at += 1) {
      const character = this.#text[this.#at]
      if (character === undefined) throw malformed()
      if (character === '"') break
      if (character === '\\') {
        item += this.#text.slice(from, this.#at)
        this.#at += 1
        from = this.#at // the escaped character begins the next piece
        if (from >= this.#text.length) throw malformed()
      }
    }
    item += this.#text.slice(from, this.#at)
    this.#at += 1
    return item
  }

  /** Up to a comma or brace; blanks around it do not count, unless escaped. */
  #bare(): string | null {
    const start = this.#at
    let item = ''
    let from = start
    let end = start // behind the last character that is no blank
    for (; ; this.#at += 1) {
      const character = this.#text[this.#at]
      if (character === undefined) throw malformed()
      if (STRUCTURE.includes(character)) break
      if (character === '\\') {
        item += this.#text.slice(from, this.#at)
        this.#at += 1
        from = this.#at
        if (from >= this.#text.length) throw malformed()
        end = from + 1
      } else if (!SPACES.includes(character)) {
        end = this.#at + 1
      }
    }
    if (end === start || this.#text[this.#at] === '"' || this.#text[this.#at] === '{') {
      throw malformed()
    }
    item += this.#text.slice(from, end)
    const isNull = end - start === 4 && item.toUpperCase() === 'NULL'
    return isNull ? null : item
  }

  /** The next character that is no blank; nothing at the end. */
  #peek(): string {
    while (this.#at < this.#text.length && SPACES.includes(this.#text.charAt(this.#at))) {
      this.#at += 1
    }
    return this.#text.charAt(this.#at)
  }

  #accept(character: string): boolean {
    if (this.#peek() !== character) return false
    this.#at += 1
    return true
  }
}

function malformed(): GatewayError {
  return badText('array: malformed array literal')
}
