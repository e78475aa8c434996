/**
 * The one way to change identity: decide on the current records, store, apply, tell.
 *
 * Changes run one after the other. What is told (`changes`) is not derived from the request but
 * from comparing what lived before with what lives now, so that a request, a grace that runs out
 * and a change made by another gateway all cut off in the same way.
 */
import { Emitter } from '../base/emitter.ts'
import { GatewayError } from '../base/gateway-error.ts'
import type { Log } from '../base/log.ts'
import type { IdentityChange } from './identity.ts'
import { IdentityRecords } from './identity-records.ts'
import type { IdentityState, IdentityStore, IdentityStoreChange } from './identity-store.ts'
import { Living } from './living.ts'
import { UnderWay } from './under-way.ts'

/** Timers of Node hold 24 days; looking once an hour also survives a clock that is set. */
const REVIEW_INTERVAL_MS_MAX = 3_600_000
const CONFLICT_ATTEMPTS_MAX = 5

/** What a change will write, and what its caller wants to know afterwards. */
export interface Plan<Result> {
  readonly changes: readonly IdentityStoreChange[]
  readonly result: Result
}

export class IdentityLedger {
  readonly listed = new Emitter<'clients' | 'roles' | 'users' | 'pools'>()
  readonly underWay: UnderWay
  readonly #store: IdentityStore
  readonly #changes: Emitter<IdentityChange>
  readonly #clock: () => number
  readonly #log: Log
  #records: IdentityRecords
  #version: number
  #grantsVersion: number
  readonly #living = new Living()
  #queue: Promise<unknown> = Promise.resolve()
  #timer: NodeJS.Timeout | undefined
  #stopped = false

  constructor(parts: {
    store: IdentityStore
    state: IdentityState
    changes: Emitter<IdentityChange>
    clock: () => number
    log: Log
  }) {
    this.#store = parts.store
    this.#changes = parts.changes
    this.#clock = parts.clock
    this.#log = parts.log
    this.underWay = new UnderWay(parts.log)
    this.#records = new IdentityRecords(parts.state)
    this.#version = parts.state.version
    this.#grantsVersion = parts.state.version
    this.#living.update(this.#records, this.#clock())
    this.#schedule()
  }

  /** Replaced as a whole after a conflict: ask again, do not keep. */
  get records(): IdentityRecords {
    return this.#records
  }

  /** Outside the version, like the store's. */
  async recordSignIn(userId: string, at: string): Promise<void> {
    await this.#store.recordSignIn(userId, at)
    this.#records.applySignIn(userId, at)
  }

  get grantsVersion(): number {
    return this.#grantsVersion
  }

  /**
   * Runs `plan` on the newest records, writes what it decided, and resolves when that is on disk,
   * everybody was told, and what was under way is over (the next change does not wait for that). A plan that throws changes nothing. It runs again when another gateway
   * was faster, so it must not have effects of its own.
   */
  async change<Result>(
    plan: (records: IdentityRecords) => Plan<Result> | Promise<Plan<Result>>,
  ): Promise<Result> {
    const run = this.#queue.then(() => this.#change(plan))
    this.#queue = run.catch(() => undefined)
    try {
      return await run
    } finally {
      await this.underWay.settled()
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    await this.#queue
  }

  async #change<Result>(
    plan: (records: IdentityRecords) => Plan<Result> | Promise<Plan<Result>>,
  ): Promise<Result> {
    for (let attempt = 1; ; attempt += 1) {
      if (this.#stopped) throw new GatewayError('cannot_connect_now', 'the gateway is stopping')
      const { changes, result } = await plan(this.#records)
      if (changes.length === 0) return result
      try {
        this.#version = await this.#store.commit(this.#version, changes)
      } catch (error) {
        await this.#reload(error)
        const conflict = error instanceof GatewayError && error.kind === 'conflict'
        if (!conflict || attempt === CONFLICT_ATTEMPTS_MAX) throw error
        continue
      }
      for (const change of changes) this.#records.apply(change)
      this.#tell(changes.some(touchesGrants), changes.some(touchesClients), changes)
      if (changes.some(({ kind }) => kind.endsWith('_user'))) this.listed.emit('users')
      if (changes.some(({ kind }) => kind.endsWith('_pool'))) this.listed.emit('pools')
      return result
    }
  }

  /** After a failure: what the store holds now is the truth, whether or not the commit went through. */
  async #reload(failure: unknown): Promise<void> {
    let state: IdentityState
    try {
      state = await this.#store.load()
    } catch (error) {
      this.#log.error({ error }, 'the metadata can be neither written nor read')
      throw failure
    }
    this.#records = new IdentityRecords(state)
    this.#version = state.version
    this.#tell(true, true)
    this.listed.emit('pools')
  }

  #tell(
    grantsChanged: boolean,
    clientsChanged: boolean,
    changes?: readonly IdentityStoreChange[],
  ): void {
    const ended = this.#living.update(this.#records, this.#clock(), changes)
    if (grantsChanged) {
      this.#grantsVersion += 1
      this.#emit({ kind: 'grants_changed', grantsVersion: this.#grantsVersion })
    }
    for (const change of ended) this.#emit(change)
    if (clientsChanged) this.listed.emit('clients')
    if (grantsChanged) this.listed.emit('roles')
    this.#schedule()
  }

  /** The change is made: a listener that fails must not make it look refused. */
  #emit(change: IdentityChange): void {
    try {
      this.#changes.emit(change)
    } catch (error) {
      this.#log.error({ error, change: change.kind }, 'a listener for identity changes failed')
    }
  }

  /** Wakes when the next token ends by itself. */
  #schedule(): void {
    clearTimeout(this.#timer)
    const next = this.#living.soonestEnd
    if (this.#stopped || next === Infinity) return
    const wait = Math.min(Math.max(next - this.#clock(), 0), REVIEW_INTERVAL_MS_MAX)
    this.#timer = setTimeout(() => this.#tell(false, true), wait).unref()
  }
}

function touchesGrants(change: IdentityStoreChange): boolean {
  return /_(role|membership|grant)$/.test(change.kind)
}

function touchesClients(change: IdentityStoreChange): boolean {
  return /_(client|token)$/.test(change.kind)
}
