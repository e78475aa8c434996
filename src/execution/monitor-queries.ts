/**
 * DESCRIBE POOLS, SESSIONS, SESSION QUERIES, QUERY and LOCKS, with BLUE's columns; and ABORT.
 *
 * Everybody sees the own sessions, which are those of the same client or user; roles with SUPERUSER
 * or CLUSTERADMIN see all. Source: BLUE SQL, the statements of these names; features, S2 to S5, L1.
 */
import { unreachable } from '../base/assert.ts'
import { GatewayError } from '../base/gateway-error.ts'
import type { Schema } from '../columnar/column-type.ts'
import type { AbortStatement, MonitorQuery } from '../sql/statement.ts'
import { bigint, boolean, integer, text, time } from './answer-columns.ts'
import { answer, command } from './answer.ts'
import type { Row } from './answer.ts'
import { describeLocks } from './describe-locks.ts'
import { describeQuery, describeSessionQueries, describeSessions } from './describe-sessions.ts'
import type { SessionContext } from './execution-context.ts'
import type { RunningStatement, StatementOptions } from './executor.ts'
import { isSamePrincipal } from './session-history.ts'

/** @throws GatewayError `insufficient_privilege`, `undefined_object`, or what is wrong with a clause. */
export function runMonitorQuery(
  context: SessionContext,
  query: MonitorQuery,
  options: StatementOptions,
): RunningStatement {
  const rows = rowsOf(context, query)
  return answer(columnsOfMonitorQuery(query), [rows], 'SELECT', options.format, options.rowsMax)
}

function rowsOf(context: SessionContext, query: MonitorQuery): readonly Row[] {
  switch (query.kind) {
    case 'describe_pools':
      return describePools(context)
    case 'describe_sessions':
      return describeSessions(context, query)
    case 'describe_session_queries':
      return describeSessionQueries(context, query)
    case 'describe_query':
      return describeQuery(context, query)
    case 'describe_locks':
      return describeLocks(context)
    default:
      return unreachable(query)
  }
}

/** A pool without a concurrency has all workers of the engine, and none is ever suspended. */
function describePools({ identity, engineWorkers }: SessionContext): Row[] {
  return identity.listPools().map(({ id, name, concurrency, isDefault }) => {
    return [name, concurrency ?? engineWorkers, 'ParallelizeAll', false, 0, true, isDefault, id]
  })
}

/**
 * Stops a statement: one's own, or with SUPERUSER any.
 * @throws GatewayError `undefined_object` when it does not run; who may not stop it is told the same
 *         as of a session that there is not.
 */
export function abortStatement(
  { sessions, identity, session }: SessionContext,
  { sessionId, queryId }: AbortStatement,
): RunningStatement {
  const live = sessions.find(sessionId)
  const isOwn = live && isSamePrincipal(live.session.principal, session.principal)
  if (!isOwn && !identity.authority(session.principal.roleId).superuser) {
    throw new GatewayError('insufficient_privilege', 'this is no open session of your own', {
      hint: 'Statements of others are stopped by roles with SUPERUSER.',
    })
  }
  if (live?.cancel(queryId, isOwn ? 'user request' : 'administrator command') === true) {
    return command('ABORT')
  }
  throw new GatewayError('undefined_object', `statement ${queryId} of that session does not run`, {
    hint: 'List what runs with: DESCRIBE SESSION QUERIES ALL',
  })
}

/** The columns of its answer. */
export function columnsOfMonitorQuery({ kind }: MonitorQuery): Schema {
  return COLUMNS[kind]
}

const COLUMNS: Readonly<Record<MonitorQuery['kind'], Schema>> = {
  describe_pools: [
    text('resource_pool_name'),
    integer('number_of_workers'),
    text('parallelism_policy'),
    boolean('auto_suspend'),
    integer('auto_suspend_inactivity_period'),
    boolean('auto_resume'),
    boolean('is_default'),
    text('pool_id'),
  ],
  describe_sessions: [
    time('start_time'),
    time('end_time'),
    text('database'),
    text('role'),
    text('source_ip'),
    text('client'),
    text('status'),
    text('rejection_reason'),
    text('session_id'),
    text('username'),
    text('InitiatedBy'),
  ],
  describe_session_queries: [
    integer('query_id'),
    text('query_status'),
    text('query_type'),
    text('sql_text'),
    text('role'),
    text('session_id'),
    time('start_time'),
    time('end_time'),
    bigint('duration'),
    bigint('time_in_queue'),
    bigint('compilation_time'),
    bigint('execution_time'),
    bigint('total_compute_time'),
    bigint('rows_read'),
    bigint('rows produced'),
    bigint('data produced'),
    bigint('data_read_compressed'),
    bigint('data_read_uncompressed'),
    text('client_info'),
    text('query_error'),
    text('pool_name'),
  ],
  describe_query: [
    text('query_id'),
    text('rtc_name'),
    integer('node_id'),
    integer('parent_id'),
    text('node_type'),
    bigint('elapsed_time'),
    bigint('total_compute_time'),
    bigint('total_waiting_time'),
    bigint('rows_produced'),
    bigint('chunks_produced'),
    bigint('data_read'),
    bigint('data_written'),
    text('output'),
    text('additional_info'),
    time('time'),
    integer('status'),
  ],
  describe_locks: [
    text('statement_id'),
    text('username'),
    text('server'),
    integer('port'),
    text('locked_object'),
    text('lock_mode'),
    time('statement_start_time'),
    time('lock_start_time'),
    text('statement_string'),
  ],
}
