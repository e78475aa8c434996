/**
 * AUDITLOG as BLUE shows it: its thirteen columns, its filters, and what it leaves out by default.
 *
 * Texts are never cut (BLUE cuts at 255). Times are UTC. Source: BLUE SQL, AUDITLOG; features, A1
 * to A4.
 */
import { GatewayError } from '../base/gateway-error.ts'
import type { AuditRecord } from './audit-event.ts'
import type { AuditFilter } from './audit-log.ts'
import { initiatorsOf, timeOfClause } from './blue-clauses.ts'
import { blueStatus } from './blue-status.ts'

export const AUDIT_LOG_COLUMNS = [
  'time_stamp',
  'last_update',
  'username',
  'session_id',
  'query_id',
  'client_ip_address',
  'client_version',
  'status',
  'category',
  'additional_details',
  'error_details',
  'tenant_id',
  'initiated_by',
] as const

/** The clauses of the statement, as written. Those that are absent do not restrict. */
export interface AuditLogClauses {
  readonly from?: string
  readonly to?: string
  readonly usernames?: readonly string[]
  readonly sessionIds?: readonly string[]
  readonly queryIds?: readonly string[]
  readonly statuses?: readonly string[]
  readonly categories?: readonly string[]
  readonly additionalDetailsLike?: string
  readonly errorDetailsLike?: string
  /** In any case; `all` for everybody. */
  readonly initiatedBy?: readonly string[]
}

/** One value for each of `AUDIT_LOG_COLUMNS`. */
export function auditLogRow(record: AuditRecord): readonly (string | null)[] {
  return [
    timestamp(record.startedAt),
    timestamp(record.time),
    record.username,
    record.sessionId ?? null,
    record.queryId === undefined ? null : String(record.queryId),
    record.address,
    record.clientVersion ?? null,
    blueStatus(record),
    record.category,
    record.details ?? null,
    record.error ?? null,
    null, // one installation has one tenant
    record.initiatedBy,
  ]
}

/** @throws GatewayError naming the clause and what it may hold. */
export function auditFilterOf(clauses: AuditLogClauses): AuditFilter {
  const { from, to, usernames, sessionIds, queryIds, statuses, categories } = clauses
  const { additionalDetailsLike, errorDetailsLike } = clauses
  const initiatedBy = initiatorsOf(clauses.initiatedBy)
  return {
    ...(from !== undefined && { from: timeOfClause('FROM', from) }),
    ...(to !== undefined && { to: timeOfClause('TO', to) }),
    ...(usernames && { usernames }),
    ...(sessionIds && { sessionIds }),
    ...(queryIds && { queryIds: queryIds.map(queryId) }),
    ...(statuses && { statuses }),
    ...(categories && { categories: categories.map((category) => category.toUpperCase()) }),
    ...(additionalDetailsLike !== undefined && { detailsLike: additionalDetailsLike }),
    ...(errorDetailsLike !== undefined && { errorLike: errorDetailsLike }),
    ...(initiatedBy && { initiatedBy }),
  }
}

/** As PostgreSQL prints a timestamp. */
function timestamp(iso: string): string {
  return iso.replace('T', ' ').replace('Z', '')
}

function queryId(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw new GatewayError('invalid_text_representation', `QUERYID: '${text}' is not a number`, {
    hint: 'Queries are numbered 1, 2, 3 … inside a session.',
  })
}
