/**
 * Console sessions: who is signed in, and until when.
 *
 * They live in memory and are written through, so that they outlive a restart; only when one was
 * last seen is written late, once a minute, and a crash makes a session look idle for longer than
 * it was, never shorter. A session keeps its id; the secret in the cookie changes with each proof,
 * and one that was given before a sign-in is worth nothing after it.
 * Source: OWASP Session Management Cheat Sheet.
 */
import { randomUUID } from 'node:crypto'
import { present } from '../base/assert.ts'
import type { Emitter } from '../base/emitter.ts'
import { GatewayError } from '../base/gateway-error.ts'
import type { Log } from '../base/log.ts'
import type { ConsoleSessionRow, ConsoleSessionStore } from './console-session-store.ts'
import type { IdentityChange } from './identity.ts'
import type { IdentityLedger } from './identity-ledger.ts'
import type { UserRow } from './identity-store.ts'
import { userWhoMaySignIn } from './may-sign-in.ts'
import { shown } from './role-name.ts'
import { digestKey, randomSecret, secretDigest } from './secret.ts'
import type { ConsoleOrigin, ConsoleSession, ProvenUser, SignedIn } from './users.ts'

/** How long a proof of the password is fresh. Security design, section 7. */
const PROOF_MS = 5 * 60_000
const UPKEEP_INTERVAL_MS = 60_000
/** A user with more ends the oldest one. */
const SESSIONS_PER_USER_MAX = 20

/** In milliseconds. */
export interface ConsoleSessionSettings {
  readonly idleMs: number
  readonly lifetimeMs: number
}

export class ConsoleSessions {
  readonly #store: ConsoleSessionStore
  readonly #ledger: IdentityLedger
  readonly #changes: Emitter<IdentityChange>
  readonly #settings: ConsoleSessionSettings
  readonly #clock: () => number
  readonly #log: Log
  readonly #rows = new Map<string, ConsoleSessionRow>()
  readonly #idOfDigest = new Map<string, string>()
  /** How many hold a session, by id. */
  readonly #held = new Map<string, number>()
  readonly #unwritten = new Set<string>()
  readonly #timer: NodeJS.Timeout

  constructor(parts: {
    store: ConsoleSessionStore
    rows: readonly ConsoleSessionRow[]
    ledger: IdentityLedger
    changes: Emitter<IdentityChange>
    settings: ConsoleSessionSettings
    clock: () => number
    log: Log
  }) {
    this.#store = parts.store
    this.#ledger = parts.ledger
    this.#changes = parts.changes
    this.#settings = parts.settings
    this.#clock = parts.clock
    this.#log = parts.log
    for (const row of parts.rows) this.#keep(row)
    this.#changes.on((change) => {
      if (change.kind === 'user_cut_off') this.#endInBackground(this.#idsOf(change.userId))
    })
    this.#timer = setInterval(() => this.#upkeep(), UPKEEP_INTERVAL_MS).unref()
    this.#upkeep()
  }

  /**
   * @throws GatewayError `invalid_authorization` when the user may not sign in (any more); the
   *         reason is in `cause`.
   */
  async open(proven: ProvenUser, origin: ConsoleOrigin): Promise<SignedIn> {
    const user = userWhoMaySignIn(this.#ledger.records, proven.userId)
    const now = new Date(this.#clock()).toISOString()
    const secret = randomSecret()
    const row: ConsoleSessionRow = {
      id: randomUUID(),
      userId: user.id,
      digest: digestOf(secret),
      createdAt: now,
      lastSeenAt: now,
      provenAt: now,
      address: plain(origin.address),
      tool: plain(origin.tool),
    }
    this.#keep(row) // first, so that whatever ends the user's sessions meanwhile ends this one
    try {
      await this.#store.put(row)
    } catch (error) {
      this.#endInBackground([row.id])
      throw error
    }
    if (!this.#rows.has(row.id)) throw hasEnded()
    const older = this.#idsOf(user.id).slice(0, -SESSIONS_PER_USER_MAX)
    if (older.length > 0) await this.end(older)
    return { session: this.#describe(row, user), secret }
  }

  find(secret: string, isActivity: boolean): ConsoleSession | undefined {
    const digest = secretDigest(secret)
    const id = digest && this.#idOfDigest.get(digestKey(digest))
    const row = id === undefined ? undefined : this.#rows.get(id)
    const user = row && this.#ledger.records.users.get(row.userId)
    if (!row || !user) return undefined
    if (this.#isOver(row)) {
      this.#endInBackground([row.id])
      return undefined
    }
    return this.#describe(isActivity ? this.#touch(row) : row, user)
  }

  hold(sessionId: string): () => void {
    this.#held.set(sessionId, (this.#held.get(sessionId) ?? 0) + 1)
    let isHeld = true
    return () => {
      if (!isHeld) return
      isHeld = false
      const others = (this.#held.get(sessionId) ?? 1) - 1
      if (others > 0) this.#held.set(sessionId, others)
      else this.#held.delete(sessionId)
      const row = this.#rows.get(sessionId)
      if (row) this.#touch(row)
    }
  }

  /** @throws GatewayError as `open`; `invalid_password` when the session has ended meanwhile. */
  async renew(sessionId: string, proven: ProvenUser): Promise<SignedIn> {
    const user = userWhoMaySignIn(this.#ledger.records, proven.userId)
    const secret = randomSecret()
    const before = this.#rows.get(sessionId)
    if (before?.userId !== user.id) throw hasEnded()
    const provenAt = new Date(this.#clock()).toISOString()
    const row = { ...before, digest: digestOf(secret), provenAt, lastSeenAt: provenAt }
    await this.#store.put(row)
    if (!this.#rows.has(sessionId)) {
      await this.#store.remove([sessionId]) // it ended while it was written
      throw hasEnded()
    }
    this.#keep(row)
    return { session: this.#describe(row, user), secret }
  }

  /** At once; on disk when it resolves. */
  async end(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      const row = this.#rows.get(id)
      if (!row) continue
      this.#rows.delete(id)
      this.#idOfDigest.delete(digestKey(row.digest))
      this.#unwritten.delete(id)
      this.#changes.emit({ kind: 'console_session_ended', sessionId: id, userId: row.userId })
    }
    if (ids.length > 0) await this.#store.remove(ids)
  }

  async endAllOf(userId: string, keep?: string): Promise<void> {
    await this.end(this.#idsOf(userId).filter((id) => id !== keep))
  }

  isLive(sessionId: string): boolean {
    const row = this.#rows.get(sessionId)
    return row !== undefined && !this.#isOver(row)
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.#writeTouches()
  }

  #describe(row: ConsoleSessionRow, user: UserRow): ConsoleSession {
    return {
      id: row.id,
      principal: {
        kind: 'user',
        userId: user.id,
        userName: user.name,
        roleId: user.roleId,
        consoleSessionId: row.id,
      },
      provenUntil: Date.parse(row.provenAt) + PROOF_MS,
      expiresAt: Math.min(this.#idleEnd(row), this.#absoluteEnd(row)),
    }
  }

  #idleEnd(row: ConsoleSessionRow): number {
    return Date.parse(row.lastSeenAt) + this.#settings.idleMs
  }

  #absoluteEnd(row: ConsoleSessionRow): number {
    return Date.parse(row.createdAt) + this.#settings.lifetimeMs
  }

  #isOver(row: ConsoleSessionRow): boolean {
    if (this.#ledger.records.users.get(row.userId)?.enabled !== true) return true
    const now = this.#clock()
    if (now >= this.#absoluteEnd(row)) return true
    return now >= this.#idleEnd(row) && !this.#held.has(row.id)
  }

  #touch(row: ConsoleSessionRow): ConsoleSessionRow {
    const touched = { ...row, lastSeenAt: new Date(this.#clock()).toISOString() }
    this.#rows.set(row.id, touched)
    this.#unwritten.add(row.id)
    return touched
  }

  #keep(row: ConsoleSessionRow): void {
    const before = this.#rows.get(row.id)
    if (before) this.#idOfDigest.delete(digestKey(before.digest))
    this.#rows.set(row.id, row)
    this.#idOfDigest.set(digestKey(row.digest), row.id)
  }

  /** Oldest first. */
  #idsOf(userId: string): string[] {
    return [...this.#rows.values()]
      .filter((row) => row.userId === userId)
      .toSorted((a, b) => (a.createdAt < b.createdAt ? -1 : 1))
      .map((row) => row.id)
  }

  #upkeep(): void {
    const over = [...this.#rows.values()].filter((row) => this.#isOver(row))
    this.#endInBackground(over.map((row) => row.id))
    void this.#writeTouches()
  }

  /** Ended in memory before this returns; the store follows, and what it keeps is over all the same. */
  #endInBackground(ids: readonly string[]): void {
    this.end(ids).catch((error: unknown) => {
      this.#log.warn({ error }, 'ended console sessions could not be removed from the store')
    })
  }

  async #writeTouches(): Promise<void> {
    const touches = [...this.#unwritten].flatMap((id) => this.#rows.get(id) ?? [])
    if (touches.length === 0) return
    this.#unwritten.clear()
    try {
      await this.#store.touch(touches.map(({ id, lastSeenAt }) => ({ id, lastSeenAt })))
    } catch (error) {
      for (const { id } of touches) this.#unwritten.add(id)
      this.#log.warn({ error }, 'when console sessions were last seen could not be written')
    }
  }
}

function digestOf(secret: string): Uint8Array {
  return present(secretDigest(secret), 'our own secrets have the right form')
}

/** Browsers call themselves what they like: short, and without control characters. */
function plain(text: string): string {
  return shown(text).slice(1, -1)
}

function hasEnded(): GatewayError {
  return new GatewayError('invalid_password', 'this console session has ended', {
    hint: 'Sign in again.',
  })
}
