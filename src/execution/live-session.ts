/** A session as those see it who watch over all of them: what runs in it, and how to stop that. */
import type { Session } from '../session/session.ts'

export interface LiveSession {
  readonly session: Session
  /** Stops the statements whose permits no longer hold. */
  recheck(): void
  /** Ends engine work and waits until it is gone. */
  close(reason: string): Promise<void>
  /** True while a statement runs or a transaction is open. */
  readonly busy: boolean
  /** From before they are authorized until their end was told; oldest first. */
  readonly statements: readonly LiveStatement[]
  /**
   * Stops a statement in the name of an administrator: its client gets `cancelled`.
   * @returns false when it does not run (any more).
   */
  cancel(queryId: number): boolean
}

export interface LiveStatement {
  /** Counts 1, 2, 3 … inside the session, as in the audit. */
  readonly queryId: number
  readonly text: string
  readonly startedAt: Date
  /** Given out so far. */
  readonly rows: number
}
