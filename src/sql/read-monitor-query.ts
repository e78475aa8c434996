/**
 * DESCRIBE POOLS, SESSIONS, SESSION QUERIES, QUERY and LOCKS, and ABORT('session', 'query').
 *
 * Source: BLUE SQL, DESCRIBE and ABORT.
 */
import { readNameArgument, readString } from './read-argument.ts'
import { readInitiators } from './read-audit-log.ts'
import type { AbortStatement, MonitorQuery } from './statement.ts'
import type { TokenCursor } from './token-cursor.ts'

const STATUSES_MAX = 100

/** Whether it is one of these, of BLUE's DESCRIBE family. */
export function describesMonitor(cursor: TokenCursor): boolean {
  const words = ['pools', 'resource', 'sessions', 'session', 'query', 'locks']
  return words.includes(cursor.peek(1)?.value ?? '')
}

/** @throws GatewayError `syntax_error`. */
export function readMonitorQuery(cursor: TokenCursor): MonitorQuery {
  cursor.next()
  const query = readQuery(cursor)
  cursor.expectEnd()
  return query
}

function readQuery(cursor: TokenCursor): MonitorQuery {
  if (cursor.accept('resource', 'pools') || cursor.accept('pools'))
    return { kind: 'describe_pools' }
  if (cursor.accept('locks')) return { kind: 'describe_locks' }
  if (cursor.accept('sessions')) return readSessions(cursor)
  if (cursor.accept('session', 'queries')) return readSessionQueries(cursor)
  cursor.expect('query')
  const sessionId = cursor.accept('session', 'id') ? readString(cursor) : undefined
  cursor.expect('query', 'id')
  return { kind: 'describe_query', sessionId, queryId: readQueryId(cursor) }
}

function readSessions(cursor: TokenCursor): MonitorQuery {
  const user = cursor.accept('user') ? readNameArgument(cursor) : undefined
  let timeframe: { from: string; to: string } | undefined
  if (cursor.accept('timeframe', 'from')) {
    const from = readString(cursor)
    cursor.expect('to')
    timeframe = { from, to: readString(cursor) }
  }
  const initiatedBy = cursor.accept('initiated', 'by') ? readInitiators(cursor) : undefined
  return { kind: 'describe_sessions', user, timeframe, initiatedBy }
}

function readSessionQueries(cursor: TokenCursor): MonitorQuery {
  const of = cursor.accept('all')
    ? 'all'
    : cursor.accept('session', 'id')
      ? { sessionId: readString(cursor) }
      : 'this'
  return { kind: 'describe_session_queries', of, statuses: readStatuses(cursor) }
}

/** With or without brackets. */
function readStatuses(cursor: TokenCursor): readonly string[] | undefined {
  if (!cursor.accept('status', 'in')) return undefined
  const bracketed = cursor.acceptSymbol('(')
  const statuses = cursor.list(() => readNameArgument(cursor).toUpperCase())
  if (bracketed) cursor.expectSymbol(')')
  if (statuses.length > STATUSES_MAX) {
    throw cursor.syntaxError(`A list may have ${STATUSES_MAX} items.`)
  }
  return statuses
}

/** @throws GatewayError `syntax_error`. After the word ABORT. */
export function readAbort(cursor: TokenCursor): AbortStatement {
  cursor.expectSymbol('(')
  const sessionId = readString(cursor)
  cursor.expectSymbol(',')
  const queryId = readQueryId(cursor)
  cursor.expectSymbol(')')
  cursor.expectEnd()
  return { kind: 'abort_statement', sessionId, queryId }
}

/** `'7'`, 7, or as DESCRIBE QUERY shows it: `'session:7'`. */
function readQueryId(cursor: TokenCursor): number {
  const token = cursor.peek()
  const digits = token?.kind === 'string' ? token.value.replace(/^.*:/, '') : (token?.value ?? '')
  const fits = token?.kind === 'string' || token?.kind === 'number'
  if (!fits || !/^\d{1,15}$/.test(digits)) {
    throw cursor.syntaxError('Queries are numbered 1, 2, 3 … inside a session.')
  }
  cursor.next()
  return Number(digits)
}
