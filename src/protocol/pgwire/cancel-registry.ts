/**
 * The keys with which a second connection may cancel a running statement.
 *
 * A key is a process id and a secret of 32 bits each, both random, so that somebody who is not
 * told them has to hit 63 bits; a CancelRequest gets no answer either way.
 */
import { randomInt, timingSafeEqual } from 'node:crypto'
import type { CancelKey } from './codec/session-messages.ts'

interface Entry {
  readonly secret: Buffer
  cancel(): void
}

const ID_END = 2 ** 31
const SECRET_END = 2 ** 32

export class CancelRegistry {
  readonly #entries = new Map<number, Entry>()

  add(cancel: () => void): CancelKey {
    let processId = 0
    do processId = randomInt(1, ID_END)
    while (this.#entries.has(processId))
    const secret = randomInt(SECRET_END) | 0
    this.#entries.set(processId, { secret: bytesOf(secret), cancel })
    return { processId, secret }
  }

  remove(key: CancelKey): void {
    this.#entries.delete(key.processId)
  }

  /** Cancels what the key's session runs now; a key that does not fit does nothing. */
  cancel(key: CancelKey): boolean {
    const entry = this.#entries.get(key.processId)
    // Compared also without an entry, so that both take the same time.
    const fits = timingSafeEqual(entry?.secret ?? NOBODY, bytesOf(key.secret))
    if (!entry || !fits) return false
    entry.cancel()
    return true
  }
}

const NOBODY = Buffer.alloc(4)

function bytesOf(secret: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(secret)
  return bytes
}
