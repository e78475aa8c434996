/**
 * Who and what lives: enabled clients and users with their roles, tokens that have not ended.
 *
 * Brought up to date after each change, it says what ended since. It looks only at what the change
 * touched, unless a token has ended by the clock, or nobody knows what changed: then at everything.
 */
import type { IdentityChange } from './identity.ts'
import type { IdentityRecords } from './identity-records.ts'
import type { IdentityStoreChange } from './identity-store.ts'
import { endOf, endTime } from './token-life.ts'

/** Ids. */
interface Touched {
  readonly clients: ReadonlySet<string>
  readonly tokens: ReadonlySet<string>
  readonly users: ReadonlySet<string>
}

export class Living {
  /** Role id by client id. */
  readonly #clients = new Map<string, string>()
  /** Client id by token id. */
  readonly #tokens = new Map<string, string>()
  /** Role id by user id. */
  readonly #users = new Map<string, string>()
  #soonestEnd = Infinity

  /**
   * When the next token may end by itself, in milliseconds since 1970; never later than it does.
   * Infinity: none will.
   */
  get soonestEnd(): number {
    return this.#soonestEnd
  }

  /**
   * @param changes All that changed in `records` since the last call; left out: anything may have.
   * @param now Milliseconds since 1970.
   * @returns what ended: clients, then users, then tokens of clients that are still there.
   */
  update(
    records: IdentityRecords,
    now: number,
    changes?: readonly IdentityStoreChange[],
  ): IdentityChange[] {
    const isPartial = changes !== undefined && now < this.#soonestEnd
    if (!isPartial) this.#soonestEnd = Infinity
    const touched = isPartial ? touchedBy(changes) : this.#everything(records)
    return [
      ...this.#updateClients(records, touched.clients),
      ...this.#updateUsers(records, touched.users),
      ...this.#updateTokens(records, touched.tokens, now),
    ]
  }

  #everything({ clients, tokens, users }: IdentityRecords): Touched {
    return {
      clients: new Set([...this.#clients.keys(), ...clients.keys()]),
      tokens: new Set([...this.#tokens.keys(), ...tokens.keys()]),
      users: new Set([...this.#users.keys(), ...users.keys()]),
    }
  }

  #updateClients(records: IdentityRecords, ids: ReadonlySet<string>): IdentityChange[] {
    const ended: IdentityChange[] = []
    for (const clientId of ids) {
      const before = this.#clients.get(clientId)
      const client = records.clients.get(clientId)
      const roleId = client?.enabled === true ? client.roleId : undefined
      put(this.#clients, clientId, roleId)
      if (before === undefined || before === roleId) continue
      ended.push({
        kind: roleId === undefined ? 'client_cut_off' : 'client_role_changed',
        clientId,
      })
    }
    return ended
  }

  #updateUsers(records: IdentityRecords, ids: ReadonlySet<string>): IdentityChange[] {
    const ended: IdentityChange[] = []
    for (const userId of ids) {
      const before = this.#users.get(userId)
      const user = records.users.get(userId)
      const roleId = user?.enabled === true ? user.roleId : undefined
      put(this.#users, userId, roleId)
      if (before !== undefined && before !== roleId) ended.push({ kind: 'user_cut_off', userId })
    }
    return ended
  }

  #updateTokens(records: IdentityRecords, ids: ReadonlySet<string>, now: number): IdentityChange[] {
    const ended: IdentityChange[] = []
    for (const tokenId of ids) {
      const clientId = this.#tokens.get(tokenId)
      const token = records.tokens.get(tokenId)
      const end = token ? endOf(token, now) : 'regenerated'
      put(this.#tokens, tokenId, end === undefined ? token?.clientId : undefined)
      if (token && end === undefined) {
        this.#soonestEnd = Math.min(this.#soonestEnd, endTime(token))
      } else if (clientId !== undefined && end !== undefined && records.clients.has(clientId)) {
        ended.push({ kind: 'token_ended', clientId, tokenId, reason: end })
      }
    }
    return ended
  }
}

function touchedBy(changes: readonly IdentityStoreChange[]): Touched {
  const touched = {
    clients: new Set<string>(),
    tokens: new Set<string>(),
    users: new Set<string>(),
  }
  for (const change of changes) {
    if (change.kind === 'put_client') touched.clients.add(change.client.id)
    else if (change.kind === 'remove_client') touched.clients.add(change.clientId)
    else if (change.kind === 'put_token') touched.tokens.add(change.token.id)
    else if (change.kind === 'remove_token') touched.tokens.add(change.tokenId)
    else if (change.kind === 'put_user') touched.users.add(change.user.id)
    else if (change.kind === 'remove_user') touched.users.add(change.userId)
  }
  return touched
}

function put(map: Map<string, string>, key: string, value: string | undefined): void {
  if (value === undefined) map.delete(key)
  else map.set(key, value)
}
