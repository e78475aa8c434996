/** Answers that wait a little. At the end of the gateway they wait no longer. */
export class Delays {
  readonly #waiting = new Set<() => void>()

  async wait(ms: number): Promise<void> {
    if (ms <= 0) return
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        clearTimeout(timer)
        this.#waiting.delete(wake)
        resolve()
      }
      const timer = setTimeout(wake, ms)
      this.#waiting.add(wake)
    })
  }

  stop(): void {
    for (const wake of this.#waiting) wake()
  }
}
