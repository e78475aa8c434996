/**
 * A session and its lanes: what can go on in it side by side.
 *
 * A lane is an executor with a transaction of its own. Most protocols have one conversation in a
 * session, and so one lane; one that runs several statements of a session at the same time opens
 * more. Settings, places in pools and numbers of statements are the session's.
 */
import type { AuditLog } from '../audit/audit-log.ts'
import type { Log } from '../base/log.ts'
import type { Identity } from '../identity/identity.ts'
import type { Session } from '../session/session.ts'
import type { LiveSession } from './live-session.ts'
import { roleNameOf } from './role-name-of.ts'
import type { SessionExecutor } from './session-executor.ts'
import { sessionFields } from './statement-account.ts'
import type { HeldLock, StatementRecord } from './statement-record.ts'

export interface SessionLanesParts {
  readonly session: Session
  readonly audit: Pick<AuditLog, 'append'>
  readonly identity: Pick<Identity, 'authority'>
  readonly log: Log
  /** Makes another lane. @throws GatewayError when the engine has no room. */
  readonly openLane: (lanes: SessionLanes) => Promise<SessionExecutor>
  /** Told once, when all is closed. */
  readonly onClosed: () => void
}

export class SessionLanes implements LiveSession {
  readonly session: Session
  readonly #parts: SessionLanesParts
  readonly #lanes = new Set<SessionExecutor>()
  #closing: Promise<void> | undefined

  constructor(parts: SessionLanesParts) {
    this.session = parts.session
    this.#parts = parts
    parts.session.ended.on((reason) => {
      for (const lane of this.#lanes) lane.stopAll(reason)
      void this.close(reason.message)
    })
  }

  /** @throws GatewayError why there is none. */
  async openLane(): Promise<SessionExecutor> {
    const lane = await this.#parts.openLane(this)
    this.#lanes.add(lane)
    if (this.#closing) {
      await lane.leave()
      throw this.session.endReason ?? new Error('a session that is over opens nothing')
    }
    return lane
  }

  get busy(): boolean {
    return [...this.#lanes].some((lane) => lane.busy)
  }

  get statements(): readonly StatementRecord[] {
    return [...this.#lanes].flatMap((lane) => lane.statements).sort(byNumber)
  }

  get locks(): readonly HeldLock[] {
    return [...this.#lanes].flatMap((lane) => lane.locks)
  }

  cancel(queryId: number, why: 'user request' | 'administrator command'): boolean {
    return [...this.#lanes].some((lane) => lane.cancel(queryId, why))
  }

  recheck(): void {
    for (const lane of this.#lanes) lane.recheck()
  }

  async close(reason: string): Promise<void> {
    this.#closing ??= this.#close(reason)
    await this.#closing
  }

  async #close(reason: string): Promise<void> {
    const { session, audit, identity, log, onClosed } = this.#parts
    try {
      await Promise.all([...this.#lanes].map((lane) => lane.leave()))
      await audit.append(
        {
          ...sessionFields(session, roleNameOf(identity, session.principal.roleId)),
          category: 'SESSION',
          action: 'session_end',
          outcome: 'succeeded',
          details: reason,
          durationMs: Date.now() - session.startedAt.getTime(),
          startedAt: session.startedAt.toISOString(),
        },
        'written',
      )
    } catch (error) {
      log.error({ error, session: session.id }, 'closing a session failed')
    } finally {
      onClosed()
    }
  }
}

function byNumber(one: StatementRecord, other: StatementRecord): number {
  return one.queryId - other.queryId
}
