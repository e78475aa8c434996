/** A login that a door of drivers refused, for the audit. */
import type { SessionOrigin } from '../session/session.ts'

export interface LoginRefusal {
  /** As claimed; `(hidden)` where it may be a secret that was pasted into the wrong field. */
  readonly clientName: string
  /** The public part of the token that was sent, where one was. Proves nothing. */
  readonly tokenId?: string
  /** Undefined where it was refused before it was asked for. */
  readonly database: string | undefined
  readonly origin: SessionOrigin
  /** As the client is told; `cause` has the true reason. */
  readonly error: unknown
  readonly startedAt: Date
}
