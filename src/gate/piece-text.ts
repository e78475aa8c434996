/**
 * A text put together from parts of the client's and words of ours, which knows where each part
 * came from: the engine's parser and binder see such a text, the client hears of its own.
 */
import { repositioned } from '../base/gateway-error.ts'
import { characterPosition } from '../sql/text-position.ts'

/** Part of the client's text, in UTF-16 units, `end` exclusive. */
export interface Piece {
  readonly start: number
  readonly end: number
}

export class PieceText {
  readonly #source: string
  readonly #placed: { readonly at: number; readonly piece: Piece }[] = []
  #text = ''

  constructor(source: string) {
    this.#source = source
  }

  get text(): string {
    return this.#text
  }

  own(words: string): this {
    this.#text += words
    return this
  }

  take(piece: Piece): this {
    this.#placed.push({ at: this.#text.length, piece })
    this.#text += this.#source.slice(piece.start, piece.end)
    return this
  }

  /** The error with its position in the client's text; without one where it is about our words. */
  inSource(thrown: unknown): unknown {
    return repositioned(thrown, (position) => this.#sourcePosition(position))
  }

  #sourcePosition(position: number): number | undefined {
    for (const { at, piece } of this.#placed) {
      const first = characterPosition(this.#text, at)
      const last = characterPosition(this.#text, at + piece.end - piece.start)
      if (position >= first && position <= last) {
        return characterPosition(this.#source, piece.start) + position - first
      }
    }
    return undefined
  }
}
