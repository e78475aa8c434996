/**
 * A statement that runs in the engine: its frames on the way out, and what must happen around them.
 *
 * The end of a write is told only when what belongs to it is done: the default permissions on a new
 * object, the transaction's new definitions, the record in the audit.
 */
import { present } from '../base/assert.ts'
import type { Schema } from '../columnar/column-type.ts'
import type { EnginePortal, PortalEvent } from '../engine/engine.ts'
import { givesRows } from '../identity/permit.ts'
import type { Permit, WriteTag } from '../identity/permit.ts'
import type { StatementAdmission } from './admission/statement-admission.ts'
import { withoutHiddenValues } from './beneath-views.ts'
import { createdObjects } from './created-objects.ts'
import type { SessionContext } from './execution-context.ts'
import type { Notice, RunningStatement, StatementEvent } from './executor.ts'
import { withRecord } from './find-record.ts'
import type { StatementAccount } from './statement-account.ts'

export class EngineStatementRun implements Omit<RunningStatement, 'recheck'> {
  readonly columns: Schema | undefined
  readonly permit: Permit
  readonly #context: SessionContext
  readonly #portal: EnginePortal
  readonly #account: StatementAccount
  readonly #admission: StatementAdmission
  /** The event after the one given out last, when it was looked at already. */
  #ahead: Promise<PortalEvent> | undefined
  #announced = false
  #rowsSinceResume = 0
  #rows = 0
  #over = false

  constructor(
    context: SessionContext,
    permit: Permit,
    portal: EnginePortal,
    { account, admission }: { account: StatementAccount; admission: StatementAdmission },
  ) {
    this.#context = context
    this.permit = permit
    this.#portal = portal
    this.#account = account
    this.#admission = admission
    this.columns = givesRows(permit) ? portal.columns : undefined
  }

  get isRead(): boolean {
    return this.permit.action.kind === 'read'
  }

  async next(): Promise<StatementEvent> {
    const event = await this.#take()
    switch (event.kind) {
      case 'frame':
        this.#admission.gave(event.rows, event.bytes.length)
        this.#account.gave(event.rows, event.bytes.length)
        this.#rowsSinceResume += event.rows
        this.#rows += event.rows
        if (!this.#announced) await this.#announceUnlessOver()
        return event
      case 'suspended':
        return event
      case 'complete': {
        if (!this.isRead) this.#account.gave(event.count ?? 0, 0)
        await this.#finish()
        return { kind: 'complete', tag: this.#tag(event.count), notices: this.#notices() }
      }
    }
  }

  resume(rowsMax: number): void {
    this.#rowsSinceResume = 0
    this.#portal.resume(rowsMax)
  }

  async close(): Promise<void> {
    this.#over = true
    this.#ahead?.catch(() => undefined)
    await this.#portal.close()
    await this.#account.succeeded('written').catch(() => undefined)
  }

  async #take(): Promise<PortalEvent> {
    const event = this.#ahead ?? this.#portal.next()
    this.#ahead = undefined
    try {
      return await event
    } catch (thrown) {
      const placed = await withRecord(thrown, this.permit, this.#context)
      throw withoutHiddenValues(placed, this.permit)
    }
  }

  /** A long answer goes on record before its first rows leave; a short one at its end, just as early. */
  async #announceUnlessOver(): Promise<void> {
    this.#announced = true
    const ahead = this.#portal.next()
    this.#ahead = ahead
    const next = await Promise.race([ahead, soon()]).catch(() => undefined)
    if (next?.kind === 'complete' && !this.#over) await this.#account.succeeded('written')
    else await this.#account.started()
  }

  async #finish(): Promise<void> {
    const { action } = this.permit
    await this.#context.transaction.afterStatement(this.permit)
    if (action.kind === 'define') await this.#grantDefaults(action.registers.map(({ id }) => id))
    await this.#account.succeeded('written')
  }

  /** What the default permissions give on new objects: stored before the commit that makes them. */
  async #grantDefaults(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return
    const { identity, session, transaction } = this.#context
    const defined = present(
      transaction.overlay,
      'definitions of the transaction that made an object',
    )
    await identity.grantDefaults(session.principal.roleId, createdObjects(new Set(ids), defined))
  }

  #notices(): readonly Notice[] {
    const { action } = this.permit
    if (action.kind !== 'define') return []
    const { notices = [] } = action
    return notices.map((message) => ({ severity: 'NOTICE', code: '00000', message }))
  }

  #tag(count: number | undefined): string {
    const { action } = this.permit
    switch (action.kind) {
      case 'read':
        return `SELECT ${this.#rowsSinceResume}`
      case 'write':
        return writeTag(action.tag, action.returning ? this.#rows : (count ?? 0))
      case 'define':
        return action.countsRows ? `SELECT ${count ?? 0}` : action.tag
    }
  }
}

/** As PostgreSQL has them: INSERT with the number of an object that no table has any more. */
function writeTag(tag: WriteTag, rows: number): string {
  if (tag === 'TRUNCATE TABLE') return tag
  return tag === 'INSERT' ? `INSERT 0 ${rows}` : `${tag} ${rows}`
}

/** Gives what is on its way already a chance to arrive, without waiting for more. */
async function soon(): Promise<undefined> {
  return await new Promise((resolve) => setImmediate(resolve, undefined))
}
