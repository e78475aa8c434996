/**
 * Sessions and statements of a while ago, for DESCRIBE SESSIONS and DESCRIBE SESSION QUERIES.
 *
 * Kept in memory and bounded: of a session its last statements, with texts cut, and of all sessions
 * together no more than a number of them; of sessions those that are open and the last ones that
 * ended. The audit has all of them, whole.
 */
import type { Principal } from '../identity/principal.ts'
import type { Session } from '../session/session.ts'
import type { StatementRecord } from './statement-record.ts'

const STATEMENTS_KEPT = 50
/** Some 10 MB, however many sessions there are. */
const STATEMENTS_KEPT_IN_ALL = 5_000
const ENDED_SESSIONS_KEPT = 300
const TEXT_LENGTH_KEPT = 1_000

export interface SessionRecord {
  readonly session: Pick<Session, 'id' | 'principal' | 'database' | 'origin' | 'startedAt'>
  readonly roleName: string
  readonly tool: string
  readonly status: 'Active' | 'Closed' | 'rejected'
  readonly endedAt: Date | undefined
  readonly rejectionReason: string | undefined
  /** Oldest first; those that ended. */
  readonly statements: readonly StatementRecord[]
}

type Kept = { -readonly [Member in keyof SessionRecord]: SessionRecord[Member] } & {
  statements: StatementRecord[]
}

export class SessionHistory {
  readonly #open = new Map<string, Kept>()
  /** Oldest first. */
  readonly #ended: Kept[] = []
  /** Whose they are; oldest first. */
  readonly #statements = new Map<StatementRecord, Kept>()

  /** Oldest first, those that ended before those that are open. */
  get sessions(): readonly SessionRecord[] {
    return [...this.#ended, ...this.#open.values()]
  }

  find(sessionId: string): SessionRecord | undefined {
    return this.#open.get(sessionId) ?? this.#ended.find(({ session }) => session.id === sessionId)
  }

  opened(session: Session, roleName: string): void {
    this.#open.set(session.id, keptOf(session, roleName, 'Active'))
  }

  closed({ id, settings, origin }: Session): void {
    const kept = this.#open.get(id)
    if (!kept) return
    this.#open.delete(id)
    this.#keep({
      ...kept,
      tool: settings.applicationName || origin.tool,
      status: 'Closed',
      endedAt: new Date(),
    })
  }

  rejected(session: Session, roleName: string, reason: string): void {
    const kept = keptOf(session, roleName, 'rejected')
    this.#open.delete(session.id)
    this.#keep({ ...kept, endedAt: new Date(), rejectionReason: reason })
  }

  ended(sessionId: string, record: StatementRecord): void {
    const kept = this.#open.get(sessionId)
    if (!kept) return
    const one = { ...record, text: shortened(record.text), locks: [] }
    kept.statements.push(one)
    this.#statements.set(one, kept)
    if (kept.statements.length > STATEMENTS_KEPT) this.#forgetOldestOf(kept)
    if (this.#statements.size <= STATEMENTS_KEPT_IN_ALL) return
    const [oldest] = this.#statements.values()
    if (oldest) this.#forgetOldestOf(oldest)
  }

  #forgetOldestOf({ statements }: Kept): void {
    const oldest = statements.shift()
    if (oldest) this.#statements.delete(oldest)
  }

  #keep(kept: Kept): void {
    this.#ended.push(kept)
    if (this.#ended.length <= ENDED_SESSIONS_KEPT) return
    for (const statement of this.#ended.shift()?.statements ?? [])
      this.#statements.delete(statement)
  }
}

/** Whether both are the same client, the same user, or both local. */
export function isSamePrincipal(one: Principal, other: Principal): boolean {
  if (one.kind === 'client') return other.kind === 'client' && one.clientId === other.clientId
  if (one.kind === 'user') return other.kind === 'user' && one.userId === other.userId
  return other.kind === 'local'
}

/** A copy: a part of a text keeps all of it in memory, and that may be a megabyte. */
function shortened(text: string): string {
  const copy = Buffer.from(text.slice(0, TEXT_LENGTH_KEPT)).toString()
  return text.length > TEXT_LENGTH_KEPT ? `${copy}…` : copy
}

/** Without the session itself, which holds more than is to be kept. */
function keptOf(session: Session, roleName: string, status: SessionRecord['status']): Kept {
  const { id, principal, database, origin, startedAt, settings } = session
  return {
    session: { id, principal, database, origin, startedAt },
    roleName,
    tool: settings.applicationName || origin.tool,
    status,
    endedAt: undefined,
    rejectionReason: undefined,
    statements: [],
  }
}
