/** Bytes of a client that came in pieces and are not read yet. Memory is never written twice. */
export class HeldBytes {
  /** What is held lies from `start` to `end`. */
  bytes: Buffer = Buffer.alloc(0)
  start = 0
  end = 0
  /** True when `bytes` was made here and may be filled further. */
  #growing = false

  get length(): number {
    return this.end - this.start
  }

  /** Indices into `bytes` count from `start`: they may move by a push. */
  push(chunk: Buffer): void {
    if (this.length === 0) {
      this.bytes = chunk
      this.start = 0
      this.end = chunk.length
      this.#growing = false
      return
    }
    if (!this.#growing || this.bytes.length - this.end < chunk.length) this.#grow(chunk.length)
    chunk.copy(this.bytes, this.end)
    this.end += chunk.length
  }

  /** The next bytes, which then are held no longer. The caller knows that they are there. */
  take(count: number): Buffer {
    const taken = this.bytes.subarray(this.start, this.start + count)
    this.start += count
    return taken
  }

  #grow(more: number): void {
    const { length } = this
    const grown = Buffer.allocUnsafeSlow(2 * (length + more))
    this.bytes.copy(grown, 0, this.start, this.end)
    this.bytes = grown
    this.start = 0
    this.end = length
    this.#growing = true
  }
}
