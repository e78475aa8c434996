/**
 * Records of the audit as CSV, for spreadsheets.
 *
 * Strangers choose what is in the cells (names, statements, how a tool calls itself), and a
 * spreadsheet runs what begins like a formula: such cells begin with an apostrophe. Source: RFC 4180;
 * OWASP, "CSV Injection".
 */
import type { AuditRecord } from '../../audit/audit-event.ts'

const COLUMNS = [
  'sequence',
  'time',
  'startedAt',
  'category',
  'action',
  'outcome',
  'username',
  'roleName',
  'address',
  'door',
  'tlsVersion',
  'clientVersion',
  'clientId',
  'tokenId',
  'sessionId',
  'queryId',
  'initiatedBy',
  'details',
  'objects',
  'rows',
  'bytes',
  'durationMs',
  'pool',
  'queuedMs',
  'limit',
  'error',
  'reason',
  'missingGrants',
] as const satisfies readonly (keyof AuditRecord)[]

/** A line at a time, beginning with the names of the columns. */
export async function* auditCsv(records: AsyncIterable<AuditRecord>): AsyncGenerator<string> {
  yield line(COLUMNS)
  for await (const record of records) yield line(COLUMNS.map((column) => text(record[column])))
}

function text(value: AuditRecord[(typeof COLUMNS)[number]]): string {
  if (value === undefined) return ''
  return Array.isArray(value) ? value.join('; ') : String(value)
}

function line(cells: readonly string[]): string {
  return `${cells.map(cell).join(',')}\r\n`
}

function cell(value: string): string {
  const harmless = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
