/** A connection to the engine, as the main thread keeps it: who may use it, and what is open on it. */
import { AsyncMutex } from './async-mutex.ts'
import type { StatementCache } from './statement-cache.ts'

/** Whoever has a stream open on a connection. */
export interface StreamHolder {
  /** Puts the rest of the stream aside, so that the connection is free; the caller holds the lock. */
  putAside(signal: AbortSignal): Promise<void>
}

export class Connection {
  readonly address: bigint
  /** Held for every call on it; any second call would silently end its open stream. */
  readonly lock = new AsyncMutex()
  readonly statements: StatementCache
  /** Whose stream is open on it. Changed only under the lock. */
  portal: StreamHolder | undefined
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
