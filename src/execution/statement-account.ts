/**
 * The record of one statement in the audit: what was asked, what came of it, how much, how long.
 *
 * A statement whose whole answer leaves in one piece is recorded once, before that piece is given
 * out. A longer one is recorded when its first rows are about to leave, and again at its end: what
 * was read stays on record even if the gateway dies in the middle.
 */
import type { AuditEvent } from '../audit/audit-event.ts'
import type { AuditLog, Durability } from '../audit/audit-log.ts'
import { toGatewayError } from '../base/gateway-error.ts'
import { principalName } from '../identity/principal.ts'
import type { Requirement } from '../identity/permission.ts'
import type { Session } from '../session/session.ts'
import { writtenText } from '../sql/statement.ts'
import type { EngineStatement, Statement } from '../sql/statement.ts'
import { LimitError } from './admission/limit-error.ts'
import type { HeldLock, StatementRecord, StatementStatus } from './statement-record.ts'

export class StatementAccount {
  readonly statement: Statement
  readonly #audit: Pick<AuditLog, 'append'>
  /** What it holds of others, once it writes. */
  locks: readonly HeldLock[] = []
  readonly #session: Session
  readonly #roleName: string
  readonly #queryId: number
  readonly #startedAt = new Date()
  readonly #startedMs = performance.now()
  readonly #onEnd: (record: StatementRecord) => void
  #entered: { readonly atMs: number } | undefined
  #end: { readonly atMs: number; readonly at: Date; readonly status: StatementStatus } | undefined
  #error: string | undefined
  #requires: readonly Requirement[] = []
  #objects: readonly string[] | undefined
  #rows = 0
  #bytes = 0
  #finished = false
  #waitsSinceMs: number | undefined
  #queuedMs = 0
  #pool: string | undefined

  constructor(
    audit: Pick<AuditLog, 'append'>,
    session: Session,
    roleName: string,
    { statement, queryId }: { readonly statement: Statement; readonly queryId: number },
    onEnd: (record: StatementRecord) => void,
  ) {
    this.#audit = audit
    this.#session = session
    this.#roleName = roleName
    this.statement = statement
    this.#onEnd = onEnd
    this.#queryId = queryId
  }

  /** Remembers what the statement touches, and what must be held for as long as it runs. */
  touches(requirements: readonly Requirement[]): void {
    this.#requires = requirements
    const own = requirements.filter(({ holder }) => holder === undefined)
    this.#objects = own.map(describeRequirement)
  }

  /** Nothing before it is authorized. */
  get requires(): readonly Requirement[] {
    return this.#requires
  }

  /** It stands in line for its turn in this pool. */
  waitsIn(pool: string): void {
    this.#pool = pool
    this.#waitsSinceMs = performance.now()
  }

  /** It goes to the engine. @param pool undefined: beside all of them. */
  runsIn(pool: string | undefined): void {
    this.#pool = pool
    this.#queuedMs = this.#waitedMs
    this.#waitsSinceMs = undefined
    this.#entered = { atMs: performance.now() }
  }

  /** Up to now. */
  get #waitedMs(): number {
    const since = this.#waitsSinceMs
    return since === undefined ? this.#queuedMs : performance.now() - since
  }

  /** For those who watch: as it is now, or as it was at its end. */
  get record(): StatementRecord {
    const { origin, settings } = this.#session
    const nowMs = this.#end?.atMs ?? performance.now()
    const durationMs = nowMs - this.#startedMs
    const executionMs = this.#entered ? nowMs - this.#entered.atMs : 0
    const queuedMs = this.#waitedMs
    return {
      queryId: this.#queryId,
      status: this.#end?.status ?? this.#progress,
      category: categoryOf(this.statement),
      text: recordedText(this.statement),
      roleName: this.#roleName,
      startedAt: this.#startedAt,
      endedAt: this.#end?.at,
      durationMs,
      queuedMs,
      compilationMs: Math.max(durationMs - executionMs - queuedMs, 0),
      executionMs,
      rows: this.#rows,
      bytes: this.#bytes,
      tool: settings.applicationName || origin.tool,
      error: this.#error,
      pool: this.#pool,
      locks: this.locks,
    }
  }

  get #progress(): StatementStatus {
    if (this.#waitsSinceMs !== undefined) return 'QUEUED'
    if (!this.#entered) return 'COMPILING'
    return this.#rows > 0 ? 'FETCHING_RESULTS' : 'EXECUTING'
  }

  gave(rows: number, bytes: number): void {
    this.#rows += rows
    this.#bytes += bytes
  }

  /** Before the first rows of a longer answer leave. */
  async started(): Promise<void> {
    await this.#audit.append(this.#event('statement_started', 'succeeded'), 'written')
  }

  async succeeded(durability: Durability): Promise<void> {
    await this.#finish({ outcome: 'succeeded' }, durability)
  }

  /**
   * Never throws: the statement has failed already, and that error is the one to tell.
   *
   * @param missingGrants Statements that would have allowed it, for administrators.
   */
  async failed(
    thrown: unknown,
    outcome: 'failed' | 'refused',
    missingGrants: readonly string[] = [],
  ): Promise<void> {
    const error = toGatewayError(thrown)
    const stopped = error.kind === 'cancelled' || error.kind === 'admin_shutdown'
    const ended = stopped ? 'cancelled' : outcome
    this.#error = error.message // as it was told: the cause is for the audit alone
    const cause = error.cause instanceof Error ? error.cause.message : error.cause
    const reason = typeof cause === 'string' ? ` (${cause})` : ''
    await this.#finish(
      {
        outcome: ended,
        error: `${error.kind}: ${error.message}${reason}`,
        ...(thrown instanceof LimitError && { limit: thrown.limit }),
        ...(missingGrants.length > 0 && { missingGrants }),
      },
      'written',
    ).catch(() => undefined)
  }

  /** After a failure was told: what would have allowed the statement, in a record of its own. */
  async explained(missingGrants: readonly string[]): Promise<void> {
    const event = this.#event('refusal_explained', 'refused')
    await this.#audit.append({ ...event, missingGrants }, 'written')
  }

  async #finish(
    end: Pick<AuditEvent, 'outcome' | 'error' | 'limit' | 'missingGrants'>,
    durability: Durability,
  ): Promise<void> {
    if (this.#finished) return
    this.#finished = true
    this.#end = { atMs: performance.now(), at: new Date(), status: this.#endStatus(end.outcome) }
    this.#onEnd(this.record)
    await this.#audit.append({ ...this.#event('statement', end.outcome), ...end }, durability)
  }

  #endStatus(outcome: AuditEvent['outcome']): StatementStatus {
    if (outcome === 'succeeded') return 'EXECUTION_SUCCEED'
    if (outcome === 'cancelled') return 'ABORTED'
    return this.#entered ? 'EXECUTION_FAILED' : 'COMPILATION_FAILED'
  }

  #event(action: string, outcome: AuditEvent['outcome']): AuditEvent {
    return {
      ...sessionFields(this.#session, this.#roleName),
      category: categoryOf(this.statement),
      action,
      outcome,
      queryId: this.#queryId,
      details: recordedText(this.statement),
      ...(this.#objects && { objects: this.#objects }),
      rows: this.#rows,
      bytes: this.#bytes,
      ...(this.#pool !== undefined && { pool: this.#pool }),
      ...(this.#waitedMs > 0 && { queuedMs: Math.round(this.#waitedMs * 1000) / 1000 }),
      durationMs: Math.round((performance.now() - this.#startedMs) * 1000) / 1000,
      startedAt: this.#startedAt.toISOString(),
    }
  }
}

/** The fields that every event of a session bears. */
export function sessionFields(
  session: Session,
  roleName: string,
): Omit<AuditEvent, 'category' | 'action' | 'outcome' | 'startedAt'> {
  const { principal, origin } = session
  return {
    username: principalName(principal),
    ...(principal.kind === 'client' && {
      clientId: principal.clientId,
      tokenId: principal.tokenId,
    }),
    roleName,
    sessionId: session.id,
    address: origin.address,
    clientVersion: session.settings.applicationName || origin.tool,
    door: origin.door,
    initiatedBy: initiatorOf(origin),
  }
}

/** BLUE's word for where a session comes from. */
export function initiatorOf({
  door,
  initiatedBy,
}: Pick<Session['origin'], 'door' | 'initiatedBy'>): 'CLI' | 'External' | 'Jobs' {
  return initiatedBy ?? (door === 'local' ? 'CLI' : 'External')
}

/** What the client wrote: of a prepared statement that EXECUTE runs both texts, in the form of PREPARE. */
function recordedText(statement: Statement): string {
  const text = writtenText(statement)
  return statement.executedBy === undefined ? text : `${statement.executedBy} AS ${text}`
}

function describeRequirement({ permission, name, columns }: Requirement): string {
  return `${permission} on ${name}${columns ? `(${columns.join(', ')})` : ''}`
}

const CATEGORY_OF_FORM: Record<EngineStatement['form'], AuditEvent['category']> = {
  select: 'SELECT',
  copy_out: 'SELECT',
  copy_in: 'INSERT',
  execute: 'SELECT',
  explain: 'SELECT',
  insert: 'INSERT',
  update: 'UPDATE',
  delete: 'DELETE',
  merge: 'UPDATE',
  truncate: 'DELETE',
  create_table: 'DDL',
  create_view: 'DDL',
  create_foreign_table: 'DDL',
  alter_table: 'DDL',
  alter_view: 'DDL',
  alter_foreign_table: 'DDL',
  create_schema: 'DDL',
  drop_table: 'DDL',
  create_index: 'DDL',
  drop_index: 'DDL',
  drop_view: 'DDL',
  drop_foreign_table: 'DDL',
  drop_schema: 'DDL',
  create_sequence: 'DDL',
  drop_sequence: 'DDL',
  create_function: 'DDL',
  drop_function: 'DDL',
}

function categoryOf(statement: Statement): AuditEvent['category'] {
  switch (statement.kind) {
    case 'engine':
      return CATEGORY_OF_FORM[statement.form]
    case 'load':
      if (statement.step !== 'store') return 'SELECT'
      return statement.target.mode === 'append' ? 'INSERT' : 'DDL'
    case 'begin':
    case 'commit':
    case 'rollback':
    case 'set_transaction':
      return 'TRANSACTION'
    case 'set':
    case 'show':
    case 'reset':
    case 'use_pool':
    case 'use':
      return 'SETTING'
    case 'create_database':
    case 'drop_database':
    case 'save_query':
    case 'drop_saved_query':
      return 'DDL'
    case 'create_role':
    case 'drop_role':
    case 'rename_role':
    case 'grant_cluster':
    case 'revoke_cluster':
    case 'grant_permissions':
    case 'revoke_permissions':
    case 'grant_roles':
    case 'revoke_roles':
    case 'alter_default_permissions':
    case 'alter_default_schema':
      return 'ROLE'
    case 'describe_roles':
    case 'describe_role_permissions':
    case 'describe_connect_permissions':
    case 'statement_permissions':
    case 'role_permissions':
    case 'role_ddl':
    case 'definition_query':
    case 'describe_pools':
    case 'describe_sessions':
    case 'describe_session_queries':
    case 'describe_query':
    case 'describe_locks':
    case 'describe_saved_queries':
    case 'describe_saved_query':
    case 'recompile_saved_query':
    case 'execute_saved_query':
      return 'DESCRIBE'
    case 'abort_statement':
      return 'SESSION'
    case 'auditlog':
      return 'AUDITLOG'
    case 'discard':
    case 'prepare':
    case 'deallocate':
    case 'close_cursor':
    case 'listen':
    case 'unsupported':
      return 'OTHER'
  }
}
