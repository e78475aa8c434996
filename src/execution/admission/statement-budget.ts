/** One statement of a client, held against the client's limits while it runs. */
import { COUNT_LIMIT_NAMES } from '../../identity/client-limits.ts'
import type { ClientLimits, CountLimit } from '../../identity/client-limits.ts'
import { LimitError } from './limit-error.ts'
import type { HourlyUse, RollingHour } from './rolling-hour.ts'

/** Of all its sessions together. */
export interface ClientUse {
  readonly hour: RollingHour
  /** Statements that began and have not ended, by session. */
  readonly open: Map<string, Set<StatementBudget>>
}

interface BudgetParts {
  readonly limits: ClientLimits
  readonly use: ClientUse
  readonly sessionId: string
  /** `client "bi"`. */
  readonly holder: string
  /** Milliseconds since 1970. */
  readonly clock: () => number
}

export class StatementBudget {
  readonly #parts: BudgetParts
  #rows = 0
  #bytes = 0
  #startedMs: number | undefined
  #ended = false

  private constructor(parts: BudgetParts) {
    this.#parts = parts
  }

  /** @throws LimitError `configuration_limit`. */
  static begin(parts: BudgetParts): StatementBudget {
    const budget = new StatementBudget(parts)
    const { limits, use, sessionId } = parts
    const busy = use.open.size + (use.open.has(sessionId) ? 0 : 1)
    if (limits.statements !== undefined && busy > limits.statements) {
      throw budget.#exceeded('configuration_limit', 'statements', 'too many statements at once')
    }
    for (const name of HOURLY) {
      const limit = limits[name]
      if (limit === undefined || budget.#used(name) < limit) continue
      throw budget.#exceeded('configuration_limit', name, 'the budget of an hour is used up')
    }
    use.hour.add('statementsPerHour', 1, parts.clock())
    use.open.set(sessionId, (use.open.get(sessionId) ?? new Set()).add(budget))
    return budget
  }

  /**
   * Its turn has come.
   * @returns how many milliseconds it may run, and the error when they are over.
   */
  start(): { readonly ms: number; readonly error: LimitError } | undefined {
    const { limits, clock } = this.#parts
    this.#startedMs = clock()
    const { secondsPerStatement: own = Infinity, secondsPerHour: hourly = Infinity } = limits
    const left = hourly === Infinity ? Infinity : Math.max(hourly - this.#used('secondsPerHour'), 0)
    const seconds = Math.min(own, left)
    if (seconds === Infinity) return undefined
    const name = own <= left ? 'secondsPerStatement' : 'secondsPerHour'
    const what = 'canceling statement because it ran too long'
    return { ms: Math.ceil(seconds * 1000), error: this.#exceeded('cancelled', name, what) }
  }

  /**
   * These are about to leave.
   * @throws LimitError `program_limit`: they must not.
   */
  gave(rows: number, bytes: number): void {
    const { limits, use, clock } = this.#parts
    this.#rows += rows
    this.#bytes += bytes
    use.hour.add('rowsPerHour', rows, clock())
    use.hour.add('bytesPerHour', bytes, clock())
    const now: Partial<Record<CountLimit, number>> = {
      rowsPerStatement: this.#rows,
      bytesPerStatement: this.#bytes,
      ...(limits.rowsPerHour !== undefined && { rowsPerHour: this.#used('rowsPerHour') }),
      ...(limits.bytesPerHour !== undefined && { bytesPerHour: this.#used('bytesPerHour') }),
    }
    for (const name of COUNT_LIMIT_NAMES) {
      if ((now[name] ?? 0) <= (limits[name] ?? Infinity)) continue
      throw this.#exceeded('program_limit', name, 'the result is too large')
    }
  }

  /** Once, at whatever end. */
  end(): void {
    if (this.#ended) return
    this.#ended = true
    const { use, sessionId, clock } = this.#parts
    const seconds = this.#runningSeconds
    use.hour.add('secondsPerHour', seconds, clock())
    const open = use.open.get(sessionId)
    open?.delete(this)
    if (open?.size === 0) use.open.delete(sessionId)
  }

  get #runningSeconds(): number {
    if (this.#startedMs === undefined) return 0
    return Math.max(this.#parts.clock() - this.#startedMs, 0) / 1000
  }

  /** With what runs now. */
  #used(name: HourlyUse): number {
    const { use, clock } = this.#parts
    const ended = use.hour.used(name, clock())
    if (name !== 'secondsPerHour') return ended
    const running = [...use.open.values()].flatMap((open) => [...open])
    return running.reduce((sum, budget) => sum + budget.#runningSeconds, ended)
  }

  #exceeded(
    kind: 'configuration_limit' | 'program_limit' | 'cancelled',
    name: CountLimit,
    what: string,
  ): LimitError {
    const { limits, holder } = this.#parts
    return new LimitError(kind, { name, value: limits[name] ?? 0, holder }, what, {
      hint: 'An administrator of the gateway sets the limits of a client.',
    })
  }
}

const HOURLY = [
  'statementsPerHour',
  'rowsPerHour',
  'bytesPerHour',
  'secondsPerHour',
] as const satisfies readonly HourlyUse[]
