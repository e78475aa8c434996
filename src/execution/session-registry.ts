/**
 * Every live session, and the promise of cutting off.
 *
 * When identity says that a client, a token or a grant is gone, this is where it takes effect:
 * synchronously, before the administrator's call returns. A session that may not go on is ended;
 * a running statement that needs a right that is gone is stopped, and its session lives on.
 */
import { Emitter } from '../base/emitter.ts'
import { GatewayError } from '../base/gateway-error.ts'
import type { Identity, IdentityChange } from '../identity/identity.ts'
import type { Session } from '../session/session.ts'
import type { LiveSession } from './live-session.ts'

export class SessionRegistry {
  /** Told when a session was opened or closed, and when a statement began or ended in one. */
  readonly changed = new Emitter<'session' | 'statement'>()
  readonly #sessions = new Map<string, LiveSession>()
  /** By client, of those that have sessions. */
  readonly #ofClient = new Map<string, Set<LiveSession>>()
  readonly #identity: Pick<Identity, 'changes' | 'cutOff'>
  readonly #sessionsMax: number
  readonly #stopListening: () => void

  constructor(identity: Pick<Identity, 'changes' | 'cutOff'>, sessionsMax: number) {
    this.#identity = identity
    this.#sessionsMax = sessionsMax
    this.#stopListening = identity.changes.on((change) => this.#onChange(change))
  }

  get sessions(): readonly Session[] {
    return [...this.#sessions.values()].map((live) => live.session)
  }

  get live(): readonly LiveSession[] {
    return [...this.#sessions.values()]
  }

  find(sessionId: string): LiveSession | undefined {
    return this.#sessions.get(sessionId)
  }

  /** Those of one client, oldest first. */
  ofClient(clientId: string): readonly Session[] {
    return Array.from(this.#ofClient.get(clientId) ?? [], (live) => live.session)
  }

  /** @throws GatewayError `too_many_connections`. */
  add(live: LiveSession): void {
    if (this.#sessions.size >= this.#sessionsMax) {
      throw new GatewayError(
        'too_many_connections',
        `this gateway serves ${this.#sessionsMax} sessions`,
        {
          hint: 'Close idle connections, or raise limits.sessionsMax.',
          safeToRetry: true,
        },
      )
    }
    this.#sessions.set(live.session.id, live)
    const clientId = clientIdOf(live)
    if (clientId !== undefined) {
      const sessions = this.#ofClient.get(clientId) ?? new Set()
      this.#ofClient.set(clientId, sessions.add(live))
    }
    this.changed.emit('session')
  }

  remove(sessionId: string): void {
    const live = this.#sessions.get(sessionId)
    if (!live) return
    this.#sessions.delete(sessionId)
    const clientId = clientIdOf(live) ?? ''
    const sessions = this.#ofClient.get(clientId)
    sessions?.delete(live)
    if (sessions?.size === 0) this.#ofClient.delete(clientId)
    this.changed.emit('session')
  }

  /** Changes come one for each client that is concerned, and by the thousand when tokens expire. */
  #onChange(change: IdentityChange): void {
    const concerned =
      'clientId' in change ? (this.#ofClient.get(change.clientId) ?? []) : this.#sessions.values()
    for (const live of concerned) {
      const reason = this.#identity.cutOff(live.session.principal)
      if (reason) live.session.end(reason)
      else if (change.kind === 'grants_changed') live.recheck()
    }
  }

  /** Gives busy sessions `graceMs` to finish, then ends all of them with `reason`. */
  async endAll(graceMs: number, reason: GatewayError): Promise<void> {
    const deadline = Date.now() + graceMs
    const busy = (): boolean => [...this.#sessions.values()].some((live) => live.busy)
    while (busy() && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50))
    const live = [...this.#sessions.values()]
    for (const { session } of live) session.end(reason)
    await Promise.all(live.map((one) => one.close(reason.message)))
    this.#stopListening()
  }
}

function clientIdOf({ session: { principal } }: LiveSession): string | undefined {
  return principal.kind === 'client' ? principal.clientId : undefined
}
