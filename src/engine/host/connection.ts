/** A connection to the engine, as the main thread keeps it: who may use it, and what is open on it. */
import { AsyncMutex } from './async-mutex.ts'
import type { HostPortal } from './host-portal.ts'
import type { StatementCache } from './statement-cache.ts'

export class Connection {
  readonly address: bigint
  /** Held for every call on it; any second call would silently end its open stream. */
  readonly lock = new AsyncMutex()
  readonly statements: StatementCache
  /** Whose stream is open on it. Changed only under the lock. */
  portal: HostPortal | undefined
  /** The worker that used it last, and so knows its statements. */
  worker: number | undefined

  disposed = false

  constructor(address: bigint, statements: StatementCache) {
    this.address = address
    this.statements = statements
  }

  get idle(): boolean {
    return !this.lock.busy && this.portal === undefined
  }
}
