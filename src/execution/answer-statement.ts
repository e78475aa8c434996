/** Statements that the gateway answers itself. */
import { GatewayError } from '../base/gateway-error.ts'
import type { Schema } from '../columnar/column-type.ts'
import type { Session } from '../session/session.ts'
import type { Statement } from '../sql/statement.ts'
import { command } from './answer.ts'
import { AUDIT_LOG_SCHEMA, runAuditLogStatement } from './audit-log-statement.ts'
import { runDatabaseStatement } from './database-statements.ts'
import { runDefaultStatement } from './default-statements.ts'
import { columnsOfDefinitionQuery, runDefinitionQuery } from './definition-queries.ts'
import { columnsOfPermissionQuery, runPermissionQuery } from './permission-queries.ts'
import { runRoleStatement } from './role-statements.ts'
import { columnsOfShow, runSessionStatement, runSettingStatement } from './session-statements.ts'
import { abortStatement, columnsOfMonitorQuery, runMonitorQuery } from './monitor-queries.ts'
import type { SessionContext } from './execution-context.ts'
import type { RunningStatement, StatementOptions } from './executor.ts'
import type { RunnableStatement } from './run-statement.ts'
import { columnsOfSavedQueryStatement, runSavedQueryStatement } from './saved-queries.ts'
import { runTransactionStatement } from './transaction-statements.ts'
import { runUse } from './run-use.ts'

/** Statements that change what others rely on: on disk before the reply. */
export const CHANGES_STATE: ReadonlySet<Statement['kind']> = new Set<Statement['kind']>([
  'create_database',
  'drop_database',
  'create_role',
  'drop_role',
  'rename_role',
  'grant_cluster',
  'revoke_cluster',
  'grant_permissions',
  'revoke_permissions',
  'grant_roles',
  'revoke_roles',
  'alter_default_permissions',
  'alter_default_schema',
  'abort_statement',
  'save_query',
  'drop_saved_query',
])

/** @throws GatewayError what it fails with. */
export async function answerStatement(
  context: SessionContext,
  statement: Exclude<Statement, RunnableStatement>,
  options: StatementOptions,
): Promise<RunningStatement> {
  if (CHANGES_STATE.has(statement.kind) && context.audit.refusal) throw context.audit.refusal
  switch (statement.kind) {
    case 'begin':
    case 'commit':
    case 'rollback':
    case 'set_transaction': {
      const { tag, notices } = await runTransactionStatement(context, statement)
      return command(tag, notices)
    }
    case 'set':
    case 'show':
    case 'reset':
    case 'use_pool':
      return runSettingStatement(context, statement, options)
    case 'use':
      return command(await runUse(context, statement))
    case 'create_database':
    case 'drop_database':
      return await runDatabaseStatement(context, statement)
    case 'discard':
    case 'prepare':
    case 'deallocate':
    case 'close_cursor':
    case 'listen':
      return await runSessionStatement(context, statement)
    case 'create_role':
    case 'drop_role':
    case 'rename_role':
    case 'grant_cluster':
    case 'revoke_cluster':
    case 'grant_permissions':
    case 'revoke_permissions':
    case 'grant_roles':
    case 'revoke_roles':
      return command(await runRoleStatement(context, statement))
    case 'alter_default_permissions':
    case 'alter_default_schema':
      return command(await runDefaultStatement(context, statement))
    case 'describe_roles':
    case 'describe_role_permissions':
    case 'describe_connect_permissions':
    case 'statement_permissions':
    case 'role_permissions':
    case 'role_ddl':
      return await runPermissionQuery(context, statement, options)
    case 'definition_query':
      return await runDefinitionQuery(context, statement.query, options)
    case 'describe_pools':
    case 'describe_sessions':
    case 'describe_session_queries':
    case 'describe_query':
    case 'describe_locks':
      return runMonitorQuery(context, statement, options)
    case 'abort_statement':
      return abortStatement(context, statement)
    case 'save_query':
    case 'drop_saved_query':
    case 'recompile_saved_query':
    case 'describe_saved_queries':
    case 'describe_saved_query':
      return await runSavedQueryStatement(context, statement, options)
    case 'execute_saved_query':
      throw new GatewayError('feature_not_supported', 'EXECUTE_SAVED_QUERY is not supported here')
    case 'auditlog':
      return runAuditLogStatement(context, statement, options)
    case 'unsupported':
      throw new GatewayError('feature_not_supported', `${statement.name} is not supported`)
  }
}

/** Of its rows; undefined where it has none. */
export function columnsOfAnswer(
  session: Session,
  statement: Exclude<Statement, { kind: 'engine' }>,
): Schema | undefined {
  switch (statement.kind) {
    case 'show':
      return columnsOfShow(session, statement.name)
    case 'auditlog':
      return AUDIT_LOG_SCHEMA
    case 'describe_roles':
    case 'describe_role_permissions':
    case 'describe_connect_permissions':
    case 'statement_permissions':
    case 'role_permissions':
    case 'role_ddl':
      return columnsOfPermissionQuery(statement)
    case 'definition_query':
      return columnsOfDefinitionQuery(statement.query)
    case 'describe_pools':
    case 'describe_sessions':
    case 'describe_session_queries':
    case 'describe_query':
    case 'describe_locks':
      return columnsOfMonitorQuery(statement)
    case 'save_query':
    case 'drop_saved_query':
    case 'recompile_saved_query':
    case 'describe_saved_queries':
    case 'describe_saved_query':
      return columnsOfSavedQueryStatement(statement)
    default:
      return undefined
  }
}
