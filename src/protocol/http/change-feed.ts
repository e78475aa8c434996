/**
 * Tells those who show lists that a list is not what it was: which one, not what.
 *
 * However much happens, each kind is told at most four times a second; the first time at once. Costs
 * nothing while nobody listens.
 */
import type { AuditLog } from '../../audit/audit-log.ts'
import { Emitter } from '../../base/emitter.ts'
import type { SessionRegistry } from '../../execution/session-registry.ts'
import type { Identity } from '../../identity/identity.ts'

export const CHANGE_KINDS = ['clients', 'roles', 'users', 'pools', 'sessions', 'audit'] as const
export type ChangeKind = (typeof CHANGE_KINDS)[number]

const INTERVAL_MS = 250

export interface ChangeSources {
  readonly identity: Pick<Identity, 'listed'>
  readonly sessions: Pick<SessionRegistry, 'changed'>
  readonly audit: Pick<AuditLog, 'appended'>
}

export class ChangeFeed {
  readonly #sources: ChangeSources
  readonly #intervalMs: number
  readonly #told = new Emitter<ChangeKind>()
  /** Told a moment ago; true when it changed again since. */
  readonly #resting = new Map<ChangeKind, boolean>()
  #stops: readonly (() => void)[] = []

  constructor(sources: ChangeSources, intervalMs = INTERVAL_MS) {
    this.#sources = sources
    this.#intervalMs = intervalMs
  }

  /** @returns the function that ends it. */
  on(listener: (kind: ChangeKind) => void): () => void {
    if (!this.#told.isHeard) this.#listen()
    const stop = this.#told.on(listener)
    return () => {
      stop()
      if (this.#told.isHeard) return
      for (const end of this.#stops) end()
      this.#stops = []
    }
  }

  #listen(): void {
    const { identity, sessions, audit } = this.#sources
    this.#stops = [
      identity.listed.on((kind) => this.#changed(kind)),
      sessions.changed.on((what) => {
        this.#changed('sessions')
        if (what === 'session')
          this.#changed('clients') // they show their open sessions
        else this.#changed('pools') // they show who runs and waits
      }),
      audit.appended.on(({ category }) => {
        // looking at the audit is on record, and must not make everybody look again
        if (category !== 'AUDITLOG') this.#changed('audit')
      }),
    ]
  }

  #changed(kind: ChangeKind): void {
    if (this.#resting.has(kind)) {
      this.#resting.set(kind, true)
      return
    }
    this.#resting.set(kind, false)
    setTimeout(() => {
      const again = this.#resting.get(kind)
      this.#resting.delete(kind)
      if (again) this.#changed(kind)
    }, this.#intervalMs).unref()
    this.#told.emit(kind)
  }
}
