/** Starts the worker threads and ties them to the pool. */
import { Worker } from 'node:worker_threads'
import type { BindLock } from './bind-lock.ts'
import type { OwnConnection, Report, WorkerMessage, WorkerReport, WorkerStart } from './task.ts'
import type { WorkerPool } from './worker-pool.ts'

/** Of JavaScript's heap in a worker; rows and the engine's memory are not in it. */
const HEAP_MIB_MAX = 128

export interface WorkerEvents {
  /** A report whose error is for the log, or fatal. */
  onReport(report: Report): void
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
      const worker = new Worker(new URL('./worker.mjs', import.meta.url), {
        workerData,
        env: {},
        resourceLimits: { maxOldGenerationSizeMb: HEAP_MIB_MAX },
      })
      worker.on('error', (error) => events.onEnd(`a worker failed: ${String(error)}`))
      worker.on('exit', (code) => events.onEnd(`a worker ended with code ${code}`))
      const post = (message: WorkerMessage): void => worker.postMessage(message)
      await new Promise<void>((resolve) => worker.once('message', () => resolve()))
      const index = pool.add({ assign: (task, binds) => post({ task, binds }) })
      worker.on('message', (report: Exclude<WorkerReport, 'up'>) => {
        events.onReport(report)
        pool.onReport(index, report)
      })
      return (connection: OwnConnection) => post({ connection })
    }),
  )
}
