/**
 * The places that one session has in pools. All its statements share one: a tool that reads one
 * result while it leaves another half read would wait for itself otherwise.
 */
import type { PoolInfo } from '../../identity/pools.ts'
import type { Admission, Lane } from './admission.ts'
import type { PoolQueue, WaitOptions } from './pool-queue.ts'

/** Given back once. */
export type GiveBack = () => void

export class SessionPlaces {
  readonly #admission: Admission
  /** Statements by the place that they share; one for tables serves all kinds. */
  readonly #held = new Map<PoolQueue, { readonly lane: Lane; statements: number }>()

  constructor(admission: Admission) {
    this.#admission = admission
  }

  /** A place that is there at once, or undefined. */
  take(pool: PoolInfo, lane: Lane): GiveBack | undefined {
    const shared = this.#shared(lane)
    if (shared) return this.#join(shared, lane)
    const queue = this.#admission.queueOf(pool, lane)
    return queue.enter() ? this.#join(queue, lane) : undefined
  }

  /** @throws as `PoolQueue.wait`. */
  async wait(
    pool: PoolInfo,
    lane: Lane,
    options: WaitOptions,
    signal: AbortSignal,
  ): Promise<GiveBack> {
    const queue = this.#admission.queueOf(pool, lane)
    await queue.wait(options, signal)
    if (this.#held.has(queue)) queue.leave() // another statement of the session came in meanwhile
    return this.#join(queue, lane)
  }

  #shared(lane: Lane): PoolQueue | undefined {
    return [...this.#held].find(([, held]) => held.lane === 'tables' || held.lane === lane)?.[0]
  }

  #join(queue: PoolQueue, lane: Lane): GiveBack {
    const held = this.#held.get(queue) ?? { lane, statements: 0 }
    held.statements += 1
    this.#held.set(queue, held)
    let given = false
    return () => {
      if (given) return
      given = true
      held.statements -= 1
      if (held.statements > 0) return
      this.#held.delete(queue)
      queue.leave()
    }
  }
}
