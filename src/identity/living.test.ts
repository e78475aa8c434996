import fc from 'fast-check'
import { beforeEach, expect, test } from 'vitest'
import { IdentityRecords } from './identity-records.ts'
import type { ClientRow, IdentityStoreChange, TokenRow, UserRow } from './identity-store.ts'
import { Living } from './living.ts'

const NOW = Date.parse('2026-01-01T00:00:00Z')

let records: IdentityRecords
let living: Living

beforeEach(() => {
  records = emptyRecords()
  living = new Living()
  living.update(records, NOW)
})

test('what begins to live is not told; what ends is, and only once', () => {
  expect(change(putClient('bi'), putToken('t1', 'bi'), putUser('ada'))).toEqual([])
  expect(change(putClient('bi', { enabled: false }))).toEqual([
    { kind: 'client_cut_off', clientId: 'bi' },
  ])
  expect(change(putClient('bi', { enabled: false }))).toEqual([])
  expect(change({ kind: 'remove_user', userId: 'ada' })).toEqual([
    { kind: 'user_cut_off', userId: 'ada' },
  ])
})

test('another role is told of clients and users', () => {
  change(putClient('bi'), putUser('ada'))
  expect(change(putClient('bi', { roleId: 'other' }), putUser('ada', 'other'))).toEqual([
    { kind: 'client_role_changed', clientId: 'bi' },
    { kind: 'user_cut_off', userId: 'ada' },
  ])
})

test('a token that the clock ended is told with the next change, whatever that touches', () => {
  change(putClient('bi'), putToken('t1', 'bi', { expiresAt: instant(1000) }))
  expect(living.soonestEnd).toBe(NOW + 1000)
  expect(change(putUser('ada'))).toEqual([])
  records.apply(putUser('eve'))
  expect(living.update(records, NOW + 1000, [putUser('eve')])).toEqual([
    { kind: 'token_ended', clientId: 'bi', tokenId: 't1', reason: 'expired' },
  ])
  expect(living.soonestEnd).toBe(Infinity)
})

test('tokens of a client that is gone are not told one by one', () => {
  change(putClient('bi'), putToken('t1', 'bi'))
  expect(
    change({ kind: 'remove_token', tokenId: 't1' }, { kind: 'remove_client', clientId: 'bi' }),
  ).toEqual([{ kind: 'client_cut_off', clientId: 'bi' }])
})

test('looking at what was touched tells what looking at everything tells', () => {
  fc.assert(
    fc.property(fc.array(fc.array(aChange, { maxLength: 4 }), { maxLength: 12 }), (commits) => {
      const state = emptyRecords()
      const [partly, wholly] = [new Living(), new Living()]
      for (const [step, changes] of commits.entries()) {
        for (const each of changes) state.apply(each)
        const now = NOW + step * 500
        const told = partly.update(state, now, changes).map((each) => JSON.stringify(each))
        const all = wholly.update(state, now).map((each) => JSON.stringify(each))
        expect(told.toSorted()).toEqual(all.toSorted())
      }
    }),
  )
})

function change(...changes: IdentityStoreChange[]) {
  for (const each of changes) records.apply(each)
  return living.update(records, NOW, changes)
}

const someId = fc.constantFrom('a', 'b', 'c')
const someTime = fc.option(fc.integer({ min: 0, max: 6000 }).map(instant), { nil: undefined })
const aChange: fc.Arbitrary<IdentityStoreChange> = fc.oneof(
  fc.tuple(someId, someId, fc.boolean()).map(([id, roleId, enabled]) => {
    return putClient(id, { roleId, enabled })
  }),
  fc.tuple(someId, someId, someTime, someTime).map(([id, clientId, expiresAt, endsAt]) => {
    return putToken(`token of ${clientId} ${id}`, clientId, { expiresAt, endsAt })
  }),
  fc.tuple(someId, someId).map(([id, roleId]) => putUser(id, roleId)),
  someId.map((clientId): IdentityStoreChange => ({ kind: 'remove_client', clientId })),
  fc.tuple(someId, someId).map(([id, clientId]): IdentityStoreChange => {
    return { kind: 'remove_token', tokenId: `token of ${clientId} ${id}` }
  }),
  someId.map((userId): IdentityStoreChange => ({ kind: 'remove_user', userId })),
)

function emptyRecords(): IdentityRecords {
  const none = { roles: [], memberships: [], grants: [], clients: [], tokens: [], users: [] }
  const defaults = { defaultGrants: [], defaultSchemas: [] }
  return new IdentityRecords({
    version: 0,
    properties: {},
    ...defaults,
    links: [],
    creations: [],
    pools: [],
    savedQueries: [],
    ...none,
  })
}

function instant(afterMs: number): string {
  return new Date(NOW + afterMs).toISOString()
}

function putClient(id: string, change: Partial<ClientRow> = {}): IdentityStoreChange {
  const client: ClientRow = {
    id,
    name: id,
    label: undefined,
    roleId: 'role',
    enabled: true,
    jobs: false,
    createdAt: instant(0),
    allowedAddresses: [],
    limits: {},
    scramSalt: new Uint8Array(16),
    scramIterations: 1,
    ...change,
  }
  return { kind: 'put_client', client }
}

function putToken(
  id: string,
  clientId: string,
  change: Partial<TokenRow> = {},
): IdentityStoreChange {
  const token: TokenRow = {
    id,
    clientId,
    digest: new Uint8Array(32),
    pepperVersion: 1,
    sealed: undefined,
    scram: undefined,
    createdAt: instant(0),
    expiresAt: undefined,
    endsAt: undefined,
    lastUse: undefined,
    ...change,
  }
  return { kind: 'put_token', token }
}

function putUser(id: string, roleId = 'role'): IdentityStoreChange {
  const user: UserRow = {
    id,
    name: id,
    roleId,
    enabled: true,
    passwordHash: undefined,
    createdAt: instant(0),
    lastSignInAt: undefined,
  }
  return { kind: 'put_user', user }
}
