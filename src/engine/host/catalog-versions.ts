/**
 * The version of the committed definitions, and numbers for what transactions define on their own.
 *
 * Both come from one sequence that only grows, over restarts too, so that a number means one state
 * of definitions for ever and may be the key of a cache.
 */
export class CatalogVersions {
  #current: number
  #last: number

  constructor(first: number) {
    this.#current = first
    this.#last = first
  }

  get current(): number {
    return this.#current
  }

  /** A number for the definitions as one transaction sees them. */
  next(): number {
    this.#last += 1
    return this.#last
  }

  /** Definitions were committed. */
  advance(): void {
    this.#current = this.next()
  }
}
