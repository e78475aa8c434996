/**
 * Keeps definitions still while a statement is bound.
 *
 * A permit was checked against one version of the definitions. Between the look at that version and
 * the end of binding nobody may commit definitions, or the engine would bind names to other objects
 * than the gate saw (security design, "Time of check / time of use"). So binding holds this lock
 * shared, and the commit of definitions holds it alone.
 *
 * Binding begins on the main thread, when a worker is found, and ends in the worker, in the middle
 * of a synchronous call: hence a counter in shared memory, and no messages.
 */
import { AsyncMutex } from './async-mutex.ts'

export class BindLock {
  readonly shared: Int32Array<SharedArrayBuffer>
  readonly #turns = new AsyncMutex()
  readonly #onFree: () => void
  #alone = false

  /** `onFree`: binding may begin again. */
  constructor(onFree: () => void) {
    this.shared = new Int32Array(new SharedArrayBuffer(4))
    this.#onFree = onFree
  }

  /** False while somebody holds it alone, or waits to. */
  get open(): boolean {
    return !this.#alone
  }

  /** Main thread: a worker is about to bind. It, and only it, calls `leaveBinding`. */
  enterBinding(): void {
    Atomics.add(this.shared, 0, 1)
  }

  /** Runs `work` while nobody binds, and lets nobody begin. */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    return await this.#turns.run(async () => {
      this.#alone = true
      try {
        await this.#untilNobodyBinds()
        return await work()
      } finally {
        this.#alone = false
        this.#onFree()
      }
    })
  }

  async #untilNobodyBinds(): Promise<void> {
    for (;;) {
      const binding = Atomics.load(this.shared, 0)
      if (binding === 0) return
      const waited = Atomics.waitAsync(this.shared, 0, binding)
      if (waited.async) await waited.value
    }
  }
}

/** In the worker: the statement is bound, or failed before it was. */
export function leaveBinding(shared: Int32Array): void {
  Atomics.sub(shared, 0, 1)
  Atomics.notify(shared, 0)
}
