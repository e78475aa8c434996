/**
 * What was begun while the rights for it were held, and that nothing calls back: a commit that the
 * engine has been asked for. Whoever takes rights away hears of it when nothing of it is left to come.
 */
import { setTimeout as delay } from 'node:timers/promises'
import type { Log } from '../base/log.ts'

/** An engine that takes longer for a commit is soon restarted, or writes much at once. */
const WAIT_MS_MAX = 10_000

export class UnderWay {
  readonly #works = new Set<Promise<unknown>>()
  readonly #log: Log
  readonly #waitMsMax: number

  constructor(log: Log, waitMsMax = WAIT_MS_MAX) {
    this.#log = log
    this.#waitMsMax = waitMsMax
  }

  /** To be called in the turn in which the rights were looked at. @returns `work`. */
  async during<T>(work: Promise<T>): Promise<T> {
    this.#works.add(work)
    try {
      return await work
    } finally {
      this.#works.delete(work)
    }
  }

  /** When all that is under way now is over, well or not; not longer than the bound, which is logged. */
  async settled(): Promise<void> {
    if (this.#works.size === 0) return
    const waiting = new AbortController()
    const late = delay(this.#waitMsMax, 'late', { signal: waiting.signal }).catch(() => undefined)
    const outcome = await Promise.race([Promise.allSettled(this.#works), late])
    waiting.abort()
    if (outcome === 'late')
      this.#log.warn({ waitedMs: this.#waitMsMax }, 'a commit outlasts a change of rights')
  }
}
