/** A task in its worker: what came of it, and never a throw. */
import { toErrorRecord, toGatewayError } from '../../base/gateway-error.ts'
import { isFatal } from '../duckdb/engine-error.ts'
import { leaveBinding } from './bind-lock.ts'
import type { Task, TaskResult } from './task.ts'
import type { WorkerTasks } from './worker-tasks.ts'

/** @param binding To be left once, where the task entered it. */
export function performTask(
  tasks: WorkerTasks,
  task: Task,
  binding: Int32Array<SharedArrayBuffer> | undefined,
): TaskResult {
  let entered = binding
  const bound = (): void => {
    if (entered) leaveBinding(entered)
    entered = undefined
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

/** For the log only: it may quote what a client must not see. */
function describe(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown)
  return thrown.cause instanceof Error ? thrown.cause.message : (thrown.stack ?? thrown.message)
}
