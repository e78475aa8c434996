/**
 * Roles, grants, clients and access tokens, users and their console sessions: who may come in, and what a role may do.
 *
 * State is small and lives in memory; every change is written to the store and flushed before the
 * call returns, and then takes effect at once: `changes` is emitted synchronously, before the
 * promise resolves, so that sessions are cut off by the time the administrator sees the answer. What
 * is `underWay` then is waited for.
 */
import type { Emitter } from '../base/emitter.ts'
import type { Permission } from '../base/permission-name.ts'
import type { GatewayError } from '../base/gateway-error.ts'
import type { Authority } from './authority.ts'
import type { ClientLimits, ClientLimitsChange } from './client-limits.ts'
import type { CreationKey } from './creation-key.ts'
import type { Defaults } from './defaults.ts'
import type { ObjectRef } from './permission.ts'
import type { Pools } from './pools.ts'
import type { ClientPrincipal, Principal } from './principal.ts'
import type { SavedQueries } from './saved-queries.ts'
import type { ConsoleSignIn, Users } from './users.ts'

export interface Identity extends Users, ConsoleSignIn, Defaults, Pools, SavedQueries {
  readonly changes: Emitter<IdentityChange>
  /** Told after `changes`, when a list shows other things than before: for those who show it. */
  readonly listed: Emitter<'clients' | 'roles' | 'users' | 'pools'>
  /** Grows with every change of a role, a membership or a grant. */
  readonly grantsVersion: number

  // ── Asking ────────────────────────────────────────────────────────────────────────────────

  /**
   * Proves a client's access token.
   *
   * Unknown client, unknown token, wrong secret, a token of another client, disabled, expired,
   * outside the address list: the same error (`invalid_password`), the same work. Too many
   * failures from one address or for one token id: the same error, later. The true reason is in
   * `cause` (an `AuthenticationFailure`), for the audit alone. Only after the secret was proven, a
   * disabled client or a role without LOGIN gets `invalid_authorization` with a helpful text (and
   * its reason in `cause` too).
   */
  authenticate(attempt: AuthenticationAttempt): Promise<ClientPrincipal>

  /** The built-in role of the local administrator. */
  localAdministrator(): Principal

  /** @throws GatewayError `undefined_object` when the role was dropped. */
  authority(roleId: string): Authority

  /** Why `principal` must stop at once, or undefined while it may go on. Cheap: asked per statement. */
  cutOff(principal: Principal): GatewayError | undefined

  /**
   * `work` itself. A change that is made while it runs takes effect at once, and resolves when the work
   * is over. For commits: to be called in the turn in which the rights for it were looked at.
   */
  underWay<T>(work: Promise<T>): Promise<T>

  listRoles(): readonly RoleInfo[]
  findRole(name: string): RoleInfo | undefined
  grantsOf(roleId: string): readonly GrantInfo[]
  listClients(): readonly ClientInfo[]
  findClient(name: string): ClientInfo | undefined
  clientWithId(clientId: string): ClientInfo | undefined
  /** None when there is no such client. Cheap: asked per statement. */
  limitsOf(clientId: string): ClientLimits
  /**
   * What the client was used with since `sinceMs` (milliseconds since 1970), newest first: the 200
   * newest pairs of tool and address. @throws GatewayError `undefined_object`.
   */
  recentUses(clientName: string, sinceMs: number): Promise<readonly ClientUse[]>
  /**
   * Sorted; only those with `search` in name or label, whatever the case, and with that role. Cheap,
   * unlike `listClients`.
   */
  clientNames(filter?: { readonly search?: string; readonly roleId?: string }): readonly string[]
  /** The present tokens of enabled clients that have an end, ended ones among them. In no order; cheap. */
  endingTokens(): readonly EndingToken[]
  /** The client whose token this is or was. */
  clientOfToken(tokenId: string): { readonly id: string; readonly name: string } | undefined

  // ── Changing. Every one checks names, throws a GatewayError that names field and fix, and is
  //    atomic. None checks whether the actor may: the caller did. ─────────────────────────────

  createRole(
    name: string,
    attributes?: Partial<RoleAttributes>,
    options?: NewRoleOptions,
  ): Promise<RoleInfo>
  /** @throws `dependent_objects_still_exist` naming the clients and users that have it. */
  dropRole(name: string, check?: Check<RoleInfo>): Promise<void>
  /** Several changes as one. */
  changeRole(name: string, change: RoleChange, check?: Check<RoleInfo>): Promise<RoleInfo>
  renameRole(name: string, newName: string): Promise<void>
  setRoleAttributes(name: string, attributes: Partial<RoleAttributes>): Promise<void>
  grantRoles(
    roles: readonly string[],
    members: readonly string[],
    adminOption: boolean,
  ): Promise<void>
  revokeRoles(
    roles: readonly string[],
    members: readonly string[],
    adminOptionOnly: boolean,
  ): Promise<void>
  grant(grants: readonly GrantChange[]): Promise<void>
  revoke(grants: readonly GrantChange[]): Promise<void>
  /** Forgets all grants on objects whose ids are not in `existing`. For the start, after a crash. */
  sweepGrants(existing: ReadonlySet<string>): Promise<{ swept: number }>
  /** Forgets all grants on these objects: they were dropped. */
  forgetObjects(ids: ReadonlySet<string>): Promise<void>

  createClient(
    request: NewClient,
    options?: { readonly once?: CreationKey | undefined; readonly checkRole?: Check<RoleInfo> },
  ): Promise<{ client: ClientInfo; token: string }>
  /** Another role ends the client's open sessions: they hold the old one. */
  changeClient(
    name: string,
    change: ClientChange,
    checks?: { readonly check?: Check<ClientInfo>; readonly checkRole?: Check<RoleInfo> },
  ): Promise<ClientInfo>
  setClientEnabled(name: string, enabled: boolean, check?: Check<ClientInfo>): Promise<ClientInfo>
  /** `graceMs` 0: the old token ends at once. At most 7 days. */
  regenerateToken(
    name: string,
    graceMs: number,
    check?: Check<ClientInfo>,
  ): Promise<{ client: ClientInfo; token: string }>
  /** Ends the grace of the token before. @throws `object_not_in_prerequisite_state` when none works. */
  endPreviousToken(name: string, check?: Check<ClientInfo>): Promise<ClientInfo>
  /** Unseals the live token. @throws `insufficient_privilege` when `tokens.show` forbids it. */
  showToken(name: string, check?: Check<ClientInfo>): Promise<string>
  /** @throws `object_in_use` while it is the Jobs client, with the way out. */
  deleteClient(name: string, check?: Check<ClientInfo>): Promise<void>
  designateJobsClient(name: string, check?: Check<ClientInfo>): Promise<void>
  /** Remembers when, whence and with what tool a token was last used; written within a minute. */
  recordUse(tokenId: string, use: TokenUse): void

  stop(): Promise<void>
}

/**
 * Sees the newest state of what is about to be changed, inside the change: nobody comes between. It
 * throws to refuse; nothing is changed then.
 */
export type Check<Info> = (current: Info) => void

export interface AuthenticationAttempt {
  /** As the tool sent it; undefined for Bearer, where the token alone names the client. */
  readonly clientName: string | undefined
  readonly token: string
  /** The peer's, never what a client claims. */
  readonly address: string
}

export type AuthenticationFailure =
  | 'malformed_token'
  | 'unknown_token'
  | 'wrong_secret'
  | 'other_client'
  | 'ended_token'
  | 'expired_token'
  | 'disabled_client'
  | 'role_without_login'
  | 'address_not_allowed'
  | 'throttled'

export type IdentityChange =
  /** The client may do nothing more: disabled or deleted. */
  | { readonly kind: 'client_cut_off'; readonly clientId: string }
  /** One token ended (regenerated without grace, grace over, expired). */
  | {
      readonly kind: 'token_ended'
      readonly clientId: string
      readonly tokenId: string
      /** `regenerated`: at once, or when its grace was over. */
      readonly reason: 'regenerated' | 'expired'
    }
  /** The user may do nothing more: disabled or deleted; or goes on with another role. */
  | { readonly kind: 'user_cut_off'; readonly userId: string }
  /** Signed out, over, or ended by an administrator. */
  | { readonly kind: 'console_session_ended'; readonly sessionId: string; readonly userId: string }
  /** The client has another role: its sessions hold the old one. */
  | { readonly kind: 'client_role_changed'; readonly clientId: string }
  /** Rights of some roles changed: statements that need what is gone must stop. */
  | { readonly kind: 'grants_changed'; readonly grantsVersion: number }

export interface RoleAttributes {
  readonly login: boolean
  readonly superuser: boolean
  readonly clusterAdmin: boolean
}

export interface RoleInfo extends RoleAttributes {
  readonly id: string
  /** BLUE's small number: `public` 0, `sqream` 1, then ascending. */
  readonly number: number
  readonly name: string
  readonly builtIn: boolean
  readonly memberOf: readonly { readonly role: string; readonly adminOption: boolean }[]
}

export interface GrantInfo {
  readonly permission: Permission
  readonly object: ObjectRef
}

export interface GrantChange {
  readonly role: string
  readonly permission: Permission
  readonly object: ObjectRef
}

export interface NewRoleOptions {
  /** Permissions that it has from the beginning. */
  readonly grants?: readonly GrantInfo[]
  readonly once?: CreationKey | undefined
}

export interface RoleChange extends Partial<RoleAttributes> {
  readonly name?: string
}

/** Absent members stay as they are. */
export interface ClientChange {
  /** null, or empty: none. */
  readonly label?: string | null
  readonly role?: string
  readonly allowedAddresses?: readonly string[]
  /** null: the token never expires. */
  readonly expiresAt?: Date | null
  readonly limits?: ClientLimitsChange
}

export interface NewClient {
  /** 1 to 63 of `a-z 0-9 _ -`, starting with a letter. */
  readonly name: string
  readonly role: string
  readonly label?: string
  readonly expiresAt?: Date
  /** Addresses or CIDR blocks; absent or empty = anywhere. */
  readonly allowedAddresses?: readonly string[]
  readonly limits?: ClientLimitsChange
}

export interface ClientInfo {
  readonly id: string
  readonly name: string
  readonly label: string | undefined
  readonly role: string
  readonly roleId: string
  readonly enabled: boolean
  readonly jobs: boolean
  readonly createdAt: string
  readonly allowedAddresses: readonly string[]
  readonly limits: ClientLimits
  readonly token: TokenInfo
  /** The one before, while its grace lasts. */
  readonly previousToken: TokenInfo | undefined
}

export interface TokenInfo {
  /** The public part: 12 characters base62. */
  readonly id: string
  readonly createdAt: string
  /** Expiry, or the end of the grace. */
  readonly expiresAt: string | undefined
  readonly lastUse: (TokenUse & { readonly at: string }) | undefined
}

/** Uses by one tool from one address, all tokens of the client together. */
export interface ClientUse {
  readonly tool: string
  readonly address: string
  readonly firstUsedAt: string
  readonly lastUsedAt: string
  readonly uses: number
}

export interface EndingToken {
  readonly id: string
  readonly clientName: string
  /** Milliseconds since 1970. */
  readonly endsAt: number
}

export interface TokenUse {
  readonly address: string
  /** application_name or driver, as the tool calls itself. */
  readonly tool: string
}
