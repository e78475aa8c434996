/**
 * DESCRIBE ROLES, DESCRIBE ROLE PERMISSIONS, DESCRIBE CONNECT PERMISSIONS and GET_ROLE_PERMISSIONS.
 *
 * Source: BLUE SQL, the statements of these names. Only SUPERUSER asks about other roles; everybody
 * asks about the own one.
 */
import { likePattern } from '../audit/like-pattern.ts'
import { GatewayError } from '../base/gateway-error.ts'
import { nameParts } from '../catalog/find-object.ts'
import type { CatalogSnapshot } from '../catalog/catalog-snapshot.ts'
import type { Authority } from '../identity/authority.ts'
import type { Identity, RoleInfo } from '../identity/identity.ts'
import type { PermissionQuery } from '../sql/statement.ts'
import type { Row } from './answer.ts'
import { heldRoles } from '../identity/held-roles.ts'
import { permissionId, permissionTitle } from '../identity/permission-ids.ts'
import { permissionsOfRole } from './permissions-of-role.ts'
import { requireSuperuser } from './require-superuser.ts'

/** Who asks, and about what. */
export interface Asking {
  readonly identity: Pick<Identity, 'findRole' | 'listRoles' | 'grantsOf'>
  readonly authority: Authority
  readonly catalog: CatalogSnapshot
}

type Query<Kind> = Extract<PermissionQuery, { kind: Kind }>

export function describeRoles(
  { identity, authority }: Asking,
  { like }: Query<'describe_roles'>,
): Row[] {
  requireSuperuser(authority, 'DESCRIBE ROLES needs a role with SUPERUSER.')
  const fits = like === undefined ? () => true : likePattern(like)
  return identity
    .listRoles()
    .filter(({ name }) => fits(name))
    .map(({ number, name, superuser, clusterAdmin, login }) => {
      return [number, name, superuser, clusterAdmin, login]
    })
}

/** With what it holds through groups and PUBLIC, each under the role that it was granted to. */
export function describeRolePermissions(
  asking: Asking,
  { role, permissionIds }: Query<'describe_role_permissions'>,
): Row[] {
  const { identity, authority, catalog } = asking
  const { name } = roleToShow(asking, role)
  return heldRoles(identity, name).flatMap((holder) =>
    permissionsOfRole(identity, holder, catalog, authority)
      .map(({ permission, object }) => ({
        layer: `${object.kind} ${nameParts(object).join('.')}`,
        id: permissionId(permission, object.kind),
        title: permissionTitle(permission),
      }))
      .filter(({ id }) => permissionIds?.includes(id) ?? true)
      .map(({ layer, id, title }): Row => {
        const { number, superuser, clusterAdmin, login } = holder
        return [number, holder.name, layer, id, title, superuser, clusterAdmin, login]
      }),
  )
}

/** The roles that may connect to databases, by a grant or by SUPERUSER; without it, the own ones. */
export function describeConnectPermissions(
  { identity, authority, catalog }: Asking,
  { database, roleIds, permissionIds }: Query<'describe_connect_permissions'>,
): Row[] {
  const roles = authority.superuser
    ? identity.listRoles()
    : heldRoles(identity, authority.roleName).toSorted((a, b) => a.number - b.number)
  const rows = roles.flatMap((role) =>
    connections(identity, role, catalog, authority).map(([name, id]): Row => {
      return [role.number, role.name, name, id, role.superuser, role.clusterAdmin]
    }),
  )
  return rows.filter(
    ([number, , name, id]) =>
      (database === undefined || String(name).toLowerCase() === database.toLowerCase()) &&
      (roleIds?.includes(Number(number)) ?? true) &&
      (permissionIds?.includes(Number(id)) ?? true),
  )
}

/** Each right once, with those of groups and PUBLIC. */
export function ownPermissions({ identity, authority, catalog }: Asking): Row[] {
  const attributes = [
    ...(authority.superuser ? ['SUPERUSER'] : []),
    ...(authority.clusterAdmin ? ['CLUSTERADMIN'] : []),
    ...(authority.login ? ['LOGIN'] : []),
  ].map((attribute): Row => [attribute, 'cluster', null])
  const granted = heldRoles(identity, authority.roleName)
    .flatMap((role) => permissionsOfRole(identity, role, catalog, authority))
    .map(({ permission, object }): Row => {
      return [permission, object.kind, nameParts(object).join('.')]
    })
  const distinct = new Map([...attributes, ...granted].map((row) => [JSON.stringify(row), row]))
  return [...distinct.values()]
}

/**
 * The role that is asked about: the own one, or with SUPERUSER any.
 * @throws GatewayError `insufficient_privilege`, also for a role that there is not.
 */
export function roleToShow({ identity, authority }: Asking, name: string): RoleInfo {
  const role = identity.findRole(name)
  if (role?.id !== authority.roleId) {
    requireSuperuser(authority, 'What another role may do is told to roles with SUPERUSER.')
  }
  if (role) return role
  throw new GatewayError('undefined_object', `role "${name}" does not exist`, {
    hint: 'List the roles with: DESCRIBE ROLES',
  })
}

/** Names of databases, each with the id of the permission that opens it. */
function connections(
  identity: Asking['identity'],
  role: RoleInfo,
  catalog: CatalogSnapshot,
  authority: Authority,
): (readonly [string, number])[] {
  const granted = permissionsOfRole(identity, role, catalog, authority).flatMap(
    ({ permission, object }) =>
      object.kind === 'database' && (permission === 'CONNECT' || permission === 'SUPERUSER')
        ? [[nameParts(object).join('.'), permissionId(permission, 'database')] as const]
        : [],
  )
  const all = role.superuser ? catalog.databases : []
  return [
    ...granted,
    ...all.map(({ name }) => [name, permissionId('SUPERUSER', 'database')] as const),
  ]
}
