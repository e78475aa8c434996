/**
 * What one role may do, memberships and PUBLIC included, at one version of the grants.
 *
 * Immutable: a change of any grant makes a new version and new authorities. Whoever caches a
 * decision keys it by `roleId` and `grantsVersion`.
 */
import type { Permission } from '../base/permission-name.ts'
import type { ObjectRef, Requirement } from './permission.ts'

export interface Authority {
  readonly roleId: string
  readonly roleName: string
  readonly grantsVersion: number
  /** Of the cluster: everything, roles and permissions included. */
  readonly superuser: boolean
  readonly clusterAdmin: boolean
  readonly login: boolean

  /** The permission on the object itself, or SUPERUSER on something that holds it. */
  may(permission: Permission, object: ObjectRef): boolean

  /**
   * The columns of a table on which `permission` is held: `all`, or their names (maybe none).
   * A grant on the table covers all of its columns.
   */
  columns(permission: 'SELECT' | 'DDL', table: ObjectRef): 'all' | ReadonlySet<string>

  /** True when any right at all is held on the table or one of its columns, or on the function. */
  knows(table: ObjectRef): boolean

  /** Whether this one requirement is met, columns included. */
  covers(requirement: Requirement): boolean
}
