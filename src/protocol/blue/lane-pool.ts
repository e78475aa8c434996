/** The lanes of one session: each serves one statement at a time, and there are only so many. */
import type { Executor, ParallelSession } from '../../execution/executor.ts'
import { unlessAborted } from '../../base/unless-aborted.ts'

export class LanePool {
  readonly #session: Pick<ParallelSession, 'openLane'>
  readonly #lanesMax: number
  readonly #free: Executor[]
  readonly #waiting: ((lane: Executor) => void)[] = []
  #opened = 1

  constructor(session: Pick<ParallelSession, 'firstLane' | 'openLane'>, lanesMax: number) {
    this.#session = session
    this.#free = [session.firstLane]
    this.#lanesMax = lanesMax
  }

  /**
   * Does `work` in a lane that nobody else has meanwhile, in the order in which they came.
   * @throws the signal's reason while there is none; GatewayError when the engine has no room.
   */
  async during<T>(signal: AbortSignal, work: (lane: Executor) => Promise<T>): Promise<T> {
    const lane = await this.#take(signal)
    try {
      return await work(lane)
    } finally {
      this.#give(lane)
    }
  }

  async #take(signal: AbortSignal): Promise<Executor> {
    signal.throwIfAborted()
    const free = this.#free.pop()
    if (free) return free
    if (this.#opened < this.#lanesMax) return await this.#open()
    const given = new Promise<Executor>((resolve) => this.#waiting.push(resolve))
    try {
      return await unlessAborted(given, signal)
    } catch (thrown) {
      void given.then((lane) => this.#give(lane)) // its turn comes all the same
      throw thrown
    }
  }

  async #open(): Promise<Executor> {
    this.#opened += 1
    try {
      return await this.#session.openLane()
    } catch (thrown) {
      this.#opened -= 1
      throw thrown
    }
  }

  #give(lane: Executor): void {
    const next = this.#waiting.shift()
    if (next) next(lane)
    else this.#free.push(lane)
  }
}
