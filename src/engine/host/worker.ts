/** A worker thread of the host: takes a task, performs it, reports. */
import { parentPort, workerData } from 'node:worker_threads'
import { present } from '../../base/assert.ts'
import { toErrorRecord, toGatewayError } from '../../base/gateway-error.ts'
import { isFatal } from '../duckdb/engine-error.ts'
import { leaveBinding } from './bind-lock.ts'
import type { Outcome, Report, Rows, Task, WorkerMessage, WorkerStart } from './task.ts'
import { WorkerTasks } from './worker-tasks.ts'

/** Shorter rows are copied with their message: handing over their memory would cost more. */
const TRANSFER_FROM_BYTES = 16 * 1024

const port = present(parentPort, 'a worker has a port')
const { binding } = workerData as WorkerStart
const tasks = new WorkerTasks()

port.on('message', (message: WorkerMessage) => {
  if ('connection' in message) {
    tasks.useConnection(message.connection)
    return
  }
  const report = perform(message.task, message.binds)
  port.postMessage(report, 'outcome' in report ? transferable(report.outcome) : [])
})

port.postMessage('up')

function perform(task: Task, binds: boolean): Report {
  let isBinding = binds
  const bound = (): void => {
    if (isBinding) leaveBinding(binding)
    isBinding = false
  }
  try {
    return { outcome: tasks.perform(task, bound) }
  } catch (thrown) {
    const error = toGatewayError(thrown)
    const cause = error.kind === 'internal' ? describe(thrown) : undefined
    return { error: toErrorRecord(error), fatal: isFatal(thrown), ...(cause && { cause }) }
  } finally {
    bound()
  }
}

function transferable(outcome: Outcome): ArrayBuffer[] {
  if (outcome === null) return []
  const rows: readonly Rows[] =
    'bytes' in outcome ? [outcome] : 'rows' in outcome ? outcome.rows : []
  return rows
    .filter(({ bytes }) => bytes.length >= TRANSFER_FROM_BYTES)
    .map(({ bytes }) => bytes.buffer)
}

/** For the log only: it may quote what a client must not see. */
function describe(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown)
  return thrown.cause instanceof Error ? thrown.cause.message : (thrown.stack ?? thrown.message)
}
