/** ALTER DEFAULT PERMISSIONS and ALTER DEFAULT SCHEMA. Source: BLUE SQL. */
import { GatewayError } from '../base/gateway-error.ts'
import { schemaRef } from '../catalog/catalog-snapshot.ts'
import { findSchema } from '../gate/visible-names.ts'
import { allPermissions } from '../identity/grant-rules.ts'
import type { DefaultGrant } from '../identity/defaults.ts'
import type {
  AlterDefaultPermissions,
  AlterDefaultSchema,
  DefaultStatement,
} from '../sql/statement.ts'
import type { SessionContext } from './execution-context.ts'
import { requireSuperuser } from './require-superuser.ts'
import { resolveSchema } from './resolve-grant-target.ts'

/**
 * @returns the command tag.
 * @throws GatewayError `insufficient_privilege`, `active_transaction`, or what identity says.
 *         Nothing is changed then.
 */
export async function runDefaultStatement(
  context: SessionContext,
  statement: DefaultStatement,
): Promise<string> {
  const tag = WORDS[statement.kind]
  // stored beside the engine, and so not rolled back with it, as with grants
  if (context.transaction.kind === 'explicit') {
    throw new GatewayError('active_transaction', `${tag} cannot run inside a transaction block`)
  }
  if (statement.kind === 'alter_default_schema') await setDefaultSchema(context, statement)
  else await changeDefaultPermissions(context, statement)
  return tag
}

const WORDS = {
  alter_default_permissions: 'ALTER DEFAULT PERMISSIONS',
  alter_default_schema: 'ALTER DEFAULT SCHEMA',
} as const

async function changeDefaultPermissions(
  context: SessionContext,
  statement: AlterDefaultPermissions,
): Promise<void> {
  const { identity, session, catalog } = context
  const authority = identity.authority(session.principal.roleId)
  requireSuperuser(authority, 'ALTER DEFAULT PERMISSIONS needs a role with SUPERUSER.')
  const { objectKind, creator, permissions, grantees } = statement
  const snapshot = await catalog.current()
  const named = statement.schemas.map((name) =>
    schemaRef(resolveSchema(name, snapshot, session.database)),
  )
  const schemas = named.length > 0 ? named : [undefined]
  const each = permissions === 'ALL' ? allPermissions(objectKind) : permissions
  const rules = schemas.flatMap((schema) =>
    each.flatMap((permission) =>
      grantees.map((grantee): DefaultGrant => {
        return { creator, objectKind, schema, permission, grantee }
      }),
    ),
  )
  if (statement.verb === 'grant') await identity.addDefaultGrants(rules)
  else await identity.dropDefaultGrants(rules)
}

/** Of oneself, or with SUPERUSER of anybody; in a schema that whoever asks may know of. */
async function setDefaultSchema(
  context: SessionContext,
  { role, schema: name }: AlterDefaultSchema,
): Promise<void> {
  const { identity, session, catalog } = context
  const authority = identity.authority(session.principal.roleId)
  if (identity.findRole(role)?.id !== authority.roleId) {
    requireSuperuser(authority, 'The default schema of another role needs SUPERUSER.')
  }
  const { database, settings } = session
  const names = { catalog: await catalog.current(), authority, database }
  const schema = findSchema(name, { ...names, searchPath: settings.searchPath })
  if (!schema) {
    throw new GatewayError('invalid_schema_name', `schema "${name.join('.')}" does not exist`)
  }
  await identity.setDefaultSchema(role, schemaRef(schema))
}
