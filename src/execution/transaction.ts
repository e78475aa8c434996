/**
 * The transaction of one session, on the engine's side: begun for real, committed only while every
 * right that its statements used is still held.
 *
 * `implicit` is the one around a query string or a pipeline outside BEGIN. It begins with the first
 * write: reads outside a transaction each have their own snapshot.
 */
import { GatewayError } from '../base/gateway-error.ts'
import { buildSnapshot } from '../catalog/build-snapshot.ts'
import type { CatalogSnapshot } from '../catalog/catalog-snapshot.ts'
import type { EngineSession, Isolation } from '../engine/engine.ts'
import type { Identity } from '../identity/identity.ts'
import type { Permit } from '../identity/permit.ts'
import type { Requirement } from '../identity/permission.ts'
import type { Session } from '../session/session.ts'
import { lostRequirement } from './held-rights.ts'

export type CommitOutcome = 'committed' | 'rolled_back'

export class Transaction {
  readonly #session: Session
  readonly #engine: EngineSession
  readonly #identity: Pick<Identity, 'authority' | 'cutOff' | 'forgetObjects' | 'underWay'>
  #kind: 'none' | 'implicit' | 'explicit' = 'none'
  #isolation: Isolation = 'read committed'
  #readOnly = false
  #used: Requirement[] = []
  #wrote = false
  #statements = 0
  #created: string[] = []
  #dropped: string[] = []
  #overlay: CatalogSnapshot | undefined

  constructor(
    session: Session,
    engine: EngineSession,
    identity: Pick<Identity, 'authority' | 'cutOff' | 'forgetObjects' | 'underWay'>,
  ) {
    this.#session = session
    this.#engine = engine
    this.#identity = identity
  }

  get kind(): 'none' | 'implicit' | 'explicit' {
    return this.#kind
  }

  get modes(): { readonly isolation: Isolation; readonly readOnly: boolean } {
    return { isolation: this.#isolation, readOnly: this.#readOnly }
  }

  get wrote(): boolean {
    return this.#wrote
  }

  /** What exists as this transaction sees it; undefined while it has defined nothing itself. */
  get overlay(): CatalogSnapshot | undefined {
    return this.#overlay
  }

  async begin(isolation: Isolation, readOnly: boolean): Promise<void> {
    await this.#engine.begin(isolation, readOnly)
    this.#kind = 'explicit'
    this.#isolation = isolation
    this.#readOnly = readOnly
    this.#session.settings.beginTransaction({ isolation, readOnly })
    this.#session.moveTo('in_transaction')
  }

  /**
   * SET TRANSACTION: new modes for a transaction that has run nothing yet.
   * @throws GatewayError `active_transaction` when it has.
   */
  async changeModes(
    isolation: Isolation | undefined,
    readOnly: boolean | undefined,
  ): Promise<void> {
    const next = { isolation: isolation ?? this.#isolation, readOnly: readOnly ?? this.#readOnly }
    if (next.isolation !== this.#isolation || (this.#readOnly && !next.readOnly)) {
      if (this.#statements > 0) {
        const what = 'SET TRANSACTION must be called before any query'
        throw new GatewayError('active_transaction', what)
      }
      await this.#engine.rollback()
      await this.#engine.begin(next.isolation, next.readOnly)
    }
    this.#isolation = next.isolation
    this.#readOnly = next.readOnly
    this.#session.settings.beginTransaction(next)
  }

  /** Counts a statement that is about to reach the engine. */
  beforeStatement(): void {
    this.#statements += 1
  }

  /**
   * Before a write or a definition: begins the implicit transaction when there is none.
   * @throws GatewayError `read_only_transaction`.
   */
  async beforeWrite(tag: string): Promise<void> {
    const readOnly =
      this.#kind === 'explicit' ? this.#readOnly : this.#session.settings.defaultReadOnly
    if (readOnly) {
      throw new GatewayError(
        'read_only_transaction',
        `cannot execute ${tag} in a read-only transaction`,
      )
    }
    if (this.#kind === 'none') {
      await this.#engine.begin('read committed', false)
      this.#kind = 'implicit'
    }
  }

  /** After a statement succeeded: remembers what it used, and what exists now. */
  async afterStatement(permit: Permit): Promise<void> {
    if (this.#kind === 'none' || permit.action.kind === 'read') return
    this.#wrote = true
    this.#used.push(...permit.requires)
    if (permit.action.kind === 'define') {
      this.#created.push(...permit.action.registers.map(({ id }) => id))
      this.#dropped.push(...permit.action.unregisters)
      this.#overlay = buildSnapshot(await this.#engine.readDefinitions())
    }
  }

  /**
   * Commits, unless the client was cut off or a right that was used is gone. Who takes either away
   * while the engine commits is answered after it.
   *
   * @throws GatewayError after rolling back, when it may not commit; whatever the engine says,
   *         when the commit failed. Either way no transaction is left.
   */
  async commit(): Promise<CommitOutcome> {
    const refusal = this.#refusal()
    if (refusal) {
      await this.rollback()
      throw refusal
    }
    const [created, dropped] = [this.#created, this.#dropped]
    let outcome: CommitOutcome = 'rolled_back'
    try {
      outcome = await this.#identity.underWay(this.#engine.commit())
    } finally {
      this.#leave(outcome) // whether it lasted is unknown after an error: the next start sweeps
    }
    await this.#forget(outcome === 'committed' ? dropped : created)
    return outcome
  }

  /** Never leaves a transaction behind, even when the engine is gone. */
  async rollback(): Promise<void> {
    if (this.#kind === 'none') return
    const created = this.#created
    try {
      await this.#engine.rollback()
    } finally {
      this.#leave('rolled_back')
      await this.#forget(created)
    }
  }

  /** The grants on objects that are gone, or never came to be. */
  async #forget(ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await this.#identity.forgetObjects(new Set(ids))
  }

  #refusal(): GatewayError | undefined {
    const { principal } = this.#session
    const cutOff = this.#session.endReason ?? this.#identity.cutOff(principal)
    if (cutOff) return cutOff
    if (this.#used.length === 0) return undefined
    const lost = lostRequirement(this.#identity, principal.roleId, this.#used)
    return lost && revoked(lost)
  }

  #leave(outcome: CommitOutcome): void {
    if (this.#kind === 'explicit') {
      this.#session.settings.endTransaction(outcome)
      this.#session.moveTo('idle')
    }
    this.#kind = 'none'
    this.#readOnly = false
    this.#used = []
    this.#wrote = false
    this.#statements = 0
    this.#created = []
    this.#dropped = []
    this.#overlay = undefined
  }
}

/** The error of a statement or a commit whose right was taken away on the way. */
export function revoked(requirement: Requirement): GatewayError {
  const { permission, name } = requirement
  return new GatewayError(
    'insufficient_privilege',
    `${permission} on '${name}' was revoked meanwhile`,
  )
}
