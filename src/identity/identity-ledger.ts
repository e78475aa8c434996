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
import { endOf, endTime } from './token-life.ts'

/** Timers of Node hold 24 days; looking once an hour also survives a clock that is set. */
const REVIEW_INTERVAL_MS_MAX = 3_600_000
const CONFLICT_ATTEMPTS_MAX = 5

/** What a change will write, and what its caller wants to know afterwards. */
export interface Plan<Result> {
  readonly changes: readonly IdentityStoreChange[]
  readonly result: Result
}

interface Living {
  /** Role id by client id. */
  readonly clients: ReadonlyMap<string, string>
  /** Client id by token id. */
  readonly tokens: ReadonlyMap<string, string>
  /** Role id by user id, of those that are enabled. */
  readonly users: ReadonlyMap<string, string>
}

export class IdentityLedger {
  readonly listed = new Emitter<'clients' | 'roles' | 'users'>()
  readonly #store: IdentityStore
  readonly #changes: Emitter<IdentityChange>
  readonly #clock: () => number
  readonly #log: Log
  #records: IdentityRecords
  #version: number
  #grantsVersion: number
  #living: Living
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
    this.#records = new IdentityRecords(parts.state)
    this.#version = parts.state.version
    this.#grantsVersion = parts.state.version
    this.#living = this.#whatLives()
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
   * Runs `plan` on the newest records, writes what it decided, and resolves when that is on disk
   * and everybody was told. A plan that throws changes nothing. It runs again when another gateway
   * was faster, so it must not have effects of its own.
   */
  change<Result>(
    plan: (records: IdentityRecords) => Plan<Result> | Promise<Plan<Result>>,
  ): Promise<Result> {
    const run = this.#queue.then(() => this.#change(plan))
    this.#queue = run.catch(() => undefined)
    return run
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
      this.#tell(changes.some(touchesGrants), changes.some(touchesClients))
      if (changes.some(({ kind }) => kind.endsWith('_user'))) this.listed.emit('users')
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
  }

  #tell(grantsChanged: boolean, clientsChanged: boolean): void {
    const before = this.#living
    this.#living = this.#whatLives()
    if (grantsChanged) {
      this.#grantsVersion += 1
      this.#emit({ kind: 'grants_changed', grantsVersion: this.#grantsVersion })
    }
    for (const [clientId, roleId] of before.clients) {
      const now = this.#living.clients.get(clientId)
      if (now === undefined) this.#emit({ kind: 'client_cut_off', clientId })
      else if (now !== roleId) this.#emit({ kind: 'client_role_changed', clientId })
    }
    for (const [userId, roleId] of before.users) {
      if (this.#living.users.get(userId) !== roleId) this.#emit({ kind: 'user_cut_off', userId })
    }
    for (const [tokenId, clientId] of before.tokens) {
      if (this.#living.tokens.has(tokenId) || !this.#records.clients.has(clientId)) continue
      const token = this.#records.tokens.get(tokenId)
      const reason = (token && endOf(token, this.#clock())) ?? 'regenerated'
      this.#emit({ kind: 'token_ended', clientId, tokenId, reason })
    }
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

  #whatLives(): Living {
    const now = this.#clock()
    const clients = [...this.#records.clients.values()].filter((each) => each.enabled)
    const tokens = [...this.#records.tokens.values()].filter((each) => !endOf(each, now))
    const users = [...this.#records.users.values()].filter((each) => each.enabled)
    return {
      clients: new Map(clients.map((each) => [each.id, each.roleId])),
      tokens: new Map(tokens.map((each) => [each.id, each.clientId])),
      users: new Map(users.map((each) => [each.id, each.roleId])),
    }
  }

  /** Wakes when the next token ends by itself. */
  #schedule(): void {
    clearTimeout(this.#timer)
    if (this.#stopped) return
    let next = Infinity
    for (const tokenId of this.#living.tokens.keys()) {
      const token = this.#records.tokens.get(tokenId)
      if (token) next = Math.min(next, endTime(token))
    }
    if (next === Infinity) return
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
