/** Whether a record is asked for. Every implementation of the audit answers by this one function. */
import { GatewayError } from '../base/gateway-error.ts'
import type { AuditRecord } from './audit-event.ts'
import type { AuditFilter } from './audit-log.ts'
import { blueStatus } from './blue-status.ts'
import { likePattern } from './like-pattern.ts'

/**
 * Everything but `limit`, which counts what this lets through.
 * @throws GatewayError `invalid_datetime_format` for a time that is none.
 */
export function auditFilter(filter: AuditFilter): (record: AuditRecord) => boolean {
  const checks: ((record: AuditRecord) => boolean)[] = []
  const { from, to, detailsLike, errorLike } = filter
  if (from !== undefined) {
    const first = timeOf('from', from)
    checks.push((record) => Date.parse(record.time) >= first)
  }
  if (to !== undefined) {
    const end = timeOf('to', to)
    checks.push((record) => Date.parse(record.time) < end)
  }
  among(filter.usernames, (record) => record.username)
  among(filter.sessionIds, (record) => record.sessionId)
  among(filter.queryIds, (record) => record.queryId)
  among(filter.outcomes, (record) => record.outcome)
  among(filter.categories, (record) => record.category)
  among(filter.actions, (record) => record.action)
  among(filter.initiatedBy, (record) => record.initiatedBy)
  among(upperCase(filter.statuses), (record) => blueStatus(record).toUpperCase())
  like(detailsLike, (record) => record.details)
  like(errorLike, (record) => record.error)
  return (record) => checks.every((check) => check(record))

  function among<T>(wanted: readonly T[] | undefined, of: (record: AuditRecord) => T | undefined) {
    if (wanted === undefined) return
    const values = new Set<T | undefined>(wanted)
    checks.push((record) => values.has(of(record)))
  }

  function like(pattern: string | undefined, of: (record: AuditRecord) => string | undefined) {
    if (pattern === undefined) return
    const isLike = likePattern(pattern)
    checks.push((record) => isLike(of(record) ?? ''))
  }
}

function upperCase(words: readonly string[] | undefined): readonly string[] | undefined {
  return words?.map((word) => word.toUpperCase())
}

function timeOf(field: 'from' | 'to', text: string): number {
  const time = Date.parse(text)
  if (!Number.isNaN(time)) return time
  throw new GatewayError('invalid_datetime_format', `"${text}" is not a time`, {
    field,
    hint: 'Write for example 2026-01-31T12:00:00Z.',
  })
}
