/** What is on record. */
import { readLines } from './read-lines.ts'
import { request, send } from './request.ts'

export interface AuditRecord {
  readonly sequence: number
  /** When it was written; `startedAt` is when the act began. */
  readonly time: string
  readonly startedAt: string
  readonly category: string
  readonly action: string
  readonly outcome: Outcome
  readonly username: string
  readonly address: string
  readonly door: string
  readonly initiatedBy: string
  readonly clientId?: string
  readonly tokenId?: string
  readonly roleName?: string
  readonly sessionId?: string
  readonly queryId?: number
  readonly clientVersion?: string
  readonly details?: string
  readonly error?: string
  /** Of a refused login: the true one, which the client was not told. */
  readonly reason?: string
  readonly tlsVersion?: string
  readonly objects?: readonly string[]
  readonly rows?: number
  readonly bytes?: number
  readonly durationMs?: number
}

export const OUTCOMES = ['succeeded', 'failed', 'refused', 'cancelled'] as const
export type Outcome = (typeof OUTCOMES)[number]

export const CATEGORIES = [
  'SESSION',
  'SELECT',
  'INSERT',
  'DDL',
  'TRANSACTION',
  'SETTING',
  'ROLE',
  'CLIENT',
  'TOKEN',
  'USER',
  'AUDITLOG',
  'SYSTEM',
  'OTHER',
] as const

/** What is absent does not restrict. */
export interface AuditFilter {
  readonly from?: string
  readonly to?: string
  readonly usernames?: readonly string[]
  readonly outcomes?: readonly Outcome[]
  readonly categories?: readonly string[]
  readonly actions?: readonly string[]
  readonly sessionIds?: readonly string[]
  /** LIKE patterns. */
  readonly detailsLike?: string
  readonly errorLike?: string
  readonly limit?: number
}

export type SearchLine =
  | { readonly record: AuditRecord }
  | { readonly progress: SearchProgress }
  | { readonly end: { readonly records: number } }

export interface SearchProgress {
  /** Records newer than this were looked at. */
  readonly readBackTo: string
  /** Found so far. */
  readonly records: number
}

export type Verification =
  | {
      readonly ok: true
      readonly records: number
      readonly segments: number
      readonly head: string
    }
  | {
      readonly ok: false
      readonly segment: string
      readonly line: number
      readonly problem: string
    }

/** Newest first, as they are found. */
export async function* searchAudit(
  filter: AuditFilter,
  signal: AbortSignal,
): AsyncGenerator<SearchLine> {
  const answer = await send('POST', '/audit/search', { body: filter, signal })
  yield* readLines<SearchLine>(answer)
}

export function verifyAudit(): Promise<Verification> {
  return request('POST', '/audit/verify')
}

export const AUDIT_TAIL_PATH = '/api/v1/audit/tail'

/** The address of a download. */
export function auditExportPath(format: 'ndjson' | 'csv', filter: AuditFilter): string {
  const query = new URLSearchParams({ format, filter: JSON.stringify(filter) })
  return `/api/v1/audit/export?${query.toString()}`
}
