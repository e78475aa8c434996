/** What was used in the last sixty minutes, by the minute. */
import type { CountLimit } from '../../identity/client-limits.ts'

export type HourlyUse = Extract<CountLimit, `${string}PerHour`>

type Amounts = Record<HourlyUse, number>

const MINUTE_MS = 60_000
const MINUTES = 60

export class RollingHour {
  /** By the number of the minute since 1970. */
  readonly #minutes = new Map<number, Amounts>()

  /** @param now Milliseconds since 1970. */
  add(use: HourlyUse, amount: number, now: number): void {
    const minute = Math.floor(now / MINUTE_MS)
    let amounts = this.#minutes.get(minute)
    if (!amounts) {
      this.#forget(minute)
      amounts = { statementsPerHour: 0, rowsPerHour: 0, bytesPerHour: 0, secondsPerHour: 0 }
      this.#minutes.set(minute, amounts)
    }
    amounts[use] += amount
  }

  /** Of this minute and the fifty-nine before. */
  used(use: HourlyUse, now: number): number {
    this.#forget(Math.floor(now / MINUTE_MS))
    return [...this.#minutes.values()].reduce((sum, amounts) => sum + amounts[use], 0)
  }

  isEmpty(now: number): boolean {
    this.#forget(Math.floor(now / MINUTE_MS))
    return this.#minutes.size === 0
  }

  #forget(minute: number): void {
    for (const old of this.#minutes.keys()) {
      if (old <= minute - MINUTES || old > minute) this.#minutes.delete(old) // or the clock was set back
    }
  }
}
