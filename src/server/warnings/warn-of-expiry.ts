/**
 * Ends that come near, in the log: 14, 3 and 1 days before, and on the day. Each is told once, and at a
 * start the one that is due.
 */
import type { Log } from '../../base/log.ts'

const DAY_MS = 86_400_000
const LOOK_MS = 3_600_000
const DAYS_BEFORE = [0, 1, 3, 14] as const

export interface Ending {
  /** Tells it from others, and from its successor: a token's id. */
  readonly id: string
  /** `the access token of "bi"`. */
  readonly what: string
  /** Milliseconds since 1970. */
  readonly endsAt: number
  readonly fix: string
}

export class ExpiryWarner {
  readonly #endings: () => readonly Ending[]
  readonly #log: Log
  readonly #clock: () => number
  /** The least number of days that was told of each. */
  readonly #told = new Map<string, number>()
  readonly #timer: NodeJS.Timeout

  constructor(endings: () => readonly Ending[], log: Log, clock: () => number = Date.now) {
    this.#endings = endings
    this.#log = log
    this.#clock = clock
    this.#timer = setInterval(() => this.look(), LOOK_MS)
    this.#timer.unref()
    this.look()
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  /** Tells what is due. */
  look(): void {
    const endings = this.#endings()
    const ids = new Set(endings.map(({ id }) => id))
    for (const id of this.#told.keys()) if (!ids.has(id)) this.#told.delete(id)
    for (const ending of endings) this.#tell(ending)
  }

  #tell({ id, what, endsAt, fix }: Ending): void {
    const left = endsAt - this.#clock()
    const due = DAYS_BEFORE.find((days) => left <= days * DAY_MS)
    if (due === undefined || due >= (this.#told.get(id) ?? Infinity)) return
    this.#told.set(id, due)
    const expiresAt = new Date(endsAt).toISOString()
    if (left <= 0) this.#log.warn({ expiresAt, fix }, `${what} has expired`)
    else this.#log.warn({ expiresAt, fix }, `${what} expires in ${inDays(left)}`)
  }
}

function inDays(ms: number): string {
  const days = Math.ceil(ms / DAY_MS)
  return days === 1 ? 'a day or less' : `${days} days`
}
