/** The host's side of a worker thread: takes a task, performs it, reports. */
import { parentPort, workerData } from 'node:worker_threads'
import { present } from '../../base/assert.ts'
import { performTask } from './perform-task.ts'
import type { Outcome, Report, Rows, WorkerMessage, WorkerStart } from './task.ts'
import { WorkerTasks } from './worker-tasks.ts'

/** Shorter rows are copied with their message: handing over their memory would cost more. */
const TRANSFER_FROM_BYTES = 16 * 1024

/** Answers the main thread for as long as the process lives. */
export function servePool(): void {
  const port = present(parentPort, 'a worker has a port')
  const { binding } = workerData as WorkerStart
  const tasks = new WorkerTasks()

  port.on('message', (message: WorkerMessage) => {
    if ('connection' in message) {
      tasks.useConnection(message.connection)
      return
    }
    const before = process.threadCpuUsage()
    const result = performTask(tasks, message.task, message.binds ? binding : undefined)
    const { user, system } = process.threadCpuUsage(before)
    const report: Report = { ...result, cpuMs: (user + system) / 1000 }
    port.postMessage(report, 'outcome' in report ? transferable(report.outcome) : [])
  })
  port.postMessage('up')
}

function transferable(outcome: Outcome): ArrayBuffer[] {
  if (outcome === null) return []
  const rows: readonly Rows[] =
    'bytes' in outcome ? [outcome] : 'rows' in outcome ? outcome.rows : []
  return rows
    .filter(({ bytes }) => bytes.length >= TRANSFER_FROM_BYTES)
    .map(({ bytes }) => bytes.buffer)
}
