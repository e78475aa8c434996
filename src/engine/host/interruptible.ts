/** Waits for a job that may be stopped at any time, wherever it is by then. */
import { GatewayError, toGatewayError } from '../../base/gateway-error.ts'
import type { Outcomes, TaskKind } from './task.ts'
import type { Job, WorkerPool } from './worker-pool.ts'

/**
 * The engine forgets an interrupt that comes before its statement has begun, and hears none while
 * it plans; so it is sent again until the job is over.
 */
export const INTERRUPT_AGAIN_MS = 20

/**
 * @param job       Is withdrawn where no worker has it yet, unless it `proceeds` with a statement
 *                  that the engine has begun: that must be seen to its end.
 * @param interrupt Sends one interrupt to the connection that the job runs on.
 * @returns the job's outcome, even where it came after the abort: the caller may have to free it.
 * @throws GatewayError `cancelled` when it was stopped, else what it failed with; `data_exception`
 *         where the engine lost that.
 */
export async function interruptible<K extends TaskKind>(
  pool: WorkerPool,
  job: Job<K>,
  signal: AbortSignal,
  interrupt: () => void,
): Promise<Outcomes[K]> {
  let timer: NodeJS.Timeout | undefined
  const onAbort = (): void => {
    if (job.task.kind !== 'proceed') pool.withdraw(job)
    if (job.state === 'over') return
    interrupt()
    timer = setInterval(interrupt, INTERRUPT_AGAIN_MS)
  }
  signal.addEventListener('abort', onAbort, { once: true })
  if (signal.aborted) onAbort()
  try {
    return await job.done
  } catch (error) {
    if (signal.aborted) throw cancelled()
    const ran = job.worker !== undefined
    if (ran && toGatewayError(error).kind === 'cancelled') throw failedUnheard(error)
    throw error
  } finally {
    clearInterval(timer)
    signal.removeEventListener('abort', onAbort)
  }
}

/**
 * A thread of the engine that fails interrupts the others before it tells why. A read that comes in
 * between hears of the interrupt alone, and with it the reason is gone (SimpleBufferedData in 1.5).
 */
function failedUnheard(cause: unknown): GatewayError {
  return new GatewayError('data_exception', 'the statement failed on one of its rows', {
    detail: 'The engine did not pass on the reason.',
    hint: 'Run it again: the next run nearly always tells it.',
    cause,
  })
}

export function cancelled(): GatewayError {
  return new GatewayError('cancelled', 'the statement was cancelled')
}
