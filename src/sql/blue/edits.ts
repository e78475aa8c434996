/**
 * Changes to the tokens of a statement, collected by several readers and written in one pass.
 *
 * What stands between tokens, comments with it, is copied. Nothing changes its place, so that every
 * place in the new text has one in the old one.
 */
import { assert } from '../../base/assert.ts'
import type { Token } from '../token.ts'
import type { Written } from '../statement.ts'

export interface Rewritten {
  readonly text: string
  readonly placeOf: Written['placeOf']
}

/** A run of characters that was copied, or that stands for the one at `source`. */
interface Piece {
  /** Index in the new text. */
  readonly start: number
  /** Index in the old one. */
  readonly source: number
  readonly copied: boolean
}

export class Edits {
  readonly #text: string
  readonly #tokens: readonly Token[]
  readonly #before = new Map<number, string>()
  readonly #instead = new Map<number, string | Rewritten>()
  readonly #after = new Map<number, string>()

  /** `tokens`: those of one statement of `text`. */
  constructor(text: string, tokens: readonly Token[]) {
    this.#text = text
    this.#tokens = tokens
  }

  isReplaced(index: number): boolean {
    return this.#instead.has(index)
  }

  before(index: number, text: string): void {
    this.#before.set(index, text + (this.#before.get(index) ?? ''))
  }

  /** What is put behind a token later stands farther behind. */
  after(index: number, text: string): void {
    this.#after.set(index, (this.#after.get(index) ?? '') + text)
  }

  /** A text, or the content of the token as it was rewritten by itself. Once for each token. */
  instead(index: number, text: string | Rewritten): void {
    assert(!this.#instead.has(index), 'a token is replaced once')
    this.#instead.set(index, text)
  }

  drop(first: number, last: number): void {
    for (let index = first; index <= last; index += 1) this.instead(index, '')
  }

  /** The statement as it is now; undefined when nothing was changed. */
  apply(): Rewritten | undefined {
    if (this.#before.size + this.#instead.size + this.#after.size === 0) return undefined
    const writing = new Writing(this.#text)
    let at = this.#tokens[0]?.start ?? 0
    for (const [index, token] of this.#tokens.entries()) {
      writing.copy(at, token.start)
      writing.put(this.#before.get(index) ?? '', token.start)
      const instead = this.#instead.get(index)
      if (instead === undefined) writing.copy(token.start, token.end)
      else if (typeof instead === 'string') writing.put(instead, token.start)
      else writing.insert(instead)
      writing.put(this.#after.get(index) ?? '', token.start)
      at = token.end
    }
    return writing.done()
  }
}

class Writing {
  readonly #source: string
  readonly #pieces: Piece[] = []
  readonly #parts: string[] = []
  #length = 0
  readonly #nested: { readonly start: number; readonly end: number; readonly inner: Rewritten }[] =
    []

  constructor(source: string) {
    this.#source = source
  }

  copy(from: number, to: number): void {
    this.#push(this.#source.slice(from, to), from, true)
  }

  put(text: string, at: number): void {
    this.#push(text, at, false)
  }

  /** The places of `inner` are places in the source already. */
  insert(inner: Rewritten): void {
    const start = this.#length
    this.#push(inner.text, inner.placeOf(0), false)
    this.#nested.push({ start, end: this.#length, inner })
  }

  done(): Rewritten {
    const pieces = this.#pieces
    const nested = this.#nested
    const placeOf = (index: number): number => {
      const within = nested.find(({ start, end }) => start <= index && index < end)
      if (within) return within.inner.placeOf(index - within.start)
      const piece = pieces[lastAtOrBefore(pieces, index)]
      if (!piece) return 0
      return piece.copied ? piece.source + index - piece.start : piece.source
    }
    return { text: this.#parts.join(''), placeOf }
  }

  #push(text: string, source: number, copied: boolean): void {
    if (text === '') return
    this.#pieces.push({ start: this.#length, source, copied })
    this.#parts.push(text)
    this.#length += text.length
  }
}

function lastAtOrBefore(pieces: readonly Piece[], index: number): number {
  let low = 0
  let high = pieces.length - 1
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((pieces[middle]?.start ?? 0) <= index) low = middle
    else high = middle - 1
  }
  return low
}
