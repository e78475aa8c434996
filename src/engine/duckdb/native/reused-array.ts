/** Memory that is filled anew for each batch, and grows to the largest. */
import type { FixedValues } from '../../../columnar/column-batch.ts'

export class ReusedArray<T extends FixedValues> {
  readonly #make: (length: number) => T
  #memory: T

  constructor(make: (length: number) => T) {
    this.#make = make
    this.#memory = make(0)
  }

  /** Exactly `length` elements. What was given before is overwritten. */
  take(length: number): T {
    if (this.#memory.length < length) this.#memory = this.#make(length)
    if (this.#memory.length === length) return this.#memory
    return this.#memory.subarray(0, length) as T
  }
}
