/** Questions about roles and permissions, answered with BLUE's columns. */
import { unreachable } from '../base/assert.ts'
import type { Schema } from '../columnar/column-type.ts'
import type { PermissionQuery } from '../sql/statement.ts'
import { boolean, integer, text } from './answer-columns.ts'
import { answer } from './answer.ts'
import type { Row } from './answer.ts'
import { definitionsFor } from './authorization-request.ts'
import {
  describeConnectPermissions,
  describeRolePermissions,
  describeRoles,
  ownPermissions,
} from './describe-roles.ts'
import type { SessionContext } from './execution-context.ts'
import type { RunningStatement, StatementOptions } from './executor.ts'
import { roleDdl } from './role-ddl.ts'
import { statementPermissions } from './statement-permissions.ts'

/** @throws GatewayError `insufficient_privilege`, `undefined_object`, or what is wrong with a statement. */
export async function runPermissionQuery(
  context: SessionContext,
  query: PermissionQuery,
  options: StatementOptions,
): Promise<RunningStatement> {
  const rows = await rowsOf(context, query)
  return answer(columnsOfPermissionQuery(query), [rows], 'SELECT', options.format, options.rowsMax)
}

async function rowsOf(context: SessionContext, query: PermissionQuery): Promise<Row[]> {
  if (query.kind === 'statement_permissions') {
    return await statementPermissions(context, query.statement)
  }
  const { identity, session } = context
  const authority = identity.authority(session.principal.roleId)
  const { catalog } = await definitionsFor(context)
  const asking = { identity, authority, catalog, database: session.database }
  switch (query.kind) {
    case 'describe_roles':
      return describeRoles(asking, query)
    case 'describe_role_permissions':
      return describeRolePermissions(asking, query)
    case 'describe_connect_permissions':
      return describeConnectPermissions(asking, query)
    case 'role_permissions':
      return ownPermissions(asking)
    case 'role_ddl':
      return roleDdl(asking, query)
    default:
      return unreachable(query)
  }
}

/** The columns of its answer. */
export function columnsOfPermissionQuery({ kind }: PermissionQuery): Schema {
  return COLUMNS[kind]
}

const COLUMNS: Readonly<Record<PermissionQuery['kind'], Schema>> = {
  describe_roles: [
    integer('id'),
    text('name'),
    boolean('superuser'),
    boolean('clusteradmin'),
    boolean('login'),
  ],
  describe_role_permissions: [
    integer('role_id'),
    text('role_name'),
    text('Object/Layer'),
    integer('permission_id'),
    text('permission_name'),
    boolean('superuser'),
    boolean('cluster_admin'),
    boolean('login'),
  ],
  describe_connect_permissions: [
    integer('role_id'),
    text('role_name'),
    text('database_name'),
    integer('permission_id'),
    boolean('superuser'),
    boolean('clusteradmin'),
  ],
  statement_permissions: [text('permission_type'), text('object_type'), text('object_name')],
  role_permissions: [text('permission_type'), text('object_type'), text('object_name')],
  role_ddl: [text('ddl')],
}
