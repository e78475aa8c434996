/** Makes tokens and retires the ones they replace. Decides on lifetimes; stores nothing itself. */
import { GatewayError } from '../base/gateway-error.ts'
import type { ClientRow, IdentityStoreChange, TokenRow } from './identity-store.ts'
import { scramKeys } from './scram-verifier.ts'
import { makeToken } from './token.ts'
import type { TokenText } from './token.ts'
import { endOf } from './token-life.ts'
import type { TokenSecrets } from './token-secrets.ts'

const GRACE_MS_MAX = 7 * 24 * 3_600_000

/** Ended tokens of which a client keeps the digest, so that their late use can be named. */
const TOMBSTONES_MAX = 10

/** In milliseconds. Absent: tokens do not expire by themselves; may last as long as one likes. */
export interface TokenLifetime {
  readonly defaultMs?: number
  readonly maxMs?: number
}

export class TokenMint {
  readonly #secrets: TokenSecrets
  readonly #lifetime: TokenLifetime
  readonly #clock: () => number

  constructor(secrets: TokenSecrets, lifetime: TokenLifetime, clock: () => number) {
    this.#secrets = secrets
    this.#lifetime = lifetime
    this.#clock = clock
  }

  /** The token of a new client. */
  first(
    client: ClientRow,
    expiresAt: Date | undefined,
  ): Promise<{ row: TokenRow; text: TokenText }> {
    const now = this.#clock()
    const wanted = expiresAt === undefined ? this.#lifetime.defaultMs : expiresAt.getTime() - now
    return this.#make(client, wanted)
  }

  /**
   * A token to replace the current one, with a lifetime as long as the current one's. The current
   * one lives on for the grace; all older ones, and without grace it too, end now.
   */
  async next(
    client: ClientRow,
    tokens: readonly TokenRow[],
    graceMs: number,
  ): Promise<{ changes: IdentityStoreChange[]; text: TokenText }> {
    if (!Number.isSafeInteger(graceMs) || graceMs < 0 || graceMs > GRACE_MS_MAX) {
      throw new GatewayError('invalid_parameter_value', 'the grace period cannot be used', {
        field: 'graceMs',
        hint: 'Choose one from 0 (the old token ends at once) to 7 days.',
      })
    }
    const current = tokens.find(({ endsAt }) => endsAt === undefined)
    const { row, text } = await this.#make(client, this.#lifetimeAs(current))
    const changes: IdentityStoreChange[] = [{ kind: 'put_token', token: row }]
    for (const token of tokens) {
      const retired = this.#retired(token, token === current ? graceMs : 0)
      if (retired !== token) changes.push({ kind: 'put_token', token: retired })
    }
    const oldestFirst = tokens.toSorted((a, b) => (a.createdAt < b.createdAt ? -1 : 1))
    for (const { id } of oldestFirst.slice(0, Math.max(tokens.length - TOMBSTONES_MAX, 0))) {
      changes.push({ kind: 'remove_token', tokenId: id })
    }
    return { changes, text }
  }

  /** What ends every token but the current one now; empty when none of them works any more. */
  endOfGrace(tokens: readonly TokenRow[]): IdentityStoreChange[] {
    return tokens.flatMap((token): IdentityStoreChange[] => {
      const hasGrace = token.endsAt !== undefined && endOf(token, this.#clock()) === undefined
      return hasGrace ? [{ kind: 'put_token', token: this.#retired(token, 0) }] : []
    })
  }

  /**
   * The token with another expiry; undefined for never.
   * @throws GatewayError `invalid_parameter_value` for the past, or more than the installation allows.
   */
  expiring(token: TokenRow, expiresAt: Date | undefined): TokenRow {
    if (expiresAt === undefined) {
      checkEndless(this.#lifetime.maxMs)
      return { ...token, expiresAt: undefined }
    }
    checkedLifetime(expiresAt.getTime() - this.#clock(), undefined)
    checkedLifetime(expiresAt.getTime() - Date.parse(token.createdAt), this.#lifetime.maxMs)
    return { ...token, expiresAt: expiresAt.toISOString() }
  }

  /** The row as it shall be kept from now on: one that has ended can no longer be shown or proven by SCRAM. */
  buried(token: TokenRow): TokenRow {
    const hasEnded = endOf(token, this.#clock()) === 'regenerated'
    if (!hasEnded || (token.sealed === undefined && token.scram === undefined)) return token
    return { ...token, sealed: undefined, scram: undefined }
  }

  #retired(token: TokenRow, graceMs: number): TokenRow {
    if (endOf(token, this.#clock()) === 'regenerated') return this.buried(token)
    const endsAt = new Date(this.#clock() + graceMs).toISOString()
    return this.buried({ ...token, endsAt })
  }

  #lifetimeAs(token: TokenRow | undefined): number | undefined {
    if (token?.expiresAt === undefined) return this.#lifetime.defaultMs
    return Date.parse(token.expiresAt) - Date.parse(token.createdAt)
  }

  async #make(
    client: ClientRow,
    lifetimeMs: number | undefined,
  ): Promise<{ row: TokenRow; text: TokenText }> {
    const now = this.#clock()
    const lifetime = checkedLifetime(lifetimeMs, this.#lifetime.maxMs)
    const token = makeToken()
    const row: TokenRow = {
      id: token.id,
      clientId: client.id,
      ...this.#secrets.digest(token.text),
      sealed: this.#secrets.seal(token),
      scram: await scramKeys(token.text, client.scramSalt, client.scramIterations),
      createdAt: new Date(now).toISOString(),
      expiresAt: lifetime === undefined ? undefined : new Date(now + lifetime).toISOString(),
      endsAt: undefined,
      lastUse: undefined,
    }
    return { row, text: token.text }
  }
}

function checkEndless(max: number | undefined): void {
  if (max !== undefined) throw livesTooLong(max)
}

function checkedLifetime(wanted: number | undefined, max: number | undefined): number | undefined {
  if (wanted === undefined) return max
  if (!(wanted > 0)) {
    throw new GatewayError('invalid_parameter_value', 'the expiry of the token is in the past', {
      field: 'expiresAt',
      hint: 'Give a time to come, or none for a token that does not expire.',
    })
  }
  if (max !== undefined && wanted > max) {
    throw livesTooLong(max)
  }
  return wanted
}

function livesTooLong(max: number): GatewayError {
  return new GatewayError('invalid_parameter_value', 'the token would live too long', {
    field: 'expiresAt',
    hint: `This installation lets a token live for ${Math.floor(max / 3_600_000)} hours at most.`,
  })
}
