/** A run whose end, good or bad, reaches whoever keeps count of what runs. */
import { GatewayError } from '../base/gateway-error.ts'
import type { CopyInRun } from './copy-in-run.ts'
import type { EngineStatementRun } from './engine-statement-run.ts'
import type { RunningCopyIn, RunningStatement } from './executor.ts'

/** Told of one run. */
export interface RunWatch {
  /** It runs no more, however it ended. May be told twice. */
  readonly over: () => void
  /** It failed; on record when this resolves. */
  readonly failed: (reason: unknown) => Promise<void>
  /** @throws GatewayError when its rows must not leave any more. */
  readonly recheck: () => void
}

/** @param signal Aborts when it is to stop. */
export function watchedRun(
  run: EngineStatementRun,
  signal: AbortSignal,
  watch: RunWatch,
): RunningStatement {
  const failed = async (thrown: unknown): Promise<unknown> => {
    watch.over()
    const reason = signal.aborted ? abortReason(signal, thrown) : thrown
    await watch.failed(reason)
    return reason
  }
  return {
    columns: run.columns,
    isRead: run.isRead,
    next: async () => {
      try {
        const event = await run.next()
        if (event.kind === 'frame') signal.throwIfAborted() // nothing leaves after a stop
        if (event.kind === 'complete') watch.over()
        return event
      } catch (thrown) {
        throw await failed(thrown)
      }
    },
    resume: (rowsMax) => run.resume(rowsMax),
    recheck: watch.recheck,
    close: async () => {
      if (signal.aborted) await failed(signal.reason)
      watch.over()
      await run.close()
    },
  }
}

/** As `watchedRun`, for rows that come in. */
export function watchedCopy(
  run: CopyInRun,
  signal: AbortSignal,
  { over, failed }: Pick<RunWatch, 'over' | 'failed'>,
): RunningCopyIn {
  return {
    table: run.table,
    columns: run.columns,
    signal,
    add: (batch) => run.add(batch),
    end: async () => {
      const end = await run.end()
      over()
      return end
    },
    fail: async (thrown) => {
      await run.settled()
      over()
      const reason = signal.aborted ? abortReason(signal, thrown) : thrown
      await failed(reason)
      return reason
    },
  }
}

/** Why a statement was stopped: the gateway's reason, or else the client's wish. */
export function abortReason(signal: AbortSignal, thrown: unknown): unknown {
  const { reason } = signal as { reason: unknown }
  if (reason instanceof GatewayError) return reason
  return new GatewayError('cancelled', 'canceling statement due to user request', { cause: thrown })
}
