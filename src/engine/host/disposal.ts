/** Handles that nobody needs any more, closed by a worker some moments later, many at once. */
import type { StatementHandle } from './task.ts'
import type { WorkerPool } from './worker-pool.ts'

export class Disposal {
  readonly #pool: WorkerPool
  #statements: StatementHandle[] = []
  #connections: bigint[] = []
  #scheduled = false

  constructor(pool: WorkerPool) {
    this.#pool = pool
  }

  statement(handle: StatementHandle): void {
    this.#statements.push(handle)
    this.#schedule()
  }

  /** After its statements. */
  connection(address: bigint): void {
    this.#connections.push(address)
    this.#schedule()
  }

  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(() => {
      this.#scheduled = false
      const [statements, connections] = [this.#statements, this.#connections]
      this.#statements = []
      this.#connections = []
      const task = { kind: 'release', results: [], statements, connections } as const
      this.#pool.submit<'release'>(task, { lane: 'fresh' }).done.catch(() => undefined)
    })
  }
}
