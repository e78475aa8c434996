/**
 * Roles as the statements that make them again: GET_ROLE_GLOBAL_DDL, GET_ROLE_DATABASE_DDL and the
 * same for all roles.
 *
 * Source: BLUE SQL, the functions of these names. Names are always quoted, so that they are read back
 * as they are.
 */
import { nameParts, objectFinder } from '../catalog/find-object.ts'
import { quoteFullName, quoteName } from '../gate/quote-name.ts'
import { seesObject } from '../gate/visible-names.ts'
import type { DefaultGrant, Defaults } from '../identity/defaults.ts'
import type { Identity, RoleInfo } from '../identity/identity.ts'
import type { PermissionQuery } from '../sql/statement.ts'
import type { Row } from './answer.ts'
import { roleToShow } from './describe-roles.ts'
import type { Asking } from './describe-roles.ts'
import { permissionsOfRole } from './permissions-of-role.ts'
import { grantText, targetText } from './grant-text.ts'
import { requireSuperuser } from './require-superuser.ts'

export interface AskingForDdl extends Asking {
  readonly identity: Asking['identity'] & Defaults & Pick<Identity, 'grantsOf'>
  /** The session's. */
  readonly database: string
}

/** One column, and in it the statements of one role each; nothing for what a role does not have. */
export function roleDdl(
  asking: AskingForDdl,
  { scope, role }: Extract<PermissionQuery, { kind: 'role_ddl' }>,
): Row[] {
  const { identity, authority } = asking
  if (role === undefined) requireSuperuser(authority, 'The DDL of all roles needs SUPERUSER.')
  const roles = role === undefined ? identity.listRoles() : [roleToShow(asking, role)]
  const statements =
    scope === 'global'
      ? [roles.map(creation), roles.map(memberships)].flat() // every role is there before a member
      : [...roles.map((one) => inDatabase(asking, one)), ...forAllRoles(asking, role)]
  return statements.filter((lines) => lines.length > 0).map((lines) => [lines.join(' ')])
}

/** The built-in roles are there in every cluster. */
function creation({ name, builtIn, superuser, clusterAdmin, login }: RoleInfo): string[] {
  if (builtIn) return []
  const attributes = [
    ...(superuser ? ['superuser'] : []),
    ...(clusterAdmin ? ['clusteradmin'] : []),
    ...(login ? ['login'] : []),
  ]
  const grant = `grant ${attributes.join(', ')} to ${quoteName(name)};`
  return [`create role ${quoteName(name)};`, ...(attributes.length > 0 ? [grant] : [])]
}

function memberships({ name, memberOf }: RoleInfo): string[] {
  return memberOf.map(({ role, adminOption }) => {
    const admin = adminOption ? ' with admin option' : ''
    return `grant ${quoteName(role)} to ${quoteName(name)}${admin};`
  })
}

function inDatabase(asking: AskingForDdl, role: RoleInfo): string[] {
  const { identity, catalog, authority } = asking
  const to = quoteName(role.name)
  const database = catalog.database(asking.database)
  const grants = permissionsOfRole(identity, role, catalog, authority)
    .filter(({ object }) => !object.database || object.database.id === database?.id)
    .map(({ permission, object }) => grantText(permission, targetText(object), role.name))
  const schemaId = database && identity.defaultSchemaOf(role.id, database.id)
  const schema = catalog.schemas.find(({ id }) => id === schemaId)
  const rules = identity
    .listDefaultGrants()
    .filter(({ creator }) => creator === role.name)
    .flatMap((rule) => ruleText(asking, rule))
  return [
    ...grants,
    ...(schema ? [`alter default schema for ${to} to ${quoteName(schema.name)};`] : []),
    ...rules,
  ]
}

/** Rules for whichever role creates belong to no role: they come when all are asked for. */
function forAllRoles(asking: AskingForDdl, role: string | undefined): string[][] {
  if (role !== undefined) return []
  const rules = asking.identity.listDefaultGrants().filter(({ creator }) => creator === undefined)
  return [rules.flatMap((rule) => ruleText(asking, rule))]
}

/** Nothing for a rule in another database, or in a schema that whoever asks may not know of. */
function ruleText({ catalog, authority, database }: AskingForDdl, rule: DefaultGrant): string[] {
  const { creator, objectKind, schema, permission, grantee } = rule
  const found = schema && objectFinder(catalog)(schema)
  if (schema && (!found || !seesObject(authority, found))) return []
  if (found && found.database?.id !== catalog.database(database)?.id) return []
  const by = creator === undefined ? 'all roles' : quoteName(creator)
  const where = found ? ` in ${quoteFullName(...nameParts(found))}` : ''
  const to = grantee === undefined ? 'creator_role' : quoteName(grantee)
  const grant = `grant ${permission.toLowerCase()} to ${to}`
  return [`alter default permissions for ${by}${where} for ${objectKind}s ${grant};`]
}
