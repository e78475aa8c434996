/** A store that forgets at the end: for the unit tests of whoever needs an `Identity`. */
import { GatewayError } from '../base/gateway-error.ts'
import { assert } from '../base/assert.ts'
import { IdentityRecords } from './identity-records.ts'
import type {
  IdentityState,
  IdentityStore,
  IdentityStoreChange,
  TokenUseRow,
} from './identity-store.ts'

const EMPTY: IdentityState = {
  version: 0,
  properties: {},
  roles: [],
  memberships: [],
  grants: [],
  clients: [],
  tokens: [],
  creations: [],
}

export class MemoryIdentityStore implements IdentityStore {
  #state = EMPTY

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
    return Promise.resolve(expectedVersion + 1)
  }

  recordUses(uses: readonly TokenUseRow[]): Promise<void> {
    const records = new IdentityRecords(this.#state)
    for (const use of uses) records.applyUse(use)
    this.#state = stateOf(this.#state.version, records)
    return Promise.resolve()
  }
}

function stateOf(version: number, records: IdentityRecords): IdentityState {
  return {
    version,
    properties: Object.fromEntries(records.properties),
    roles: [...records.roles.values()],
    memberships: [...records.memberships.values()].flatMap((of) => [...of.values()]),
    grants: [...records.grants.values()].flatMap((of) => [...of.values()]),
    clients: [...records.clients.values()],
    tokens: [...records.tokens.values()],
    creations: [...records.creations.values()],
  }
}

function checkReferences(records: IdentityRecords): void {
  const state = stateOf(0, records)
  const role = (id: string): void => assert(records.roles.has(id), `role ${id} exists`)
  for (const { roleId, memberId } of state.memberships) {
    role(roleId)
    role(memberId)
  }
  for (const { roleId } of [...state.grants, ...state.clients]) role(roleId)
  for (const { clientId } of state.tokens) {
    assert(records.clients.has(clientId), `client ${clientId} exists`)
  }
}
