/** A store that forgets at the end: for the unit tests of whoever needs an `Identity`. */
import { GatewayError } from '../base/gateway-error.ts'
import { assert } from '../base/assert.ts'
import { IdentityRecords } from './identity-records.ts'
import type {
  ClientUseRow,
  IdentityState,
  IdentityStore,
  IdentityStoreChange,
  TokenUseRow,
} from './identity-store.ts'
import { CLIENT_USES_MAX } from './identity-store.ts'

const EMPTY: IdentityState = {
  version: 0,
  properties: {},
  roles: [],
  memberships: [],
  grants: [],
  defaultGrants: [],
  defaultSchemas: [],
  clients: [],
  tokens: [],
  users: [],
  links: [],
  creations: [],
  pools: [],
  savedQueries: [],
}

export class MemoryIdentityStore implements IdentityStore {
  #state = EMPTY
  /** By client. */
  readonly #uses = new Map<string, ClientUseRow[]>()

  load(): Promise<IdentityState> {
    return Promise.resolve(this.#state)
  }

  async commit(expectedVersion: number, changes: readonly IdentityStoreChange[]): Promise<number> {
    if (this.#state.version !== expectedVersion) {
      throw new GatewayError('conflict', `the state has version ${this.#state.version}`)
    }
    const records = new IdentityRecords(this.#state)
    for (const change of changes) records.apply(change)
    checkReferences(records)
    this.#state = stateOf(expectedVersion + 1, records)
    for (const clientId of this.#uses.keys()) {
      if (!records.clients.has(clientId)) this.#uses.delete(clientId)
    }
    return Promise.resolve(expectedVersion + 1)
  }

  recordUses(uses: readonly TokenUseRow[]): Promise<void> {
    const records = new IdentityRecords(this.#state)
    for (const use of uses) {
      records.applyUse(use)
      const clientId = records.tokens.get(use.tokenId)?.clientId
      if (clientId !== undefined) this.#addUse(clientId, use)
    }
    this.#state = stateOf(this.#state.version, records)
    return Promise.resolve()
  }

  recordSignIn(userId: string, at: string): Promise<void> {
    const records = new IdentityRecords(this.#state)
    records.applySignIn(userId, at)
    this.#state = stateOf(this.#state.version, records)
    return Promise.resolve()
  }

  usesOf(clientId: string, since: string): Promise<ClientUseRow[]> {
    const uses = this.#uses.get(clientId) ?? []
    return Promise.resolve(uses.filter(({ lastUsedAt }) => lastUsedAt >= since))
  }

  #addUse(clientId: string, { tool, address, firstAt, at, uses }: TokenUseRow): void {
    const known = this.#uses.get(clientId) ?? []
    const isThis = (use: ClientUseRow): boolean => use.tool === tool && use.address === address
    const before = known.find(isThis)
    const sum: ClientUseRow = {
      tool,
      address,
      firstUsedAt: before && before.firstUsedAt < firstAt ? before.firstUsedAt : firstAt,
      lastUsedAt: before && before.lastUsedAt > at ? before.lastUsedAt : at,
      uses: (before?.uses ?? 0) + uses,
    }
    const all = [...known.filter((use) => !isThis(use)), sum]
    const newestFirst = all.toSorted((a, b) => (a.lastUsedAt > b.lastUsedAt ? -1 : 1))
    this.#uses.set(clientId, newestFirst.slice(0, CLIENT_USES_MAX))
  }
}

function stateOf(version: number, records: IdentityRecords): IdentityState {
  return {
    version,
    properties: Object.fromEntries(records.properties),
    roles: [...records.roles.values()],
    memberships: [...records.memberships.values()].flatMap((of) => [...of.values()]),
    grants: [...records.grants.values()].flatMap((of) => [...of.values()]),
    defaultGrants: [...records.defaultGrants.values()],
    defaultSchemas: [...records.defaultSchemas.values()].flatMap((of) => [...of.values()]),
    clients: [...records.clients.values()],
    tokens: [...records.tokens.values()],
    users: [...records.users.values()],
    links: [...records.links.values()],
    creations: [...records.creations.values()],
    pools: [...records.pools.values()],
    savedQueries: [...records.savedQueries.values()],
  }
}

function checkReferences(records: IdentityRecords): void {
  const state = stateOf(0, records)
  const role = (id: string): void => assert(records.roles.has(id), `role ${id} exists`)
  for (const { roleId, memberId } of state.memberships) {
    role(roleId)
    role(memberId)
  }
  for (const { roleId } of [...state.grants, ...state.clients, ...state.users]) role(roleId)
  for (const { roleId } of state.defaultSchemas) role(roleId)
  for (const { creatorId, granteeId } of state.defaultGrants) {
    if (creatorId !== undefined) role(creatorId)
    if (granteeId !== undefined) role(granteeId)
  }
  for (const { userId } of state.links) {
    assert(userId === undefined || records.users.has(userId), `user ${userId} exists`)
  }
  for (const { clientId } of state.tokens) {
    assert(records.clients.has(clientId), `client ${clientId} exists`)
  }
}
