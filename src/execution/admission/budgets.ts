/**
 * What clients use up, held against their limits. Kept in memory: a restart begins a new hour.
 *
 * Limits are looked up when a statement begins: a change holds from the next one on.
 */
import { parseAllowedHours } from '../../identity/allowed-hours.ts'
import type { ClientLimits } from '../../identity/client-limits.ts'
import type { Identity } from '../../identity/identity.ts'
import type { ClientPrincipal, Principal } from '../../identity/principal.ts'
import { LimitError } from './limit-error.ts'
import { RollingHour } from './rolling-hour.ts'
import { StatementBudget } from './statement-budget.ts'
import type { ClientUse } from './statement-budget.ts'

/** Beyond this, clients that used nothing for an hour are forgotten. */
const CLIENTS_KEPT = 1_000

export class Budgets {
  readonly #identity: Pick<Identity, 'limitsOf'>
  readonly #clock: () => number
  readonly #uses = new Map<string, ClientUse>()

  /** @param clock milliseconds since 1970. */
  constructor(identity: Pick<Identity, 'limitsOf'>, clock: () => number) {
    this.#identity = identity
    this.#clock = clock
  }

  /**
   * @param openSessions Of this client, without the new one.
   * @throws LimitError `too_many_connections`, `configuration_limit`.
   */
  checkNewSession(principal: Principal, openSessions: number): void {
    if (principal.kind !== 'client') return
    this.checkHours(principal)
    const { sessions } = this.#limitsOf(principal)
    if (sessions === undefined || openSessions < sessions) return
    throw new LimitError(
      'too_many_connections',
      { name: 'sessions', value: sessions, holder: holderOf(principal) },
      'too many open sessions',
      { hint: 'Close idle connections of this client.', safeToRetry: true },
    )
  }

  /** @throws LimitError `configuration_limit` outside of its hours. */
  checkHours(principal: Principal): void {
    if (principal.kind !== 'client') return
    const { hours } = this.#limitsOf(principal)
    if (hours === undefined || parseAllowedHours(hours).includes(this.#clock())) return
    throw new LimitError(
      'configuration_limit',
      { name: 'hours', value: hours, holder: holderOf(principal) },
      'this client may not do anything at this time',
      { safeToRetry: true },
    )
  }

  /**
   * Begins a statement of that session, to be ended by its `end`.
   * @throws LimitError `configuration_limit`: nothing has begun then.
   */
  begin(principal: ClientPrincipal, sessionId: string): StatementBudget {
    const use = this.#useOf(principal.clientId)
    const limits = this.#limitsOf(principal)
    return StatementBudget.begin({
      limits,
      use,
      sessionId,
      holder: holderOf(principal),
      clock: this.#clock,
    })
  }

  #limitsOf({ clientId }: ClientPrincipal): ClientLimits {
    return this.#identity.limitsOf(clientId)
  }

  #useOf(clientId: string): ClientUse {
    const known = this.#uses.get(clientId)
    if (known) return known
    if (this.#uses.size >= CLIENTS_KEPT) this.#forgetIdle()
    const use: ClientUse = { hour: new RollingHour(), open: new Map() }
    this.#uses.set(clientId, use)
    return use
  }

  #forgetIdle(): void {
    const now = this.#clock()
    for (const [clientId, { hour, open }] of this.#uses) {
      if (open.size === 0 && hour.isEmpty(now)) this.#uses.delete(clientId)
    }
  }
}

function holderOf({ clientName }: ClientPrincipal): string {
  return `client "${clientName}"`
}
