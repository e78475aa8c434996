/**
 * Puts identity together from its books, over a store and a key ring.
 *
 * The first opening of a store makes the built-in roles and the shipped default permissions, and
 * binds the store to the key ring; a later one with other keys is refused, because every token
 * would look wrong.
 */
import { Emitter } from '../base/emitter.ts'
import { GatewayError } from '../base/gateway-error.ts'
import type { Log } from '../base/log.ts'
import { Delays } from './delays.ts'
import { Authenticator } from './authenticator.ts'
import { AuthorityCache } from './authority-cache.ts'
import { defaultPoolRow } from './built-in-pool.ts'
import { ADMINISTRATOR_ROLE_ID, BUILT_IN_ROLES } from './built-in-roles.ts'
import { ClientBook } from './client-book.ts'
import type { TokensShow } from './client-book.ts'
import { ConsoleSessions } from './console-sessions.ts'
import type { ConsoleSessionSettings } from './console-sessions.ts'
import type { ConsoleSessionStore } from './console-session-store.ts'
import { cutOffReason } from './cut-off-reason.ts'
import { DefaultBook } from './default-book.ts'
import { SHIPPED_DEFAULTS, shippedDefaultGrants } from './default-grant-rules.ts'
import type { Defaults } from './defaults.ts'
import { GrantBook } from './grant-book.ts'
import type { FirstObjects } from './grant-book.ts'
import type { Identity, IdentityChange } from './identity.ts'
import { IdentityLedger } from './identity-ledger.ts'
import type { IdentityState, IdentityStore, IdentityStoreChange } from './identity-store.ts'
import { isProvenBy, keyCheck } from './key-check.ts'
import type { KeyRing } from './key-ring.ts'
import { PoolBook } from './pool-book.ts'
import type { Pools } from './pools.ts'
import type { SavedQueries } from './saved-queries.ts'
import { SavedQueryBook } from './saved-query-book.ts'
import { PasswordHasher } from './password-hasher.ts'
import { PasswordSignIn } from './password-sign-in.ts'
import { rewrapTokens, rootKeyUses } from './root-key-uses.ts'
import type { RootKeyUse } from './root-key-uses.ts'
import { RoleBook } from './role-book.ts'
import { SignInThrottle } from './sign-in-throttle.ts'
import { TokenMint } from './token-mint.ts'
import type { TokenLifetime } from './token-mint.ts'
import { TokenSecrets } from './token-secrets.ts'
import { TokenThrottle } from './token-throttle.ts'
import { TokenUses } from './token-uses.ts'
import { UserBook } from './user-book.ts'
import type { ConsoleSignIn, Users } from './users.ts'

export interface IdentitySettings {
  readonly console: ConsoleSessionSettings
  readonly tokensShow: TokensShow
  readonly tokenLifetime: TokenLifetime
}

export interface OpenIdentity extends Identity {
  /**
   * Gives PUBLIC its first grants, once the catalogue knows the ids of `master` and its schema
   * `public`. Does nothing when it was done before for this schema.
   */
  bootstrap(first: FirstObjects): Promise<void>
  /**
   * Seals again, under the current root key, all tokens that are sealed under an older one. Does
   * nothing when there are none: a rotation that was cut off is taken up again with it.
   */
  rewrapTokens(): Promise<{ rewrapped: number }>
  /** What each root key is still needed for, oldest first. */
  rootKeyUses(): readonly RootKeyUse[]
}

/**
 * @param parts.clock milliseconds since 1970, such as `Date.now`.
 * @throws GatewayError `object_not_in_prerequisite_state` when the keys are not this store's.
 */
export async function openIdentity(parts: {
  store: IdentityStore
  consoleSessions: ConsoleSessionStore
  secrets: KeyRing
  settings: IdentitySettings
  clock: () => number
  log: Log
}): Promise<OpenIdentity> {
  const { store, settings, clock, log } = parts
  const state = await prepared(store, parts.secrets, clock)
  const changes = new Emitter<IdentityChange>()
  const ledger = new IdentityLedger({ store, state, changes, clock, log })
  const secrets = new TokenSecrets(parts.secrets)
  const uses = new TokenUses(store, clock, log)
  const delays = new Delays()
  const mint = new TokenMint(secrets, settings.tokenLifetime, clock)
  const roles = new RoleBook(ledger, clock)
  const grants = new GrantBook(ledger)
  const defaults = new DefaultBook(ledger)
  const pools = new PoolBook(ledger, clock)
  const savedQueries = new SavedQueryBook(ledger, clock)
  const { tokensShow } = settings
  const clients = new ClientBook({ ledger, mint, secrets, uses, tokensShow, clock })
  const throttle = new TokenThrottle()
  const authenticator = new Authenticator({ ledger, secrets, throttle, delays, clock })
  const hasher = new PasswordHasher()
  const users = new UserBook({ ledger, hasher, clock })
  const signInThrottle = new SignInThrottle(clock, delays)
  const passwords = new PasswordSignIn({ ledger, hasher, throttle: signInThrottle })
  const sessions = new ConsoleSessions({
    store: parts.consoleSessions,
    rows: await parts.consoleSessions.load(),
    ledger,
    changes,
    settings: settings.console,
    clock,
    log,
  })
  await buryEndedTokens(ledger, mint)
  let isToBury = false
  changes.on((change) => {
    if (change.kind !== 'token_ended' || isToBury) return // those that end together go together
    isToBury = true
    queueMicrotask(() => {
      isToBury = false
      buryEndedTokens(ledger, mint).catch((error: unknown) =>
        log.warn({ error }, 'an ended token could not be wiped'),
      )
    })
  })
  const rootKeys = {
    rewrapTokens: () => rewrapTokens(ledger, secrets, parts.secrets, log),
    rootKeyUses: () => rootKeyUses(ledger.records, parts.secrets, clock()),
  }
  return asIdentity({
    store,
    changes,
    ledger,
    roles,
    grants,
    defaults,
    pools,
    savedQueries,
    clients,
    users,
    passwords,
    sessions,
    authenticator,
    uses,
    delays,
    rootKeys,
    clock,
  })
}

function asIdentity(parts: {
  store: IdentityStore
  changes: Emitter<IdentityChange>
  ledger: IdentityLedger
  roles: RoleBook
  grants: GrantBook
  defaults: DefaultBook
  pools: PoolBook
  savedQueries: SavedQueryBook
  clients: ClientBook
  users: UserBook
  passwords: PasswordSignIn
  sessions: ConsoleSessions
  authenticator: Authenticator
  uses: TokenUses
  delays: Delays
  rootKeys: Pick<OpenIdentity, 'rewrapTokens' | 'rootKeyUses'>
  clock: () => number
}): OpenIdentity {
  const { store, changes, ledger, roles, grants, clients, authenticator, uses, clock } = parts
  const { sessions, delays, rootKeys } = parts
  const authorities = new AuthorityCache(ledger)
  return {
    changes,
    listed: ledger.listed,
    get grantsVersion() {
      return ledger.grantsVersion
    },
    authenticate: (attempt) => authenticator.authenticate(attempt),
    localAdministrator: () => ({ kind: 'local', roleId: ADMINISTRATOR_ROLE_ID }),
    authority: (roleId) => authorities.of(roleId),
    cutOff: (principal) =>
      cutOffReason(ledger.records, principal, clock(), (id) => sessions.isLive(id)),
    underWay: (work) => ledger.underWay.during(work),

    listRoles: () => roles.list(),
    findRole: (name) => roles.find(name),
    grantsOf: (roleId) => grants.of(roleId),
    listClients: () => clients.list(),
    findClient: (name) => clients.find(name),
    clientWithId: (clientId) => clients.withId(clientId),
    limitsOf: (clientId) => clients.limitsOf(clientId),
    recentUses: async (name, sinceMs) => {
      await uses.flush()
      return await store.usesOf(clients.idOf(name), new Date(sinceMs).toISOString())
    },
    endingTokens: () => clients.endingTokens(),
    clientNames: (filter) => clients.names(filter),
    clientOfToken: (tokenId) => clients.ofToken(tokenId),

    createRole: (name, attributes, options) => roles.create(name, attributes, options),
    dropRole: (name, check) => roles.drop(name, check),
    changeRole: (name, change, check) => roles.change(name, change, check),
    async renameRole(name, newName) {
      await roles.change(name, { name: newName })
    },
    async setRoleAttributes(name, attributes) {
      await roles.change(name, attributes)
    },
    grantRoles: (names, members, adminOption) => roles.grant(names, members, adminOption),
    revokeRoles: (names, members, adminOnly) => roles.revoke(names, members, adminOnly),
    grant: (rows) => grants.grant(rows),
    revoke: (rows) => grants.revoke(rows),
    sweepGrants: (existing) => grants.sweep(existing),
    forgetObjects: (ids) => grants.forget(ids),
    bootstrap: (first) => grants.bootstrap(first),
    rewrapTokens: rootKeys.rewrapTokens,
    rootKeyUses: rootKeys.rootKeyUses,

    createClient: (request, options) => clients.create(request, options),
    changeClient: (name, change, checks) => clients.change(name, change, checks),
    setClientEnabled: (name, enabled, check) => clients.setEnabled(name, enabled, check),
    regenerateToken: (name, graceMs, check) => clients.regenerate(name, graceMs, check),
    endPreviousToken: (name, check) => clients.endPrevious(name, check),
    showToken: (name, check) => clients.show(name, check),
    deleteClient: (name, check) => clients.delete(name, check),
    designateJobsClient: (name, check) => clients.designateJobs(name, check),
    recordUse: (tokenId, use) => uses.record(tokenId, use),

    ...aboutDefaults(parts.defaults),
    ...aboutPools(parts.pools),
    ...aboutSavedQueries(parts.savedQueries),
    ...aboutUsers(parts),

    async stop() {
      delays.stop()
      await sessions.stop()
      await ledger.stop()
      await uses.flush()
    },
  }
}

function aboutDefaults(defaults: DefaultBook): Defaults {
  return {
    listDefaultGrants: () => defaults.list(),
    addDefaultGrants: (rules) => defaults.add(rules),
    dropDefaultGrants: (rules) => defaults.drop(rules),
    grantDefaults: (roleId, objects) => defaults.grantOn(roleId, objects),
    defaultSchemaOf: (roleId, databaseId) => defaults.schemaOf(roleId, databaseId),
    setDefaultSchema: (role, schema) => defaults.setSchema(role, schema),
  }
}

function aboutSavedQueries(queries: SavedQueryBook): SavedQueries {
  return {
    listSavedQueries: (database) => queries.list(database),
    saveQuery: (query) => queries.save(query),
    dropSavedQuery: (id) => queries.drop(id),
  }
}

function aboutPools(pools: PoolBook): Pools {
  return {
    listPools: () => pools.list(),
    findPool: (name) => pools.find(name),
    defaultPool: () => pools.default(),
    createPool: (request, once) => pools.create(request, once),
    changePool: (name, change, check) => pools.change(name, change, check),
    dropPool: (name, check) => pools.drop(name, check),
  }
}

function aboutUsers(parts: {
  ledger: IdentityLedger
  users: UserBook
  passwords: PasswordSignIn
  sessions: ConsoleSessions
  clock: () => number
}): Users & ConsoleSignIn {
  const { ledger, users, passwords, sessions, clock } = parts
  return {
    listUsers: () => users.list(),
    findUser: (name) => users.find(name),
    createUser: (request, options) => users.create(request, options),
    setUserEnabled: (name, enabled, check) => users.setEnabled(name, enabled, check),
    setUserRole: (name, role, checks) => users.setRole(name, role, checks),
    deleteUser: (name, check) => users.delete(name, check),
    makeLink: (name, check) => users.makeLink(name, check),
    makeSetupLink: () => users.makeSetupLink(),
    lookAtLink: (secret) => users.lookAtLink(secret),

    provePassword: (attempt) => passwords.prove(attempt),
    async redeemLink(request) {
      const userId = await users.redeemLink(request)
      await sessions.endAllOf(userId)
      return { userId, by: 'one_time_link' }
    },
    async openConsoleSession(proven, origin) {
      const signedIn = await sessions.open(proven, origin)
      await ledger.recordSignIn(proven.userId, new Date(clock()).toISOString())
      return signedIn
    },
    findConsoleSession: (secret, isActivity) => sessions.find(secret, isActivity),
    holdConsoleSession: (sessionId) => sessions.hold(sessionId),
    renewConsoleSession: (sessionId, proven) => sessions.renew(sessionId, proven),
    endConsoleSession: (sessionId) => sessions.end([sessionId]),
    async changePassword({ newPassword, keep, ...attempt }) {
      const { userId } = await passwords.prove(attempt)
      await users.setPassword(userId, newPassword)
      await sessions.endAllOf(userId, keep)
    },
  }
}

async function prepared(
  store: IdentityStore,
  keys: KeyRing,
  clock: () => number,
): Promise<IdentityState> {
  const state = await store.load()
  const known = state.properties.keyCheck
  if (known !== undefined && !isProvenBy(keys, known)) {
    throw new GatewayError(
      'object_not_in_prerequisite_state',
      'the key file belongs to another installation',
      { hint: 'Put back the secrets directory that this data directory was started with.' },
    )
  }
  const changes: IdentityStoreChange[] = []
  if (known === undefined) {
    for (const role of BUILT_IN_ROLES) changes.push({ kind: 'put_role', role })
    changes.push({ kind: 'set_property', name: 'keyCheck', value: keyCheck(keys) })
  }
  const hadDefaults = Number(state.properties.shippedDefaults ?? 0)
  if (hadDefaults < SHIPPED_DEFAULTS) {
    for (const rule of shippedDefaultGrants(hadDefaults)) {
      changes.push({ kind: 'put_default_grant', rule })
    }
    changes.push({ kind: 'set_property', name: 'shippedDefaults', value: String(SHIPPED_DEFAULTS) })
  }
  if (state.pools.length === 0) changes.push({ kind: 'put_pool', pool: defaultPoolRow(clock()) })
  if (changes.length === 0) return state
  await store.commit(state.version, changes)
  return store.load()
}

/** A token whose grace is over must not be readable from the store any longer. */
function buryEndedTokens(ledger: IdentityLedger, mint: TokenMint): Promise<void> {
  return ledger.change((records) => ({
    changes: [...records.tokens.values()]
      .map((token) => ({ token, buried: mint.buried(token) }))
      .filter(({ token, buried }) => buried !== token)
      .map(({ buried }) => ({ kind: 'put_token', token: buried })),
    result: undefined,
  }))
}
