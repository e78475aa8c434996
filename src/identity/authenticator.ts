/**
 * Proves access tokens.
 *
 * Every refusal before the proof has the same text and follows the same work: one digest, one
 * comparison. Where there is nothing to compare with, a digest that no text has takes its place.
 * The true reason goes to the audit, in `cause`. Obeys the security design, section 7.
 */
import { randomBytes } from 'node:crypto'
import { GatewayError } from '../base/gateway-error.ts'
import { isListed, parseAddressList, plainAddress } from './address-list.ts'
import type { Delays } from './delays.ts'
import type { AuthenticationAttempt, AuthenticationFailure } from './identity.ts'
import type { IdentityLedger } from './identity-ledger.ts'
import type { ClientRow, TokenRow } from './identity-store.ts'
import type { ClientPrincipal } from './principal.ts'
import { shown } from './role-name.ts'
import { parseToken } from './token.ts'
import { endOf } from './token-life.ts'
import type { TokenSecrets } from './token-secrets.ts'
import type { TokenThrottle } from './token-throttle.ts'

/** Digested in place of what cannot be a token, so that its length does not show in the time. */
const DUMMY = 'bluegate_000000000000_'.padEnd(71, '0')

export class Authenticator {
  readonly #ledger: IdentityLedger
  readonly #secrets: TokenSecrets
  readonly #throttle: TokenThrottle
  readonly #clock: () => number
  readonly #delays: Delays
  readonly #unknownDigest = randomBytes(32)

  constructor(parts: {
    ledger: IdentityLedger
    secrets: TokenSecrets
    throttle: TokenThrottle
    delays: Delays
    clock: () => number
  }) {
    this.#ledger = parts.ledger
    this.#secrets = parts.secrets
    this.#throttle = parts.throttle
    this.#delays = parts.delays
    this.#clock = parts.clock
  }

  async authenticate(attempt: AuthenticationAttempt): Promise<ClientPrincipal> {
    const { records } = this.#ledger
    const token = parseToken(attempt.token)
    const row = token && records.tokens.get(token.id)
    const client = row && records.clients.get(row.clientId)
    const proven = this.#secrets.matches(
      token?.text ?? DUMMY,
      row ?? { digest: this.#unknownDigest, pepperVersion: this.#secrets.pepperVersion },
    )
    if (!token) return this.#refuse(attempt, undefined, 'malformed_token')
    if (!row || !client) return this.#refuse(attempt, undefined, 'unknown_token')
    if (!proven) return this.#refuse(attempt, row, 'wrong_secret')
    const failure = this.#failureOfProven(attempt, row, client)
    if (failure) return this.#refuse(attempt, row, failure)
    this.#checkMayLogIn(client)
    return {
      kind: 'client',
      clientId: client.id,
      clientName: client.name,
      tokenId: row.id,
      roleId: client.roleId,
    }
  }

  #failureOfProven(
    attempt: AuthenticationAttempt,
    row: TokenRow,
    client: ClientRow,
  ): AuthenticationFailure | undefined {
    if (attempt.clientName !== undefined && attempt.clientName.toLowerCase() !== client.name) {
      return 'other_client'
    }
    const end = endOf(row, this.#clock())
    if (end === 'regenerated') return 'ended_token'
    if (end === 'expired') return 'expired_token'
    const { allowedAddresses } = client
    if (allowedAddresses.length === 0) return undefined
    return isListed(parseAddressList(allowedAddresses), attempt.address)
      ? undefined
      : 'address_not_allowed'
  }

  #checkMayLogIn(client: ClientRow): void {
    if (!client.enabled) {
      throw new GatewayError('invalid_authorization', `client "${client.name}" is disabled`, {
        hint: 'An administrator enables it with: bluegate client enable ' + client.name,
        cause: 'disabled_client' satisfies AuthenticationFailure,
      })
    }
    const role = this.#ledger.records.roles.get(client.roleId)
    if (role?.login !== true) {
      throw new GatewayError(
        'invalid_authorization',
        `role "${role?.name ?? client.roleId}" of client "${client.name}" is not permitted to log in`,
        {
          hint: `An administrator permits it with: GRANT LOGIN TO "${role?.name ?? client.roleId}"`,
          cause: 'role_without_login' satisfies AuthenticationFailure,
        },
      )
    }
  }

  async #refuse(
    attempt: AuthenticationAttempt,
    row: TokenRow | undefined,
    reason: AuthenticationFailure,
  ): Promise<never> {
    const delayMs = await this.#throttle.failed(plainAddress(attempt.address), row?.id)
    await this.#delays.wait(delayMs)
    throw new GatewayError('invalid_password', refusalText(attempt.clientName), {
      hint: 'Check the access token and the name of the client. The audit of the gateway has the reason.',
      cause: delayMs > 0 ? ('throttled' satisfies AuthenticationFailure) : reason,
    })
  }
}

function refusalText(clientName: string | undefined): string {
  return clientName === undefined
    ? 'access token authentication failed'
    : `password authentication failed for user ${shown(clientName)}`
}
