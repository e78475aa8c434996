/** A session as those see it who watch over all of them: what runs in it, and how to stop that. */
import type { Session } from '../session/session.ts'
import type { HeldLock, StatementRecord } from './statement-record.ts'

export interface LiveSession {
  readonly session: Session
  /** Stops the statements whose permits no longer hold. */
  recheck(): void
  /** Ends engine work and waits until it is gone. */
  close(reason: string): Promise<void>
  /** True while a statement runs or a transaction is open. */
  readonly busy: boolean
  /** From before they are authorized until their end was told; oldest first. */
  readonly statements: readonly StatementRecord[]
  /** Of the writes that run, and of those before them in an open transaction. */
  readonly locks: readonly HeldLock[]
  /**
   * Stops a statement: its client gets `cancelled`.
   * @returns false when it does not run (any more).
   */
  cancel(queryId: number, why: 'user request' | 'administrator command'): boolean
}
