/** What is on record. */
import { LOUD } from './gateway.ts'
import * as sdk from './generated/sdk.gen.ts'
import type {
  AuditFilter,
  AuditLine,
  AuditRecord,
  AuditVerification,
} from './generated/types.gen.ts'
import { readLines } from './read-lines.ts'

export type { AuditFilter, AuditRecord, AuditVerification } from './generated/types.gen.ts'
export type SearchProgress = AuditLine['progress'] & object

export type Outcome = AuditRecord['outcome']
export const OUTCOMES = [
  'succeeded',
  'failed',
  'refused',
  'cancelled',
] as const satisfies readonly Outcome[]

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

/** Newest first, as they are found. */
export async function* searchAudit(
  filter: AuditFilter,
  signal: AbortSignal,
): AsyncGenerator<AuditLine> {
  const { response } = await sdk.searchAudit({ ...LOUD, body: filter, signal, parseAs: 'stream' })
  yield* readLines<AuditLine>(response)
}

export async function verifyAudit(): Promise<AuditVerification> {
  return (await sdk.verifyAudit(LOUD)).data
}

export const AUDIT_TAIL_PATH = '/api/v1/audit/tail'

/** The address of a download. */
export function auditExportPath(format: 'ndjson' | 'csv', filter: AuditFilter): string {
  const query = new URLSearchParams({ format, filter: JSON.stringify(filter) })
  return `/api/v1/audit/export?${query.toString()}`
}
