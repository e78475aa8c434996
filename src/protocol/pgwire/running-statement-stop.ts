/** The one statement of a session that runs now, and the ways to stop it: cancel, time, the end. */
import { GatewayError } from '../../base/gateway-error.ts'

export class RunningStatementStop {
  #running: AbortController | undefined

  /**
   * Does `work` while `stop` can be pulled from outside.
   *
   * @param timeoutMs 0 = none.
   * @throws what `work` throws, or why it was stopped.
   */
  async during<T>(stop: AbortController, timeoutMs: number, work: () => Promise<T>): Promise<T> {
    this.#running = stop
    const timer = timeoutMs > 0 ? setTimeout(() => stop.abort(timedOut()), timeoutMs) : undefined
    try {
      return await work()
    } catch (thrown) {
      throw stop.signal.aborted && !(thrown instanceof GatewayError) ? stop.signal.reason : thrown
    } finally {
      clearTimeout(timer)
      this.#running = undefined
    }
  }

  /** Does nothing when no statement runs. */
  pull(reason: GatewayError): void {
    this.#running?.abort(reason)
  }
}

export function cancelledByClient(): GatewayError {
  return new GatewayError('cancelled', 'canceling statement due to user request')
}

function timedOut(): GatewayError {
  return new GatewayError('cancelled', 'canceling statement due to statement timeout')
}
