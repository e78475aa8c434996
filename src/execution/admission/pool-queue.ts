/**
 * Places and a queue: so many run at once, the others wait, first come, first served.
 *
 * A place is taken by `enter` or granted by `wait`, and given back by `leave`, once for each.
 */
import type { GatewayError } from '../../base/gateway-error.ts'

interface Waiter {
  admit(): void
  refuse(error: GatewayError): void
}

export interface WaitOptions {
  /** Undefined: as long as it takes. */
  readonly waitMs: number | undefined
  /** The error when that is over. */
  readonly tooLong: () => GatewayError
}

export class PoolQueue {
  #places: number
  #running = 0
  /** In the order in which they came. */
  readonly #waiters = new Set<Waiter>()

  /** @param places Infinity: nobody waits. */
  constructor(places: number) {
    this.#places = places
  }

  get running(): number {
    return this.#running
  }

  get waiting(): number {
    return this.#waiters.size
  }

  /** More places let those in who wait; fewer send nobody away. */
  resize(places: number): void {
    this.#places = places
    this.#admit()
  }

  /** Takes a place if there is one; nobody who waits is passed over. */
  enter(): boolean {
    if (this.#running >= this.#places || this.#waiters.size > 0) return false
    this.#running += 1
    return true
  }

  /**
   * Waits for a place, and has it then.
   * @throws the signal's reason, or `tooLong`: it has left the queue by then.
   */
  async wait({ waitMs, tooLong }: WaitOptions, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    if (waitMs === 0) throw tooLong()
    const { promise, resolve, reject } = Promise.withResolvers<undefined>()
    const waiter: Waiter = { admit: () => resolve(undefined), refuse: reject }
    const refuse = (error: unknown): void => {
      if (this.#waiters.delete(waiter)) reject(error as Error)
    }
    const onAbort = (): void => refuse(signal.reason)
    const timer =
      waitMs === undefined ? undefined : setTimeout(() => refuse(tooLong()), waitMs).unref()
    signal.addEventListener('abort', onAbort, { once: true })
    this.#waiters.add(waiter)
    try {
      await promise
    } finally {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
    }
  }

  leave(): void {
    this.#running -= 1
    this.#admit()
  }

  /** Sends all away who wait; those who run stay. */
  close(error: GatewayError): void {
    for (const waiter of this.#waiters) waiter.refuse(error)
    this.#waiters.clear()
  }

  #admit(): void {
    for (const waiter of this.#waiters) {
      if (this.#running >= this.#places) return
      this.#waiters.delete(waiter)
      this.#running += 1
      waiter.admit()
    }
  }
}
