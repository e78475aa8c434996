/**
 * Default permissions: what is granted on an object in the moment that it is made; and default
 * schemas: where the names of a role are looked up.
 *
 * Source: BLUE SQL, ALTER DEFAULT PERMISSIONS and ALTER DEFAULT SCHEMA. A rule for a group holds
 * for whoever is a member of it, however far away: that is how BLUE's departments share a schema.
 */
import type { Permission } from '../base/permission-name.ts'
import type { ObjectRef } from './permission.ts'

/** What can be created, and so have default permissions. */
export type DefaultGrantKind =
  'schema' | 'table' | 'view' | 'foreign table' | 'sequence' | 'function'

/** A rule, with the names of its roles. */
export interface DefaultGrant {
  /** The role that creates; undefined: whichever does. */
  readonly creator: string | undefined
  readonly objectKind: DefaultGrantKind
  /** Only for what is made in it; undefined: anywhere. Never for schemas and functions. */
  readonly schema: ObjectRef | undefined
  readonly permission: Permission
  /** undefined: CREATOR_ROLE, the role that creates. */
  readonly grantee: string | undefined
}

export interface Defaults {
  /** In the order of creators, kinds and permissions. */
  listDefaultGrants(): readonly DefaultGrant[]
  /** @throws GatewayError `undefined_object`, `invalid_parameter_value`. */
  addDefaultGrants(rules: readonly DefaultGrant[]): Promise<void>
  /** @throws GatewayError `undefined_object` for a rule that there is not. */
  dropDefaultGrants(rules: readonly DefaultGrant[]): Promise<void>
  /**
   * Grants what the rules say on objects that `creatorRoleId` has just made, and whose ids nobody
   * else knows yet. @throws GatewayError `undefined_object` when the role was dropped meanwhile.
   */
  grantDefaults(creatorRoleId: string, objects: readonly ObjectRef[]): Promise<void>

  /** The id of the role's default schema in that database. */
  defaultSchemaOf(roleId: string, databaseId: string): string | undefined
  /** @throws GatewayError `undefined_object`. */
  setDefaultSchema(role: string, schema: ObjectRef): Promise<void>
}
