/**
 * Roles and default permissions, as far as a reader may know of them: with SUPERUSER all, otherwise
 * the roles that it acts with, and the rules for what the own role makes. As in DESCRIBE ROLES and
 * GET_ROLE_DATABASE_DDL.
 */
import type { BlueWorld } from '../../catalog/postgres/postgres-world.ts'
import { objectFinder } from '../../catalog/find-object.ts'
import type { DatabaseEntry } from '../../catalog/catalog-snapshot.ts'
import type { Authority } from '../../identity/authority.ts'
import type { DefaultGrant, Defaults } from '../../identity/defaults.ts'
import { heldRoles } from '../../identity/held-roles.ts'
import type { Identity } from '../../identity/identity.ts'
import { permissionId } from '../../identity/permission-ids.ts'
import type { SystemReader } from '../system-relations.ts'
import { seesObject } from '../visible-names.ts'

/** What there is beside definitions. */
export interface ClusterWorld {
  /** Of the product. */
  readonly version: string
  readonly roles: Pick<Identity, 'findRole' | 'listRoles'> & Pick<Defaults, 'listDefaultGrants'>
}

export const NO_CLUSTER: ClusterWorld = {
  version: '',
  roles: { findRole: () => undefined, listRoles: () => [], listDefaultGrants: () => [] },
}

export function visibleRoles(
  roles: ClusterWorld['roles'],
  { superuser, roleName }: Authority,
): BlueWorld['roles'] {
  return superuser ? roles.listRoles() : heldRoles(roles, roleName)
}

/** Left out are those for another database, or for a schema that the reader may not know of. */
export function visibleTableDefaults(
  roles: ClusterWorld['roles'],
  { authority, catalog }: SystemReader,
  database: DatabaseEntry,
): BlueWorld['tableDefaults'] {
  const find = objectFinder(catalog)
  return roles
    .listDefaultGrants()
    .filter(({ objectKind, creator }) => objectKind === 'table' && mayKnow(creator, authority))
    .flatMap(({ schema: ref, creator, grantee, permission }) => {
      const found = ref && find(ref)
      if (ref && (!found?.schema || !seesObject(authority, found))) return []
      if (found && found.schema?.database.id !== database.id) return []
      const [by, to] = [numberOf(roles, creator), numberOf(roles, grantee)]
      const id = permissionId(permission, 'table')
      return [{ schema: found?.schema, creator: by, grantee: to, permission: id }]
    })
}

function mayKnow(creator: DefaultGrant['creator'], { superuser, roleName }: Authority): boolean {
  return superuser || creator === roleName
}

function numberOf(roles: ClusterWorld['roles'], name: string | undefined): number | undefined {
  return name === undefined ? undefined : roles.findRole(name)?.number
}
