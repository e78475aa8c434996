/**
 * The state of identity in memory: the rows of the store, indexed for asking.
 *
 * It knows the shape of the rows and nothing of their meaning; who may change what is the books'.
 */
import { unreachable } from '../base/assert.ts'
import { defaultGrantKey } from './default-grant-key.ts'
import type {
  ClientRow,
  CreationRow,
  DefaultGrantRow,
  DefaultSchemaRow,
  GrantRow,
  IdentityProperty,
  IdentityState,
  IdentityStoreChange,
  LinkRow,
  MembershipRow,
  PoolRow,
  RoleRow,
  TokenRow,
  TokenUseRow,
  UserRow,
} from './identity-store.ts'
import { objectKey } from './object-key.ts'
import type { SavedQuery } from './saved-queries.ts'
import { digestKey } from './secret.ts'
import { userNameKey } from './user-name.ts'

export class IdentityRecords {
  readonly properties = new Map<IdentityProperty, string>()
  readonly roles = new Map<string, RoleRow>()
  /** By member, then by the role that it is a member of. */
  readonly memberships = new Map<string, Map<string, MembershipRow>>()
  /** By role, then by permission and object. */
  readonly grants = new Map<string, Map<string, GrantRow>>()
  /** By `defaultGrantKey`. */
  readonly defaultGrants = new Map<string, DefaultGrantRow>()
  /** By role, then by database. */
  readonly defaultSchemas = new Map<string, Map<string, DefaultSchemaRow>>()
  readonly clients = new Map<string, ClientRow>()
  readonly tokens = new Map<string, TokenRow>()
  readonly creations = new Map<string, CreationRow>()
  readonly #tokensOf = new Map<string, Map<string, TokenRow>>()
  readonly users = new Map<string, UserRow>()
  readonly links = new Map<string, LinkRow>()
  readonly pools = new Map<string, PoolRow>()
  readonly savedQueries = new Map<string, SavedQuery>()
  #clientsByName: readonly string[] | undefined
  /** Ids by folded name. */
  readonly #roleIds = new Map<string, string>()
  readonly #clientIds = new Map<string, string>()
  readonly #userIds = new Map<string, string>()
  /** Ids by digest. */
  readonly #linkIds = new Map<string, string>()

  constructor(state: IdentityState) {
    const { properties } = state
    for (const name of ['keyCheck', 'bootstrappedSchema', 'shippedDefaults'] as const) {
      const value = properties[name]
      if (value !== undefined) this.properties.set(name, value)
    }
    for (const role of state.roles) this.apply({ kind: 'put_role', role })
    for (const membership of state.memberships) this.apply({ kind: 'put_membership', membership })
    for (const grant of state.grants) this.apply({ kind: 'put_grant', grant })
    for (const rule of state.defaultGrants) this.apply({ kind: 'put_default_grant', rule })
    for (const defaultSchema of state.defaultSchemas) {
      this.apply({ kind: 'put_default_schema', defaultSchema })
    }
    for (const client of state.clients) this.apply({ kind: 'put_client', client })
    for (const token of state.tokens) this.apply({ kind: 'put_token', token })
    for (const user of state.users) this.apply({ kind: 'put_user', user })
    for (const link of state.links) this.apply({ kind: 'put_link', link })
    for (const creation of state.creations) this.apply({ kind: 'put_creation', creation })
    for (const pool of state.pools) this.apply({ kind: 'put_pool', pool })
    for (const query of state.savedQueries) this.apply({ kind: 'put_saved_query', query })
  }

  roleByName(name: string): RoleRow | undefined {
    return this.roles.get(this.#roleIds.get(name.toLowerCase()) ?? '')
  }

  clientByName(name: string): ClientRow | undefined {
    return this.clients.get(this.#clientIds.get(name.toLowerCase()) ?? '')
  }

  /** Names of all clients in their order; kept until one is made, deleted or renamed. */
  get clientNames(): readonly string[] {
    this.#clientsByName ??= Array.from(this.clients.values(), ({ name }) => name).toSorted()
    return this.#clientsByName
  }

  userByName(name: string): UserRow | undefined {
    return this.users.get(this.#userIds.get(userNameKey(name)) ?? '')
  }

  linkByDigest(digest: Uint8Array): LinkRow | undefined {
    return this.links.get(this.#linkIds.get(digestKey(digest)) ?? '')
  }

  tokensOf(clientId: string): TokenRow[] {
    return [...(this.#tokensOf.get(clientId)?.values() ?? [])]
  }

  grantsOf(roleId: string): GrantRow[] {
    return [...(this.grants.get(roleId)?.values() ?? [])]
  }

  /** Unlike `put_token`, which keeps the last use that is known. */
  applyUse({ tokenId, at, address, tool }: TokenUseRow): void {
    const token = this.tokens.get(tokenId)
    const isNewer = token && (token.lastUse === undefined || token.lastUse.at <= at)
    if (isNewer) this.#setToken({ ...token, lastUse: { at, address, tool } })
  }

  /** Unlike `put_user`, which keeps the last sign-in that is known. */
  applySignIn(userId: string, at: string): void {
    const user = this.users.get(userId)
    if (user) this.users.set(userId, { ...user, lastSignInAt: at })
  }

  apply(change: IdentityStoreChange): void {
    switch (change.kind) {
      case 'set_property':
        this.properties.set(change.name, change.value)
        return
      case 'put_role':
        putNamed(this.roles, this.#roleIds, change.role)
        return
      case 'remove_role':
        removeNamed(this.roles, this.#roleIds, change.roleId)
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
      case 'put_default_grant':
      case 'remove_default_grant':
      case 'put_default_schema':
      case 'remove_default_schema':
        this.#applyToDefaults(change)
        return
      case 'put_client':
        this.#putClient(change.client)
        return
      case 'remove_client':
        this.#removeClient(change.clientId)
        return
      case 'put_token':
        this.#putToken(change.token)
        return
      case 'remove_token': {
        const clientId = this.tokens.get(change.tokenId)?.clientId
        if (clientId !== undefined) this.#tokensOf.get(clientId)?.delete(change.tokenId)
        this.tokens.delete(change.tokenId)
        return
      }
      case 'put_user': {
        const known = this.users.get(change.user.id)
        const lastSignInAt = known ? known.lastSignInAt : change.user.lastSignInAt
        putNamed(this.users, this.#userIds, { ...change.user, lastSignInAt })
        return
      }
      case 'remove_user':
        removeNamed(this.users, this.#userIds, change.userId)
        return
      case 'put_link':
        this.links.set(change.link.id, change.link)
        this.#linkIds.set(digestKey(change.link.digest), change.link.id)
        return
      case 'remove_link': {
        const link = this.links.get(change.linkId)
        if (link) this.#linkIds.delete(digestKey(link.digest))
        this.links.delete(change.linkId)
        return
      }
      case 'put_creation':
        this.creations.set(change.creation.key, change.creation)
        return
      case 'remove_creation':
        this.creations.delete(change.key)
        return
      case 'put_pool':
        this.pools.set(change.pool.id, change.pool)
        return
      case 'remove_pool':
        this.pools.delete(change.poolId)
        return
      case 'put_saved_query':
        this.savedQueries.set(change.query.id, change.query)
        return
      case 'remove_saved_query':
        this.savedQueries.delete(change.queryId)
        return
      default:
        unreachable(change)
    }
  }

  #applyToDefaults(
    change: Extract<IdentityStoreChange, { kind: `${string}_default_${string}` }>,
  ): void {
    switch (change.kind) {
      case 'put_default_grant':
        this.defaultGrants.set(defaultGrantKey(change.rule), change.rule)
        return
      case 'remove_default_grant':
        this.defaultGrants.delete(defaultGrantKey(change.rule))
        return
      case 'put_default_schema': {
        const { roleId, databaseId } = change.defaultSchema
        inner(this.defaultSchemas, roleId).set(databaseId, change.defaultSchema)
        return
      }
      case 'remove_default_schema': {
        const { roleId, databaseId } = change.defaultSchema
        this.defaultSchemas.get(roleId)?.delete(databaseId)
        return
      }
      default:
        unreachable(change)
    }
  }

  #putClient(client: ClientRow): void {
    if (this.clients.get(client.id)?.name !== client.name) this.#clientsByName = undefined
    putNamed(this.clients, this.#clientIds, client)
  }

  #removeClient(clientId: string): void {
    this.#clientsByName = undefined
    removeNamed(this.clients, this.#clientIds, clientId)
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

interface NamedRow {
  readonly id: string
  readonly name: string
}

function putNamed<Row extends NamedRow>(
  rows: Map<string, Row>,
  ids: Map<string, string>,
  row: Row,
): void {
  forgetName(ids, rows.get(row.id))
  rows.set(row.id, row)
  ids.set(userNameKey(row.name), row.id)
}

function removeNamed(rows: Map<string, NamedRow>, ids: Map<string, string>, id: string): void {
  forgetName(ids, rows.get(id))
  rows.delete(id)
}

/** Another row may have taken the name in the same commit: then it stays. */
function forgetName(ids: Map<string, string>, row: NamedRow | undefined): void {
  if (!row) return
  const key = userNameKey(row.name)
  if (ids.get(key) === row.id) ids.delete(key)
}

function inner<V>(maps: Map<string, Map<string, V>>, key: string): Map<string, V> {
  let map = maps.get(key)
  if (!map) maps.set(key, (map = new Map()))
  return map
}
