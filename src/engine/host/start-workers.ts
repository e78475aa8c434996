/** Starts the worker threads and ties them to the pool. */
import type { BindLock } from './bind-lock.ts'
import { startThread } from './start-thread.ts'
import type { OwnConnection, TaskResult, WorkerMessage, WorkerReport, WorkerStart } from './task.ts'
import type { WorkerPool } from './worker-pool.ts'

const WORKER = new URL('./worker.mjs', import.meta.url)
const HEAP_MIB_MAX = 128

export interface WorkerEvents {
  /** Its error may be for the log, or fatal. */
  onResult(result: TaskResult): void
  /** A worker ended; none ever should. */
  onEnd(how: string): void
}

/** @returns what hands each worker its own connection, once all are up. */
export async function startWorkers(
  count: number,
  pool: WorkerPool,
  binding: BindLock,
  events: WorkerEvents,
): Promise<readonly ((connection: OwnConnection) => void)[]> {
  const workerData: WorkerStart = { binding: binding.shared }
  return await Promise.all(
    Array.from({ length: count }, async () => {
      const worker = await startThread(WORKER, HEAP_MIB_MAX, workerData, (how) => events.onEnd(how))
      const post = (message: WorkerMessage): void => worker.postMessage(message)
      const index = pool.add({ assign: (task, binds) => post({ task, binds }) })
      worker.on('message', (report: Exclude<WorkerReport, 'up'>) => {
        events.onResult(report)
        pool.onReport(index, report)
      })
      return (connection: OwnConnection) => post({ connection })
    }),
  )
}
