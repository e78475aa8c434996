/**
 * The state of identity in memory: the rows of the store, indexed for asking.
 *
 * It knows the shape of the rows and nothing of their meaning; who may change what is the books'.
 */
import { unreachable } from '../base/assert.ts'
import type {
  ClientRow,
  CreationRow,
  GrantRow,
  IdentityProperty,
  IdentityState,
  IdentityStoreChange,
  MembershipRow,
  RoleRow,
  TokenRow,
  TokenUseRow,
} from './identity-store.ts'
import { objectKey } from './object-key.ts'

export class IdentityRecords {
  readonly properties = new Map<IdentityProperty, string>()
  readonly roles = new Map<string, RoleRow>()
  /** By member, then by the role that it is a member of. */
  readonly memberships = new Map<string, Map<string, MembershipRow>>()
  /** By role, then by permission and object. */
  readonly grants = new Map<string, Map<string, GrantRow>>()
  readonly clients = new Map<string, ClientRow>()
  readonly tokens = new Map<string, TokenRow>()
  readonly creations = new Map<string, CreationRow>()
  readonly #tokensOf = new Map<string, Map<string, TokenRow>>()
  readonly #clientIds = new Map<string, string>()

  constructor(state: IdentityState) {
    const { properties } = state
    for (const name of ['keyCheck', 'bootstrappedSchema'] as const) {
      const value = properties[name]
      if (value !== undefined) this.properties.set(name, value)
    }
    for (const role of state.roles) this.apply({ kind: 'put_role', role })
    for (const membership of state.memberships) this.apply({ kind: 'put_membership', membership })
    for (const grant of state.grants) this.apply({ kind: 'put_grant', grant })
    for (const client of state.clients) this.apply({ kind: 'put_client', client })
    for (const token of state.tokens) this.apply({ kind: 'put_token', token })
    for (const creation of state.creations) this.apply({ kind: 'put_creation', creation })
  }

  roleByName(name: string): RoleRow | undefined {
    const folded = name.toLowerCase()
    return [...this.roles.values()].find((role) => role.name.toLowerCase() === folded)
  }

  clientByName(name: string): ClientRow | undefined {
    const id = this.#clientIds.get(name.toLowerCase())
    return id === undefined ? undefined : this.clients.get(id)
  }

  tokensOf(clientId: string): TokenRow[] {
    return [...(this.#tokensOf.get(clientId)?.values() ?? [])]
  }

  grantsOf(roleId: string): GrantRow[] {
    return [...(this.grants.get(roleId)?.values() ?? [])]
  }

  /** Unlike `put_token`, which keeps the last use that is known. */
  applyUse({ tokenId, ...lastUse }: TokenUseRow): void {
    const token = this.tokens.get(tokenId)
    if (token) this.#setToken({ ...token, lastUse })
  }

  apply(change: IdentityStoreChange): void {
    switch (change.kind) {
      case 'set_property':
        this.properties.set(change.name, change.value)
        return
      case 'put_role':
        this.roles.set(change.role.id, change.role)
        return
      case 'remove_role':
        this.roles.delete(change.roleId)
        return
      case 'put_membership':
        inner(this.memberships, change.membership.memberId).set(
          change.membership.roleId,
          change.membership,
        )
        return
      case 'remove_membership':
        this.memberships.get(change.memberId)?.delete(change.roleId)
        return
      case 'put_grant':
        inner(this.grants, change.grant.roleId).set(grantKey(change.grant), change.grant)
        return
      case 'remove_grant':
        this.grants.get(change.grant.roleId)?.delete(grantKey(change.grant))
        return
      case 'put_client':
        this.clients.set(change.client.id, change.client)
        this.#clientIds.set(change.client.name, change.client.id)
        return
      case 'remove_client': {
        const gone = this.clients.get(change.clientId)
        if (gone) this.#clientIds.delete(gone.name)
        this.clients.delete(change.clientId)
        return
      }
      case 'put_token':
        this.#putToken(change.token)
        return
      case 'remove_token': {
        const clientId = this.tokens.get(change.tokenId)?.clientId
        if (clientId !== undefined) this.#tokensOf.get(clientId)?.delete(change.tokenId)
        this.tokens.delete(change.tokenId)
        return
      }
      case 'put_creation':
        this.creations.set(change.creation.key, change.creation)
        return
      case 'remove_creation':
        this.creations.delete(change.key)
        return
      default:
        unreachable(change)
    }
  }

  #putToken(token: TokenRow): void {
    const known = this.tokens.get(token.id)
    this.#setToken(known ? { ...token, lastUse: known.lastUse } : token)
  }

  #setToken(token: TokenRow): void {
    this.tokens.set(token.id, token)
    inner(this.#tokensOf, token.clientId).set(token.id, token)
  }
}

export function grantKey(grant: Pick<GrantRow, 'permission' | 'object'>): string {
  return `${grant.permission} on ${objectKey(grant.object)}`
}

function inner<V>(maps: Map<string, Map<string, V>>, key: string): Map<string, V> {
  let map = maps.get(key)
  if (!map) maps.set(key, (map = new Map()))
  return map
}
