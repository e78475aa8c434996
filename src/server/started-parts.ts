/** Parts that were started, and how to stop them: in the reverse order, all of them, once. */
import type { Log } from '../base/log.ts'

export class StartedParts {
  readonly #log: Log
  readonly #parts: { readonly name: string; readonly stop: () => unknown }[] = []

  constructor(log: Log) {
    this.#log = log
  }

  /** @param stop may return a promise; it is waited for. */
  add(name: string, stop: () => unknown): void {
    this.#parts.push({ name, stop })
  }

  /** Never throws: a part that does not stop must not keep the others running. */
  async stop(): Promise<void> {
    for (let part = this.#parts.pop(); part; part = this.#parts.pop()) {
      try {
        await part.stop()
      } catch (error) {
        this.#log.error({ error, part: part.name }, 'a part of the gateway did not stop cleanly')
      }
    }
  }
}
