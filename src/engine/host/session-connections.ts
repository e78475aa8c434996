/**
 * The connections of one session in the host: its home, and those that it borrows for reads beside it.
 *
 * A connection carries nothing over from one statement to the next outside a transaction. So a home
 * connection that is busy with a read when a transaction begins is left to that read, and another
 * takes its place. Temporary tables end that freedom: their session keeps its home.
 */
import type { Release } from './async-mutex.ts'
import type { Connection } from './connection.ts'
import type { HostContext } from './host-context.ts'

/** A connection that the caller holds the lock of. */
export interface HeldConnection {
  readonly connection: Connection
  readonly release: Release
}

/** Beside the home connection, kept open for the next read that needs one. */
const SPARE_CONNECTIONS_MAX = 1

export class SessionConnections {
  readonly #context: Pick<HostContext, 'openConnection' | 'disposeConnection'>
  readonly #spare: Connection[] = []
  #home: Connection
  #closed = false

  constructor(context: Pick<HostContext, 'openConnection' | 'disposeConnection'>) {
    this.#context = context
    this.#home = context.openConnection()
  }

  get home(): Connection {
    return this.#home
  }

  /** For a read with a snapshot of its own: the home connection where that is idle, else another. */
  async takeAny(signal: AbortSignal): Promise<HeldConnection> {
    const connection = this.#home.idle ? this.#home : this.#another()
    return { connection, release: await connection.lock.acquire(signal) }
  }

  /**
   * The home connection, with no stream open on it.
   * @param isTied False: nothing ties the session to this one, and where it is busy another becomes
   *        its home.
   */
  async takeHome(signal: AbortSignal, isTied: boolean): Promise<HeldConnection> {
    if (!isTied && !this.#home.idle) this.#home = this.#another() // the read keeps its own
    const connection = this.#home
    const release = await connection.lock.acquire(signal)
    try {
      await connection.portal?.putAside(signal)
    } catch (error) {
      release()
      throw error
    }
    return { connection, release }
  }

  /** Another home, without what the old one holds. The caller has that one, and disposes of it. */
  renewHome(): void {
    this.#home = this.#context.openConnection()
  }

  /** After its lock was released. One that is still busy is given back again when it is not. */
  giveBack(connection: Connection): void {
    if (connection === this.#home || !connection.idle || this.#spare.includes(connection)) return
    if (!this.#closed && this.#spare.length < SPARE_CONNECTIONS_MAX) this.#spare.push(connection)
    else this.#context.disposeConnection(connection)
  }

  /** From now on what is given back is closed. */
  noMore(): void {
    this.#closed = true
  }

  /** Waits for the home connection, and closes it and the idle ones. */
  async close(): Promise<void> {
    const release = await this.#home.lock.acquire()
    release()
    for (const connection of [this.#home, ...this.#spare]) {
      this.#context.disposeConnection(connection)
    }
  }

  #another(): Connection {
    return this.#spare.pop() ?? this.#context.openConnection()
  }
}
