/**
 * What every `IdentityStore` must do. A store's test calls it with a way to open an empty store and
 * to open the same one again.
 */
import { expect, test } from 'vitest'
import type {
  ClientRow,
  CreationRow,
  DefaultGrantRow,
  GrantRow,
  IdentityStore,
  IdentityStoreChange,
  LinkRow,
  PoolRow,
  RoleRow,
  TokenRow,
  TokenUseRow,
  UserRow,
} from './identity-store.ts'
import type { SavedQuery } from './saved-queries.ts'

export interface StoreUnderTest {
  readonly store: IdentityStore
  /** The same state through a new opening, as after a restart. */
  readonly reopen: () => Promise<IdentityStore>
}

const ROLE: RoleRow = {
  id: 'r1',
  number: 2,
  name: 'Analyst@example.org',
  builtIn: false,
  login: true,
  superuser: false,
  clusterAdmin: false,
}

const GROUP: RoleRow = { ...ROLE, id: 'r2', number: 3, name: 'readers', login: false }

const CLIENT: ClientRow = {
  id: 'c1',
  name: 'tableau',
  label: 'Tableau, 3. Stock "West"',
  roleId: ROLE.id,
  enabled: true,
  jobs: false,
  createdAt: '2026-01-02T03:04:05.678Z',
  allowedAddresses: ['10.0.0.0/8', '2001:db8::1'],
  limits: { rowsPerStatement: 1_000, hours: 'daily 08:00-18:00 UTC' },
  scramSalt: Uint8Array.of(0, 1, 255),
  scramIterations: 4096,
}

const TOKEN: TokenRow = {
  id: 'abcdefghijkl',
  clientId: CLIENT.id,
  digest: Uint8Array.of(1, 2, 3),
  pepperVersion: 1,
  sealed: Uint8Array.of(4, 0, 6),
  scram: { storedKey: Uint8Array.of(7), serverKey: Uint8Array.of(8) },
  createdAt: '2026-01-02T03:04:05.678Z',
  expiresAt: '2027-01-02T03:04:05.678Z',
  endsAt: undefined,
  lastUse: undefined,
}

const USER: UserRow = {
  id: 'u1',
  name: 'Ünal@example.org',
  roleId: ROLE.id,
  enabled: true,
  passwordHash: '$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$ZGlnZXN0',
  createdAt: '2026-01-02T03:04:05.678Z',
  lastSignInAt: undefined,
}

const LINK: LinkRow = {
  id: 'l1',
  purpose: 'reset',
  userId: USER.id,
  digest: Uint8Array.of(9, 0, 9),
  createdAt: '2026-01-02T03:04:05.678Z',
  expiresAt: '2026-01-03T03:04:05.678Z',
}
const SETUP: LinkRow = {
  ...LINK,
  id: 'l2',
  purpose: 'setup',
  userId: undefined,
  digest: Uint8Array.of(8),
  expiresAt: undefined,
}

const TABLE = { kind: 'table', databaseId: 'd', schemaId: 's', tableId: 't' } as const
const GRANTS: readonly GrantRow[] = [
  { roleId: ROLE.id, permission: 'CONNECT', object: { kind: 'database', databaseId: 'd' } },
  {
    roleId: ROLE.id,
    permission: 'USAGE',
    object: { kind: 'schema', databaseId: 'd', schemaId: 's' },
  },
  { roleId: ROLE.id, permission: 'SELECT', object: TABLE },
  { roleId: GROUP.id, permission: 'SELECT', object: { ...TABLE, kind: 'view', tableId: 'v' } },
  { roleId: GROUP.id, permission: 'SELECT', object: { ...TABLE, kind: 'column', column: 'Ä b' } },
  {
    roleId: GROUP.id,
    permission: 'EXECUTE',
    object: { kind: 'function', databaseId: 'd', functionId: 'f' },
  },
]

const DEFAULT_GRANTS: readonly DefaultGrantRow[] = [
  {
    creatorId: undefined,
    objectKind: 'table',
    schema: undefined,
    permission: 'SELECT',
    granteeId: undefined,
  },
  {
    creatorId: ROLE.id,
    objectKind: 'view',
    schema: { kind: 'schema', databaseId: 'd', schemaId: 's' },
    permission: 'DDL',
    granteeId: GROUP.id,
  },
  {
    creatorId: undefined,
    objectKind: 'function',
    schema: undefined,
    permission: 'EXECUTE',
    granteeId: GROUP.id,
  },
]
const DEFAULT_SCHEMA = { roleId: ROLE.id, databaseId: 'd', schemaId: 's' }

const CREATION: CreationRow = {
  key: 'digest of caller and key',
  request: 'digest of the request',
  objectId: CLIENT.id,
  tokenId: TOKEN.id,
  createdAt: '2026-01-02T03:04:05.678Z',
}

const POOLS: readonly PoolRow[] = [
  { id: 'p1', name: 'default', isDefault: true, createdAt: '2026-01-02T03:04:05.678Z' },
  {
    id: 'p2',
    name: 'reports',
    isDefault: false,
    createdAt: '2026-01-02T03:04:05.678Z',
    concurrency: 2,
    queueWaitSeconds: 0,
    runSeconds: 600,
  },
]

const CHANGED_POOL: PoolRow = {
  id: 'p2',
  name: 'reports',
  isDefault: false,
  createdAt: '2026-01-02T03:04:05.678Z',
  runSeconds: 60,
}

const SAVED_QUERY: SavedQuery = {
  id: 'q1',
  database: 'master',
  ownerRoleId: ROLE.id,
  name: `it's "one"`,
  text: 'SELECT ?',
  dialect: 'blue',
  createdAt: '2026-01-02T03:04:05.678Z',
}

const EVERYTHING: readonly IdentityStoreChange[] = [
  { kind: 'put_token', token: TOKEN }, // before what it names: the order is free
  { kind: 'put_link', link: LINK },
  { kind: 'put_link', link: SETUP },
  { kind: 'put_user', user: USER },
  { kind: 'put_client', client: CLIENT },
  {
    kind: 'put_membership',
    membership: { roleId: GROUP.id, memberId: ROLE.id, adminOption: true },
  },
  ...GRANTS.map((grant): IdentityStoreChange => ({ kind: 'put_grant', grant })),
  ...DEFAULT_GRANTS.map((rule): IdentityStoreChange => ({ kind: 'put_default_grant', rule })),
  { kind: 'put_default_schema', defaultSchema: DEFAULT_SCHEMA },
  { kind: 'put_role', role: ROLE },
  { kind: 'put_role', role: GROUP },
  { kind: 'set_property', name: 'keyCheck', value: '1 abc' },
  { kind: 'put_creation', creation: CREATION },
  ...POOLS.map((pool): IdentityStoreChange => ({ kind: 'put_pool', pool })),
  { kind: 'put_saved_query', query: SAVED_QUERY },
]

export function identityStoreContract(open: () => Promise<StoreUnderTest>): void {
  keepsWhatWasCommitted(open)
  forgetsWhatWasRemoved(open)
  keepsLastUses(open)
  refusesAsAWhole(open)
}

function keepsWhatWasCommitted(open: () => Promise<StoreUnderTest>): void {
  test('a new store is empty, at version 0', async () => {
    const { store } = await open()
    expect(await store.load()).toEqual({
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
    })
  })

  test('what was committed is there, to the byte, after opening again', async () => {
    const { store, reopen } = await open()
    expect(await store.commit(0, EVERYTHING)).toBe(1)
    for (const state of [await store.load(), await (await reopen()).load()]) {
      expect(state).toMatchObject({ version: 1, properties: { keyCheck: '1 abc' } })
      expect(state.roles).toEqual([ROLE, GROUP])
      expect(state.memberships).toEqual([
        { roleId: GROUP.id, memberId: ROLE.id, adminOption: true },
      ])
      expect(state.grants).toHaveLength(GRANTS.length)
      expect(state.grants).toEqual(expect.arrayContaining([...GRANTS]))
      expect(state.defaultGrants).toHaveLength(DEFAULT_GRANTS.length)
      expect(state.defaultGrants).toEqual(expect.arrayContaining([...DEFAULT_GRANTS]))
      expect(state.defaultSchemas).toEqual([DEFAULT_SCHEMA])
      expect(state.clients.map(plainBytes)).toEqual([plainBytes(CLIENT)])
      expect(state.tokens.map(plainBytes)).toEqual([plainBytes(TOKEN)])
      expect(state.users).toEqual([USER])
      expect(state.links.map(plainBytes)).toEqual([plainBytes(LINK), plainBytes(SETUP)])
      expect(state.creations).toEqual([CREATION])
      expect(state.pools).toEqual(POOLS)
      expect(state.savedQueries).toEqual([SAVED_QUERY])
    }
  })

  test('a second put replaces the row; it makes no second one', async () => {
    const { store } = await open()
    await store.commit(0, EVERYTHING)
    const columnGrant = { ...TABLE, kind: 'column', column: 'Ä B' } as const // another spelling
    await store.commit(1, [
      { kind: 'put_role', role: { ...ROLE, name: 'renamed', superuser: true } },
      { kind: 'put_client', client: { ...CLIENT, enabled: false, label: undefined } },
      { kind: 'put_token', token: { ...TOKEN, sealed: undefined, scram: undefined } },
      {
        kind: 'put_membership',
        membership: { roleId: GROUP.id, memberId: ROLE.id, adminOption: false },
      },
      {
        kind: 'put_grant',
        grant: { roleId: GROUP.id, permission: 'SELECT', object: columnGrant },
      },
      ...DEFAULT_GRANTS.map((rule): IdentityStoreChange => ({ kind: 'put_default_grant', rule })),
      { kind: 'put_default_schema', defaultSchema: { ...DEFAULT_SCHEMA, schemaId: 's2' } },
      { kind: 'set_property', name: 'keyCheck', value: '2 def' },
      { kind: 'put_user', user: { ...USER, enabled: false, passwordHash: undefined } },
      { kind: 'put_link', link: { ...LINK, purpose: 'invitation' } },
      { kind: 'put_creation', creation: { ...CREATION, tokenId: undefined } },
      { kind: 'put_pool', pool: CHANGED_POOL },
      { kind: 'put_saved_query', query: { ...SAVED_QUERY, text: 'SELECT 2' } },
    ])
    const state = await store.load()
    expect(state.roles[0]).toMatchObject({ id: ROLE.id, name: 'renamed', superuser: true })
    expect(state.clients).toMatchObject([{ enabled: false, label: undefined }])
    expect(state.tokens).toMatchObject([{ sealed: undefined, scram: undefined }])
    expect(state.memberships).toMatchObject([{ adminOption: false }])
    expect(state.users).toMatchObject([{ id: USER.id, enabled: false, passwordHash: undefined }])
    expect(state.links).toMatchObject([{ purpose: 'invitation' }, { purpose: 'setup' }])
    expect(state.grants).toHaveLength(GRANTS.length)
    expect(state.defaultGrants).toHaveLength(DEFAULT_GRANTS.length)
    expect(state.defaultSchemas).toEqual([{ ...DEFAULT_SCHEMA, schemaId: 's2' }])
    expect(state.properties).toEqual({ keyCheck: '2 def' })
    expect(state.creations).toEqual([{ ...CREATION, tokenId: undefined }])
    expect(state.pools).toEqual([POOLS[0], CHANGED_POOL])
    expect(state.savedQueries).toEqual([{ ...SAVED_QUERY, text: 'SELECT 2' }])
  })
}

function forgetsWhatWasRemoved(open: () => Promise<StoreUnderTest>): void {
  test('what is removed is gone; removing what is not there does nothing', async () => {
    const { store } = await open()
    await store.commit(0, EVERYTHING)
    await store.commit(1, [
      { kind: 'remove_role', roleId: ROLE.id },
      { kind: 'remove_role', roleId: GROUP.id },
      { kind: 'remove_role', roleId: 'nobody' },
      { kind: 'remove_membership', roleId: GROUP.id, memberId: ROLE.id },
      ...GRANTS.map((grant): IdentityStoreChange => ({ kind: 'remove_grant', grant })),
      ...DEFAULT_GRANTS.map((rule): IdentityStoreChange => ({
        kind: 'remove_default_grant',
        rule,
      })),
      { kind: 'remove_default_schema', defaultSchema: DEFAULT_SCHEMA },
      { kind: 'remove_client', clientId: CLIENT.id },
      { kind: 'remove_token', tokenId: TOKEN.id },
      { kind: 'remove_user', userId: USER.id },
      { kind: 'remove_link', linkId: LINK.id },
      { kind: 'remove_link', linkId: SETUP.id },
      { kind: 'remove_link', linkId: 'unknown' },
      { kind: 'remove_creation', key: CREATION.key },
      ...POOLS.map(({ id }): IdentityStoreChange => ({ kind: 'remove_pool', poolId: id })),
      { kind: 'remove_pool', poolId: 'unknown' },
      { kind: 'remove_saved_query', queryId: SAVED_QUERY.id },
    ])
    const { version, properties, ...rows } = await store.load()
    expect({ version, properties }).toEqual({ version: 2, properties: { keyCheck: '1 abc' } })
    expect(Object.values(rows).flat()).toEqual([])
  })
}

function keepsLastUses(open: () => Promise<StoreUnderTest>): void {
  test('a last use is kept, outlives a put, and is no new version', async () => {
    const { store, reopen } = await open()
    await store.commit(0, EVERYTHING)
    const use = { at: '2026-02-03T04:05:06.789Z', address: '10.1.2.3', tool: 'psql' }
    const sum = { ...use, firstAt: use.at, uses: 1 }
    await store.recordUses([
      { tokenId: TOKEN.id, ...sum },
      { tokenId: 'unknown', ...sum },
    ])
    await store.commit(1, [{ kind: 'put_token', token: { ...TOKEN, endsAt: use.at } }])
    const state = await (await reopen()).load()
    expect(state).toMatchObject({ version: 2, tokens: [{ endsAt: use.at, lastUse: use }] })
  })

  test('a last sign-in is kept, outlives a put, and is no new version', async () => {
    const { store, reopen } = await open()
    await store.commit(0, EVERYTHING)
    await store.recordSignIn(USER.id, timeOf(1))
    await store.recordSignIn('unknown', timeOf(1))
    await store.commit(1, [{ kind: 'put_user', user: { ...USER, enabled: false } }])
    const state = await (await reopen()).load()
    expect(state).toMatchObject({
      version: 2,
      users: [{ enabled: false, lastSignInAt: timeOf(1) }],
    })
  })

  test('uses of a client are summed up by tool and address, and go with the client', async () => {
    const { store, reopen } = await open()
    await store.commit(0, EVERYTHING)
    await store.recordUses([
      useAt(3, { tool: 'psql', uses: 2 }),
      useAt(1, { tool: 'dbt', address: '10.0.0.2' }),
    ])
    await store.recordUses([useAt(5, { tool: 'psql', firstAt: timeOf(4), uses: 3 })])
    await store.recordUses([useAt(2, { tool: 'psql' })]) // late, and of an earlier time
    const again = await reopen()
    const psql = { tool: 'psql', address: '10.0.0.1', firstUsedAt: timeOf(2), uses: 6 }
    const dbt = { tool: 'dbt', address: '10.0.0.2', firstUsedAt: timeOf(1), uses: 1 }
    expect(await again.usesOf(CLIENT.id, timeOf(0))).toEqual([
      { ...psql, lastUsedAt: timeOf(5) },
      { ...dbt, lastUsedAt: timeOf(1) },
    ])
    expect(await again.usesOf(CLIENT.id, timeOf(2))).toMatchObject([{ tool: 'psql' }])
    expect((await again.load()).tokens).toMatchObject([{ lastUse: { at: timeOf(5) } }])
    await again.commit(1, [
      { kind: 'remove_token', tokenId: TOKEN.id },
      { kind: 'remove_client', clientId: CLIENT.id },
    ])
    expect(await again.usesOf(CLIENT.id, timeOf(0))).toEqual([])
  })

  test('of a client that is used with ever new tools the oldest uses are dropped', async () => {
    const { store } = await open()
    await store.commit(0, EVERYTHING)
    const all = Array.from({ length: 205 }, (_, at) => useAt(at, { tool: `tool ${at}` }))
    await store.recordUses(all.slice(0, 100))
    await store.recordUses(all.slice(100))
    const kept = await store.usesOf(CLIENT.id, timeOf(0))
    expect(kept).toHaveLength(200)
    expect([kept[0]?.tool, kept.at(-1)?.tool]).toEqual(['tool 204', 'tool 5'])
  })
}

function timeOf(seconds: number): string {
  return new Date(Date.UTC(2026, 0, 1) + seconds * 1_000).toISOString()
}

function useAt(seconds: number, use: Partial<TokenUseRow>): TokenUseRow {
  const at = timeOf(seconds)
  return { tokenId: TOKEN.id, tool: 'psql', address: '10.0.0.1', firstAt: at, at, uses: 1, ...use }
}

function refusesAsAWhole(open: () => Promise<StoreUnderTest>): void {
  test('a commit on another version is a conflict and changes nothing', async () => {
    const { store } = await open()
    await store.commit(0, EVERYTHING)
    const late = store.commit(0, [{ kind: 'remove_token', tokenId: TOKEN.id }])
    await expect(late).rejects.toMatchObject({ kind: 'conflict' })
    expect(await store.load()).toMatchObject({ version: 1, tokens: [{ id: TOKEN.id }] })
  })

  test('of two commits on one version, one wins', async () => {
    const { store } = await open()
    const attempts = ['a', 'b'].map((value) =>
      store.commit(0, [{ kind: 'set_property', name: 'keyCheck', value }]),
    )
    const outcomes = (await Promise.allSettled(attempts)).map((outcome) => outcome.status)
    expect(outcomes.toSorted()).toEqual(['fulfilled', 'rejected'])
    expect(await store.load()).toMatchObject({ version: 1 })
  })

  test('a commit that leaves a reference without its row is refused whole', async () => {
    const { store } = await open()
    await store.commit(0, EVERYTHING)
    const broken = store.commit(1, [
      { kind: 'set_property', name: 'keyCheck', value: 'changed' },
      { kind: 'remove_role', roleId: ROLE.id },
    ])
    await expect(broken).rejects.toBeInstanceOf(Error)
    const userless = store.commit(1, [{ kind: 'remove_user', userId: USER.id }])
    await expect(userless).rejects.toBeInstanceOf(Error)
    expect(await store.load()).toMatchObject({ version: 1, properties: { keyCheck: '1 abc' } })
    expect(await store.commit(1, [])).toBe(2)
  })
}

/** A store may answer with Buffers where it was given other bytes. */
function plainBytes(row: object): object {
  const entries = Object.entries(row).map(([key, value]: [string, unknown]) => {
    if (value instanceof Uint8Array) return [key, Buffer.from(value).toString('hex')]
    const isRow = typeof value === 'object' && value !== null && !Array.isArray(value)
    return [key, isRow ? plainBytes(value) : value]
  })
  return Object.fromEntries(entries) as object
}
