/**
 * How long a client has waited for a statement: it runs from Execute until there is something to
 * fetch, and then while a Fetch waits. What the client does in between does not count.
 */
export class WaitingClock {
  readonly #onTimeout: () => void
  #leftMs: number
  #running: { readonly sinceMs: number; readonly timer: NodeJS.Timeout } | undefined

  /** @param timeoutMs 0: none. */
  constructor(timeoutMs: number, onTimeout: () => void) {
    this.#leftMs = timeoutMs === 0 ? Infinity : timeoutMs
    this.#onTimeout = onTimeout
  }

  start(): void {
    if (this.#leftMs === Infinity || this.#running) return
    const timer = setTimeout(this.#onTimeout, this.#leftMs)
    this.#running = { sinceMs: performance.now(), timer }
  }

  stop(): void {
    if (!this.#running) return
    clearTimeout(this.#running.timer)
    this.#leftMs = Math.max(this.#leftMs - (performance.now() - this.#running.sinceMs), 1)
    this.#running = undefined
  }
}
