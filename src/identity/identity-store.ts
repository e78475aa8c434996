/**
 * The port through which identity keeps its state: small, read whole at the start, written change
 * by change. `storage` implements it; `identity-store-contract.ts` is what every store must pass.
 *
 * The version makes it safe for several gateways: whoever decided on an older state than the stored
 * one is told so, reads again, and decides again. Rows hold digests and sealed blobs, no secret.
 * Times are ISO 8601, UTC.
 */
import type { Permission } from '../base/permission-name.ts'
import type { ClientLimits } from './client-limits.ts'
import type { DefaultGrantKind } from './defaults.ts'
import type { ObjectRef } from './permission.ts'
import type { PoolInfo } from './pools.ts'
import type { SavedQuery } from './saved-queries.ts'
import type { LinkPurpose } from './users.ts'

export interface IdentityStore {
  load(): Promise<IdentityState>

  /**
   * Applies all changes in one transaction, on disk before the promise resolves.
   *
   * @returns the new version: `expectedVersion` + 1.
   * @throws GatewayError `conflict` when the stored version is another one; nothing was changed.
   *         After any other error it is unknown whether the changes were made: load again.
   */
  commit(expectedVersion: number, changes: readonly IdentityStoreChange[]): Promise<number>

  /**
   * Keeps last uses of tokens, and adds to the uses of their clients, of which the
   * `CLIENT_USES_MAX` newest are kept. Outside the version: nobody decides on them. Unknown tokens
   * are passed over.
   */
  recordUses(uses: readonly TokenUseRow[]): Promise<void>

  /** Keeps a user's last sign-in. Outside the version too. An unknown user is passed over. */
  recordSignIn(userId: string, at: string): Promise<void>

  /** What the client was used with at or after `since` (ISO 8601), newest first. */
  usesOf(clientId: string, since: string): Promise<ClientUseRow[]>
}

/** Rows of a client: one for each tool and address. */
export const CLIENT_USES_MAX = 200

export interface IdentityState {
  readonly version: number
  readonly properties: Readonly<Partial<Record<IdentityProperty, string>>>
  readonly roles: readonly RoleRow[]
  readonly memberships: readonly MembershipRow[]
  readonly grants: readonly GrantRow[]
  readonly defaultGrants: readonly DefaultGrantRow[]
  readonly defaultSchemas: readonly DefaultSchemaRow[]
  readonly clients: readonly ClientRow[]
  readonly tokens: readonly TokenRow[]
  readonly users: readonly UserRow[]
  readonly links: readonly LinkRow[]
  readonly creations: readonly CreationRow[]
  readonly pools: readonly PoolRow[]
  readonly savedQueries: readonly SavedQuery[]
}

/**
 * `keyCheck`: proves that the key file belongs to this store.
 * `bootstrappedSchema`: id of the first `public` schema, once it has its first grants.
 * `shippedDefaults`: `1` once the shipped default permissions were given.
 */
export type IdentityProperty = 'keyCheck' | 'bootstrappedSchema' | 'shippedDefaults'

export interface RoleRow {
  readonly id: string
  readonly number: number
  readonly name: string
  readonly builtIn: boolean
  readonly login: boolean
  readonly superuser: boolean
  readonly clusterAdmin: boolean
}

/** `memberId` has all the rights of `roleId`. */
export interface MembershipRow {
  readonly roleId: string
  readonly memberId: string
  readonly adminOption: boolean
}

export interface GrantRow {
  readonly roleId: string
  readonly permission: Permission
  readonly object: ObjectRef
}

/** `default-grant-rules.ts` has the meaning. */
export interface DefaultGrantRow {
  /** undefined: whichever role creates. */
  readonly creatorId: string | undefined
  readonly objectKind: DefaultGrantKind
  readonly schema: ObjectRef | undefined
  readonly permission: Permission
  /** undefined: the role that creates. */
  readonly granteeId: string | undefined
}

export interface DefaultSchemaRow {
  readonly roleId: string
  readonly databaseId: string
  readonly schemaId: string
}

export interface ClientRow {
  readonly id: string
  readonly name: string
  readonly label: string | undefined
  readonly roleId: string
  readonly enabled: boolean
  readonly jobs: boolean
  readonly createdAt: string
  readonly allowedAddresses: readonly string[]
  readonly limits: ClientLimits
  /** One for all tokens of the client: SCRAM tells it to the peer before a token is known. */
  readonly scramSalt: Uint8Array
  readonly scramIterations: number
}

/**
 * A token that ended stays as a tombstone, without its sealed text and its verifier, so that the
 * audit can say whose old token a tool still uses.
 */
export interface TokenRow {
  readonly id: string
  readonly clientId: string
  readonly digest: Uint8Array
  readonly pepperVersion: number
  readonly sealed: Uint8Array | undefined
  readonly scram: ScramKeys | undefined
  readonly createdAt: string
  readonly expiresAt: string | undefined
  /** Set by a regeneration: the end of the grace, or the moment itself. */
  readonly endsAt: string | undefined
  readonly lastUse:
    { readonly at: string; readonly address: string; readonly tool: string } | undefined
}

/** Names are unique by `userNameKey`. */
export interface UserRow {
  readonly id: string
  readonly name: string
  readonly roleId: string
  readonly enabled: boolean
  /** In the PHC string format; undefined until the user chose a password. */
  readonly passwordHash: string | undefined
  readonly createdAt: string
  readonly lastSignInAt: string | undefined
}

export interface LinkRow {
  readonly id: string
  readonly purpose: LinkPurpose
  /** undefined: for the setup of the first user. */
  readonly userId: string | undefined
  readonly digest: Uint8Array
  readonly createdAt: string
  readonly expiresAt: string | undefined
}

/** RFC 5802: what a server keeps instead of the password. 32 bytes each. */
export interface ScramKeys {
  readonly storedKey: Uint8Array
  readonly serverKey: Uint8Array
}

/** What was made under an Idempotency-Key. `creations.ts` has the meaning. */
export interface CreationRow {
  readonly key: string
  readonly request: string
  readonly objectId: string
  /** Of the token that was made with it. */
  readonly tokenId: string | undefined
  readonly createdAt: string
}

/** Names are in lower case, and unique. */
export type PoolRow = PoolInfo

/** Uses of one token by one tool from one address, summed up. */
export interface TokenUseRow {
  readonly tokenId: string
  readonly tool: string
  readonly address: string
  readonly firstAt: string
  /** The last one. */
  readonly at: string
  readonly uses: number
}

export interface ClientUseRow {
  readonly tool: string
  readonly address: string
  readonly firstUsedAt: string
  readonly lastUsedAt: string
  readonly uses: number
}

/**
 * `put` inserts or replaces the whole row, but for a token's last use and a user's last sign-in,
 * which only `recordUses` and `recordSignIn` replace; `remove` of an absent row does nothing. References are checked when all changes of a
 * commit are made, so their order is free.
 */
export type IdentityStoreChange =
  | { readonly kind: 'set_property'; readonly name: IdentityProperty; readonly value: string }
  | { readonly kind: 'put_role'; readonly role: RoleRow }
  | { readonly kind: 'remove_role'; readonly roleId: string }
  | { readonly kind: 'put_membership'; readonly membership: MembershipRow }
  | { readonly kind: 'remove_membership'; readonly roleId: string; readonly memberId: string }
  | { readonly kind: 'put_grant'; readonly grant: GrantRow }
  | { readonly kind: 'remove_grant'; readonly grant: GrantRow }
  | { readonly kind: 'put_default_grant'; readonly rule: DefaultGrantRow }
  | { readonly kind: 'remove_default_grant'; readonly rule: DefaultGrantRow }
  | { readonly kind: 'put_default_schema'; readonly defaultSchema: DefaultSchemaRow }
  | { readonly kind: 'remove_default_schema'; readonly defaultSchema: DefaultSchemaRow }
  | { readonly kind: 'put_client'; readonly client: ClientRow }
  | { readonly kind: 'remove_client'; readonly clientId: string }
  | { readonly kind: 'put_token'; readonly token: TokenRow }
  | { readonly kind: 'remove_token'; readonly tokenId: string }
  | { readonly kind: 'put_user'; readonly user: UserRow }
  | { readonly kind: 'remove_user'; readonly userId: string }
  | { readonly kind: 'put_link'; readonly link: LinkRow }
  | { readonly kind: 'remove_link'; readonly linkId: string }
  | { readonly kind: 'put_creation'; readonly creation: CreationRow }
  | { readonly kind: 'remove_creation'; readonly key: string }
  | { readonly kind: 'put_pool'; readonly pool: PoolRow }
  | { readonly kind: 'remove_pool'; readonly poolId: string }
  | { readonly kind: 'put_saved_query'; readonly query: SavedQuery }
  | { readonly kind: 'remove_saved_query'; readonly queryId: string }
