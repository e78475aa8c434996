/** CREATE, DROP and ALTER ROLE, GRANT and REVOKE, as changes of the identity. */
import type { Permission } from '../base/permission-name.ts'
import { GatewayError } from '../base/gateway-error.ts'
import { allPermissions, checkGrantable } from '../identity/grant-rules.ts'
import type { ObjectRef } from '../identity/permission.ts'
import type { GrantChange, RoleAttributes } from '../identity/identity.ts'
import type { RoleStatement } from '../sql/statement.ts'
import type { SessionContext } from './execution-context.ts'
import { administeredRoles } from '../identity/held-roles.ts'
import { requireSuperuser } from './require-superuser.ts'
import { resolveGrantTarget } from './resolve-grant-target.ts'

/**
 * @returns the command tag.
 * @throws GatewayError `insufficient_privilege`, `active_transaction`, or what identity says.
 *         Nothing is changed then.
 */
export async function runRoleStatement(
  context: SessionContext,
  statement: RoleStatement,
): Promise<string> {
  mayChangeRoles(context, statement)
  const { identity } = context
  switch (statement.kind) {
    case 'create_role':
      await identity.createRole(statement.name)
      return 'CREATE ROLE'
    case 'drop_role':
      if (!statement.ifExists || identity.findRole(statement.name)) {
        await identity.dropRole(statement.name)
      }
      return 'DROP ROLE'
    case 'rename_role':
      await identity.renameRole(statement.name, statement.newName)
      return 'ALTER ROLE'
    case 'grant_cluster':
    case 'revoke_cluster': {
      const value = statement.kind === 'grant_cluster'
      for (const role of statement.roles) {
        await identity.setRoleAttributes(role, attributes(statement.attributes, value))
      }
      return value ? 'GRANT' : 'REVOKE'
    }
    case 'grant_roles':
      await identity.grantRoles(statement.roles, statement.members, statement.adminOption)
      return 'GRANT ROLE'
    case 'revoke_roles':
      await identity.revokeRoles(statement.roles, statement.members, statement.adminOption)
      return 'REVOKE ROLE'
    case 'grant_permissions':
      await identity.grant(await grantChanges(context, statement))
      return 'GRANT'
    case 'revoke_permissions':
      await identity.revoke(await grantChanges(context, statement))
      return 'REVOKE'
  }
}

/**
 * Role statements are stored beside the engine, not in its transaction, so they cannot be rolled
 * back with it: inside BEGIN … COMMIT they are refused (design, decision 15).
 */
function mayChangeRoles(context: SessionContext, statement: RoleStatement): void {
  const { session, identity, transaction } = context
  if (transaction.kind === 'explicit') {
    throw new GatewayError(
      'active_transaction',
      `${words(statement)} cannot run inside a transaction block`,
    )
  }
  const authority = identity.authority(session.principal.roleId)
  if (statement.kind === 'grant_roles' || statement.kind === 'revoke_roles') {
    const administered = administeredRoles(identity, authority.roleName)
    if (statement.roles.every((role) => administered.has(role.toLowerCase()))) return
  }
  requireSuperuser(authority, `${words(statement)} needs a role with SUPERUSER.`)
}

async function grantChanges(
  context: SessionContext,
  statement: Extract<RoleStatement, { kind: 'grant_permissions' | 'revoke_permissions' }>,
): Promise<GrantChange[]> {
  const catalog = await context.catalog.current()
  const { session } = context
  const objects = resolveGrantTarget(
    statement.target,
    catalog,
    session.database,
    session.settings.searchPath,
  )
  return statement.roles.flatMap((role) =>
    objects.flatMap((object) =>
      permissionsOn(object, statement.permissions).map((permission) => ({
        role,
        permission,
        object,
      })),
    ),
  )
}

function permissionsOn(
  { kind }: ObjectRef,
  asked: readonly Permission[] | 'ALL',
): readonly Permission[] {
  if (asked === 'ALL') return allPermissions(kind)
  for (const permission of asked) checkGrantable(permission, kind)
  return asked
}

function attributes(
  names: readonly ('SUPERUSER' | 'LOGIN' | 'CLUSTERADMIN')[],
  value: boolean,
): Partial<RoleAttributes> {
  return {
    ...(names.includes('SUPERUSER') && { superuser: value }),
    ...(names.includes('LOGIN') && { login: value }),
    ...(names.includes('CLUSTERADMIN') && { clusterAdmin: value }),
  }
}

function words({ kind }: RoleStatement): string {
  switch (kind) {
    case 'create_role':
      return 'CREATE ROLE'
    case 'drop_role':
      return 'DROP ROLE'
    case 'rename_role':
      return 'ALTER ROLE'
    case 'grant_cluster':
    case 'grant_permissions':
    case 'grant_roles':
      return 'GRANT'
    case 'revoke_cluster':
    case 'revoke_permissions':
    case 'revoke_roles':
      return 'REVOKE'
  }
}
