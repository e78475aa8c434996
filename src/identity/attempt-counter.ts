/**
 * Counts attempts in windows of time, for so many sources at most.
 *
 * Where there are more the oldest windows are forgotten: hostile addresses cannot fill the memory,
 * and cannot make others wait either.
 */
const SOURCES_MAX = 50_000

export class AttemptCounter {
  readonly #windowMs: number
  readonly #clock: () => number
  readonly #windows = new Map<string, { count: number; readonly endsAt: number }>()

  constructor(windowMs: number, clock: () => number) {
    this.#windowMs = windowMs
    this.#clock = clock
  }

  /** Of the open window; 0 when there is none. */
  count(source: string): number {
    return this.#open(source)?.count ?? 0
  }

  /** How long the open window lasts still, in milliseconds. */
  remainingMs(source: string): number {
    const window = this.#open(source)
    return window ? window.endsAt - this.#clock() : 0
  }

  add(source: string): void {
    const window = this.#open(source)
    if (window) {
      window.count += 1
      return
    }
    this.#windows.delete(source)
    const oldest = this.#windows.keys().next()
    if (this.#windows.size >= SOURCES_MAX && !oldest.done) this.#windows.delete(oldest.value)
    this.#windows.set(source, { count: 1, endsAt: this.#clock() + this.#windowMs })
  }

  takeBack(source: string): void {
    const window = this.#open(source)
    if (window && window.count > 0) window.count -= 1
  }

  forget(source: string): void {
    this.#windows.delete(source)
  }

  #open(source: string): { count: number; readonly endsAt: number } | undefined {
    const window = this.#windows.get(source)
    return window && window.endsAt > this.#clock() ? window : undefined
  }
}
