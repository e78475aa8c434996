/**
 * The thread that answers the gate's questions from a socket of its own, as the main thread sees it.
 *
 * A question is short, and each new text has several: on the way through the main thread and the pool
 * half of its time goes to threads that wake each other. The gateway has one at a time here
 * (`host-link.ts`), and sends what comes meanwhile through the pool, so that none waits for another.
 */
import type { Worker } from 'node:worker_threads'
import { present } from '../../base/assert.ts'
import { interrupt } from '../duckdb/duckdb-connection.ts'
import { INTERRUPT_AGAIN_MS } from './interruptible.ts'
import { closeTurns, duringTurn, newTurn } from './question-turn.ts'
import type { QuestionTurn } from './question-turn.ts'
import { startThread } from './start-thread.ts'
import type { WorkerEvents } from './start-workers.ts'
import type { OwnConnection, QuestionThreadStart, TaskResult } from './task.ts'

const THREAD = new URL('./question-thread.mjs', import.meta.url)

/** An answer is in it twice: as the engine gave it, and as it is sent. */
const HEAP_MIB_MAX = 512

export class QuestionThread {
  readonly #worker: Worker
  readonly #turn: QuestionTurn
  #own: OwnConnection | undefined

  private constructor(worker: Worker, turn: QuestionTurn) {
    this.#worker = worker
    this.#turn = turn
  }

  static async start(events: WorkerEvents): Promise<QuestionThread> {
    const turn = newTurn()
    const start: QuestionThreadStart = { turn }
    const worker = await startThread(THREAD, HEAP_MIB_MAX, start, (how) => events.onEnd(how))
    worker.on('message', (failed: TaskResult) => events.onResult(failed))
    return new QuestionThread(worker, turn)
  }

  /** From now on it answers. */
  begin(connection: OwnConnection): void {
    this.#own = connection
    this.#worker.postMessage(connection)
  }

  /** Until it is over, as every interrupt (`interruptible.ts`). Without effect on any other question. */
  interrupt(id: number): void {
    const { address } = present(this.#own, 'the connection of the questions')
    const again = (): boolean => duringTurn(this.#turn, id, () => interrupt(address))
    if (!again()) return
    const timer = setInterval(() => {
      if (!again()) clearInterval(timer)
    }, INTERRUPT_AGAIN_MS)
  }

  /** It answers no more. @returns its connection, to be closed, unless a question is under way. */
  end(): readonly OwnConnection[] {
    return this.#own && closeTurns(this.#turn) ? [this.#own] : []
  }
}
