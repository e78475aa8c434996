/** One at a time, first come first served. Whoever waits may give up. */
import { GatewayError } from '../../base/gateway-error.ts'

export type Release = () => void

interface Waiter {
  take(): void
}

export class AsyncMutex {
  #held = false
  readonly #waiters: Waiter[] = []

  get busy(): boolean {
    return this.#held
  }

  /**
   * @returns what gives it back; calling that twice does nothing.
   * @throws GatewayError `cancelled` when `signal` aborts before its turn.
   */
  async acquire(signal?: AbortSignal): Promise<Release> {
    if (signal?.aborted) throw gaveUp()
    if (this.#held) await this.#turn(signal)
    this.#held = true
    let given = false
    return () => {
      if (given) return
      given = true
      const next = this.#waiters.shift()
      // stays held for the next one, so that nobody slips in between
      if (next) next.take()
      else this.#held = false
    }
  }

  async run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const release = await this.acquire(signal)
    try {
      return await work()
    } finally {
      release()
    }
  }

  async #turn(signal: AbortSignal | undefined): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const onAbort = (): void => {
        this.#waiters.splice(this.#waiters.indexOf(waiter), 1)
        reject(gaveUp())
      }
      const waiter = {
        take: () => {
          signal?.removeEventListener('abort', onAbort)
          resolve()
        },
      }
      this.#waiters.push(waiter)
      signal?.addEventListener('abort', onAbort, { once: true })
    })
  }
}

function gaveUp(): GatewayError {
  return new GatewayError('cancelled', 'the statement was cancelled')
}
