/**
 * The port through which console sessions outlive a restart. `storage` implements it;
 * `console-session-store-contract.ts` is what every store must pass.
 *
 * Apart from identity's own store, because sessions come, are seen and go without anybody deciding
 * on them. Rows hold digests, no secret. Times are ISO 8601, UTC.
 */
export interface ConsoleSessionStore {
  load(): Promise<ConsoleSessionRow[]>

  /** Inserts or replaces; on disk before the promise resolves. The user must exist. */
  put(row: ConsoleSessionRow): Promise<void>

  /** Unknown sessions are passed over. */
  touch(touches: readonly ConsoleSessionTouch[]): Promise<void>

  /** On disk before the promise resolves. Unknown ids are passed over. */
  remove(ids: readonly string[]): Promise<void>
}

export interface ConsoleSessionRow {
  /** Names the session for as long as it lives; no secret. */
  readonly id: string
  readonly userId: string
  /** Of the secret in the cookie, which changes during the session's life. */
  readonly digest: Uint8Array
  readonly createdAt: string
  readonly lastSeenAt: string
  /** When the user last proved to be one. */
  readonly provenAt: string
  readonly address: string
  readonly tool: string
}

export type ConsoleSessionTouch = Pick<ConsoleSessionRow, 'id' | 'lastSeenAt'>
