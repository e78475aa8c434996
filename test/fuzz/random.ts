/**
 * Chance that repeats: the same seed gives the same choices on every machine.
 *
 * Not fast-check: its runner costs more per value than the code under test, and what fails here is cut
 * down by what knows its parts: messages by `pgwire/shrink.ts`, statements by `gate/shrink-statement.ts`.
 */
export class Random {
  #state: number

  /** @param seed Any number; `index` makes another sequence of it, so that one case repeats alone. */
  constructor(seed: number, index = 0) {
    this.#state = (Math.imul(seed | 0, 0x9e3779b1) ^ Math.imul(index | 0, 0x85ebca6b)) | 0
    this.#next()
    this.#next()
  }

  /** 0 to `end` - 1. */
  below(end: number): number {
    return Math.floor((this.#next() / 0x1_0000_0000) * end)
  }

  between(first: number, last: number): number {
    return first + this.below(last - first + 1)
  }

  /** True once in `n` times. */
  onceIn(n: number): boolean {
    return this.below(n) === 0
  }

  pick<T>(items: readonly [T, ...T[]]): T {
    return items[this.below(items.length)] ?? items[0]
  }

  bytes(count: number): Buffer {
    const bytes = Buffer.allocUnsafe(count)
    for (let i = 0; i < count; i += 1) bytes[i] = this.#next() >>> 24
    return bytes
  }

  /** mulberry32, by Tommy Ettinger: one multiplication is enough for tests. */
  #next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
}
