/**
 * The fake executor of the unit tests, watched: whoever drives it in process can tell that the door
 * waits for nothing but its client; and one statement can be held, to see what is read meanwhile.
 */
import type {
  CopyInBatch,
  RunningCopyIn,
  RunningStatement,
  StatementEvent,
  StatementOptions,
} from '../../../src/execution/executor.ts'
import type { CopyInStatement, Statement, StatementPlace } from '../../../src/sql/statement.ts'
import { FakeExecutor } from '../../fixtures/fake-executor.ts'
import type { FakeRequest } from '../../fixtures/fake-executor.ts'

export interface Watch {
  /** Grows with everything that is asked of the executor. */
  activity: number
  /** Statements that still begin before one is held; undefined: none is. */
  holdAfter: number | undefined
  /** Lets the held statement go. Set while one is held. */
  release: (() => void) | undefined
}

export class WatchedExecutor extends FakeExecutor {
  readonly #watch: Watch

  constructor(request: FakeRequest, watch: Watch) {
    super(request)
    this.#watch = watch
  }

  override async run(
    statement: Statement,
    options: StatementOptions,
    signal: AbortSignal,
  ): Promise<RunningStatement> {
    this.#watch.activity += 1
    await this.#hold()
    const running = await super.run(statement, options, signal)
    const next = (): Promise<StatementEvent> => {
      this.#watch.activity += 1
      return running.next()
    }
    return { ...running, next }
  }

  override async copyIn(
    statement: StatementPlace & CopyInStatement,
    signal: AbortSignal,
  ): Promise<RunningCopyIn> {
    this.#watch.activity += 1
    await this.#hold()
    const running = await super.copyIn(statement, signal)
    const add = (batch: CopyInBatch): Promise<void> => {
      this.#watch.activity += 1
      return running.add(batch)
    }
    return { ...running, add }
  }

  async #hold(): Promise<void> {
    const watch = this.#watch
    if (watch.holdAfter === undefined) return
    watch.holdAfter -= 1
    if (watch.holdAfter >= 0) return
    watch.holdAfter = undefined
    await new Promise<void>((resolve) => {
      watch.release = resolve
    })
    watch.release = undefined
  }
}
