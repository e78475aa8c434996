/** DESCRIBE SESSIONS, DESCRIBE SESSION QUERIES, DESCRIBE QUERY: who is here, and what they do. */
import { initiatorsOf, timeOfClause } from '../audit/blue-clauses.ts'
import { GatewayError } from '../base/gateway-error.ts'
import { principalName } from '../identity/principal.ts'
import type { MonitorQuery } from '../sql/statement.ts'
import type { Row } from './answer.ts'
import type { SessionContext } from './execution-context.ts'
import { isSamePrincipal } from './session-history.ts'
import type { SessionRecord } from './session-history.ts'
import { initiatorOf } from './statement-account.ts'
import type { StatementRecord } from './statement-record.ts'

type Query<Kind> = Extract<MonitorQuery, { kind: Kind }>

const STATUSES = [
  'QUEUED',
  'COMPILING',
  'EXECUTING',
  'FETCHING_RESULTS',
  'COMPLETE',
  'EXECUTION_SUCCEED',
  'EXECUTION_FAILED',
  'COMPILATION_FAILED',
  'ABORTED',
  'CLOSED',
]

/** Newest first. A session that is open has no end. */
export function describeSessions(
  context: SessionContext,
  { user, timeframe, initiatedBy }: Query<'describe_sessions'>,
): Row[] {
  const initiators = initiatorsOf(initiatedBy)
  const from = timeframe && Date.parse(timeOfClause('FROM', timeframe.from))
  const to = timeframe && Date.parse(timeOfClause('TO', timeframe.to))
  const found = visibleSessions(context).filter(({ session: { principal, origin, startedAt } }) => {
    const began = startedAt.getTime()
    return (
      (user === undefined || principalName(principal) === user) &&
      (initiators?.includes(initiatorOf(origin)) ?? true) &&
      began >= (from ?? -Infinity) &&
      began <= (to ?? Infinity)
    )
  })
  return found.toReversed().map((record): Row => {
    const { session, roleName, tool, status, endedAt, rejectionReason } = record
    const { id, principal, database, origin, startedAt } = session
    return [
      micros(startedAt),
      endedAt ? micros(endedAt) : null,
      database,
      roleName,
      origin.address,
      tool,
      status,
      rejectionReason ?? null,
      id,
      principalName(principal),
      initiatorOf(origin),
    ]
  })
}

/** In the order of their beginning, session by session. */
export function describeSessionQueries(
  context: SessionContext,
  { of, statuses }: Query<'describe_session_queries'>,
): Row[] {
  const unknown = statuses?.find((status) => !STATUSES.includes(status))
  if (unknown !== undefined) {
    throw new GatewayError('invalid_parameter_value', `STATUS IN: '${unknown}' is no status`, {
      hint: `It may be ${STATUSES.join(', ')}.`,
    })
  }
  const sessions =
    of === 'all'
      ? visibleSessions(context)
      : [visibleSession(context, of === 'this' ? context.session.id : of.sessionId)]
  return sessions.flatMap((record) =>
    statementsOf(context, record)
      .filter(({ status }) => statuses?.includes(status) ?? true)
      .map((statement) => queryRow(record.session.id, statement)),
  )
}

/** One row: the engine does not tell of the nodes of a plan that runs. */
export function describeQuery(
  context: SessionContext,
  { sessionId = context.session.id, queryId }: Query<'describe_query'>,
): Row[] {
  const record = visibleSession(context, sessionId)
  const statement = statementsOf(context, record).find((one) => one.queryId === queryId)
  if (!statement) {
    throw new GatewayError('undefined_object', `query ${queryId} of that session is not known`, {
      hint: 'The last 50 of a session are: DESCRIBE SESSION QUERIES. The audit has all.',
    })
  }
  const { category, durationMs, executionMs, queuedMs, rows, error, startedAt } = statement
  return [
    [
      `${sessionId}:${queryId}`,
      statement.pool ?? null,
      0,
      -1,
      category,
      whole(durationMs),
      whole(executionMs),
      whole(queuedMs),
      BigInt(rows),
      null,
      null,
      null,
      null,
      error ?? null,
      micros(startedAt),
      nodeStatus(statement),
    ],
  ]
}

/** -1: it failed, 1: it runs, 2: it is done. */
function nodeStatus({ status, endedAt }: StatementRecord): number {
  if (endedAt === undefined) return 1
  return status === 'EXECUTION_SUCCEED' ? 2 : -1
}

function queryRow(sessionId: string, statement: StatementRecord): Row {
  const { queryId, status, category, text, roleName, startedAt, endedAt } = statement
  const { durationMs, queuedMs, compilationMs, executionMs, rows, bytes } = statement
  return [
    queryId,
    status,
    category,
    text,
    roleName,
    sessionId,
    micros(startedAt),
    endedAt ? micros(endedAt) : null,
    whole(durationMs),
    whole(queuedMs),
    whole(compilationMs),
    whole(executionMs),
    whole(executionMs),
    null, // what the engine reads it does not count
    BigInt(rows),
    BigInt(bytes),
    null,
    null,
    statement.tool,
    statement.error ?? null,
    statement.pool ?? null,
  ]
}

/** Those that ended and are kept, and those that run. */
function statementsOf({ sessions }: SessionContext, record: SessionRecord): StatementRecord[] {
  const live = sessions.find(record.session.id)?.statements ?? []
  return [...record.statements, ...live].toSorted((a, b) => a.queryId - b.queryId)
}

function visibleSessions({ history, identity, session }: SessionContext): SessionRecord[] {
  const { superuser, clusterAdmin } = identity.authority(session.principal.roleId)
  const all = superuser || clusterAdmin
  return history.sessions.filter(
    (record) => all || isSamePrincipal(record.session.principal, session.principal),
  )
}

/** @throws GatewayError `undefined_object`, also for one that is not to be seen. */
function visibleSession(context: SessionContext, sessionId: string): SessionRecord {
  const record = visibleSessions(context).find(({ session }) => session.id === sessionId)
  if (record) return record
  throw new GatewayError('undefined_object', 'there is no such session', {
    hint: 'List the sessions with: DESCRIBE SESSIONS',
  })
}

function micros(date: Date): bigint {
  return BigInt(date.getTime()) * 1_000n
}

function whole(ms: number): bigint {
  return BigInt(Math.round(ms))
}
