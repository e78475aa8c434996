/**
 * Who proved an access token on this door, by the bearer token that they got for it.
 *
 * A bearer is random, is kept only as its hash, and opens nothing but the sessions that were opened
 * with it. It lives as long as one of them does, and for a moment before the first.
 */
import { createHash, randomBytes } from 'node:crypto'
import type { ClientPrincipal } from '../../identity/principal.ts'
import type { BlueSession } from './blue-session.ts'

/** Between Auth and the first Session. */
const UNUSED_MS_MAX = 60_000
/** How long a bearer works that was replaced by RefreshToken: calls may be under way with it. */
const REPLACED_MS = 60_000

/** Of one client, all of its programs together: one that never opens a session shall not fill memory. */
const UNUSED_PER_CLIENT_MAX = 1_000

export interface BlueLogin {
  readonly principal: ClientPrincipal
  readonly sessions: Map<string, BlueSession>
  /** Keys of the connections on which its bearer was shown. */
  readonly connections: Set<string>
  /** When the last of them was closed, in milliseconds since 1970. */
  lostMs: number
  /** When it was made, or its last session ended. */
  unusedSinceMs: number
}

interface Bearer {
  readonly login: BlueLogin
  /** Milliseconds since 1970. */
  endsMs: number
}

export class BlueLogins {
  readonly #bearers = new Map<string, Bearer>()

  /** @returns the bearer; a secret. Undefined when the client has too many that it does not use. */
  issue(principal: ClientPrincipal, connection: string): string | undefined {
    const now = Date.now()
    const unused = [...this.#bearers.values()].filter(
      ({ login }) => login.principal.clientId === principal.clientId && login.sessions.size === 0,
    )
    if (unused.length >= UNUSED_PER_CLIENT_MAX) return undefined
    return this.#add({
      principal,
      sessions: new Map(),
      connections: new Set([connection]),
      lostMs: now,
      unusedSinceMs: now,
    })
  }

  find(bearer: string): BlueLogin | undefined {
    return this.#bearers.get(keyOf(bearer))?.login
  }

  /** A new bearer for the same login; the old one ends within a minute. */
  refresh(bearer: string): string | undefined {
    const known = this.#bearers.get(keyOf(bearer))
    if (!known) return undefined
    known.endsMs = Math.min(known.endsMs, Date.now() + REPLACED_MS)
    return this.#add(known.login)
  }

  /** It is over: nobody finds it any more. */
  forgetSession(login: BlueLogin, session: BlueSession): void {
    login.sessions.delete(session.id)
    login.unusedSinceMs = Date.now()
  }

  get logins(): ReadonlySet<BlueLogin> {
    return new Set([...this.#bearers.values()].map(({ login }) => login))
  }

  /** Forgets what nobody can use any more. */
  sweep(): void {
    const now = Date.now()
    for (const [key, { login, endsMs }] of this.#bearers) {
      const unused = login.sessions.size === 0 && now - login.unusedSinceMs > UNUSED_MS_MAX
      if (unused || now > endsMs) this.#bearers.delete(key)
    }
  }

  #add(login: BlueLogin): string {
    const bearer = `bgs_${randomBytes(32).toString('base64url')}`
    this.#bearers.set(keyOf(bearer), { login, endsMs: Infinity })
    return bearer
  }
}

function keyOf(bearer: string): string {
  return createHash('sha256').update(bearer).digest('base64')
}
