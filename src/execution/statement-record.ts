/** A statement as those see it who watch: how far it is, or how it ended. */
import type { AuditEvent } from '../audit/audit-event.ts'

/** BLUE's words. */
export type StatementStatus =
  | 'COMPILING'
  | 'QUEUED'
  | 'EXECUTING'
  | 'FETCHING_RESULTS'
  | 'EXECUTION_SUCCEED'
  | 'EXECUTION_FAILED'
  | 'COMPILATION_FAILED'
  | 'ABORTED'

export interface StatementRecord {
  /** Counts 1, 2, 3 … inside the session, as in the audit. */
  readonly queryId: number
  readonly status: StatementStatus
  readonly category: AuditEvent['category']
  readonly text: string
  readonly roleName: string
  readonly startedAt: Date
  /** Undefined while it runs. */
  readonly endedAt: Date | undefined
  /** Up to now, or to its end; and the parts of it, in milliseconds. */
  readonly durationMs: number
  readonly queuedMs: number
  readonly compilationMs: number
  readonly executionMs: number
  /** Given out so far. */
  readonly rows: number
  readonly bytes: number
  /** How the tool calls itself. */
  readonly tool: string
  readonly error: string | undefined
  /** Undefined: beside all pools. */
  readonly pool: string | undefined
  readonly locks: readonly HeldLock[]
}

/** What a write holds on an object until its transaction ends. */
export interface HeldLock {
  /** `database$schema$table`. */
  readonly object: string
  readonly mode: 'Inclusive' | 'Exclusive'
  readonly since: Date
  readonly statement: { readonly queryId: number; readonly text: string; readonly startedAt: Date }
}
