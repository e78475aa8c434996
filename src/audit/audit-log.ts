/** The port of the audit: append-only, chained, complete. `storage` implements it. */
import type { Emitter } from '../base/emitter.ts'
import type { GatewayError } from '../base/gateway-error.ts'
import type { AuditEvent, AuditRecord } from './audit-event.ts'

/**
 * `written`: handed to the operating system before the promise resolves, on disk within a second.
 * `flushed`: on disk before the promise resolves. Appends share one flush (group commit).
 */
export type Durability = 'written' | 'flushed'

export interface AuditLog {
  /**
   * Told of each record when it is written, in the order of their sequences. A listener is called
   * while others wait for the audit: it must not do more than remember.
   */
  readonly appended: Emitter<AuditRecord>
  /**
   * Why nothing that changes anything may begin: it might not get on record. Undefined: it may. To
   * be asked before an act; what has begun is still recorded as long as there is any room.
   */
  readonly refusal: GatewayError | undefined
  /** @throws when the event could not be recorded: the caller must then refuse the act. */
  append(event: AuditEvent, durability: Durability): Promise<void>
  /** Newest first. Does not block the event loop, however many records are read. */
  search(filter: AuditFilter): AsyncIterable<AuditRecord>
  /** As `search`, and now and then how far back it has read, also while it finds nothing. */
  searchSteps(filter: AuditFilter): AsyncIterable<AuditSearchStep>
  verify(): Promise<AuditVerification>
  stop(): Promise<void>
}

/** Filters that are absent do not restrict. Times are ISO 8601; `from` inclusive, `to` exclusive. */
export interface AuditFilter {
  readonly from?: string
  readonly to?: string
  readonly usernames?: readonly string[]
  readonly sessionIds?: readonly string[]
  readonly queryIds?: readonly number[]
  readonly outcomes?: readonly AuditEvent['outcome'][]
  /** BLUE's words (`blue-status.ts`), in any case. */
  readonly statuses?: readonly string[]
  readonly categories?: readonly string[]
  readonly actions?: readonly string[]
  /** SQL LIKE patterns (`%`, `_`) on details and error. */
  readonly detailsLike?: string
  readonly errorLike?: string
  readonly initiatedBy?: readonly string[]
  readonly limit?: number
}

export interface AuditSearchStep {
  /** Found in this step; often none. */
  readonly records: readonly AuditRecord[]
  /** ISO 8601; everything newer was looked at. Absent before the first record was read. */
  readonly readBackTo?: string
}

export type AuditVerification =
  | {
      readonly ok: true
      readonly records: number
      readonly segments: number
      readonly head: string
    }
  | {
      readonly ok: false
      readonly segment: string
      readonly line: number
      readonly problem: string
    }
