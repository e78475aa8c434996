import { expect, test } from 'vitest'
import { auditEvent } from './audit-log-contract.ts'
import { AUDIT_LOG_COLUMNS, auditFilterOf, auditLogRow } from './blue-audit-log-rows.ts'
import { blueStatus } from './blue-status.ts'
import { MemoryAuditLog } from './memory-audit-log.ts'
import { found } from './audit-log-contract.ts'

const TIME = '2026-01-02T03:04:06.000Z'

test('a record has a value for each of BLUE’s thirteen columns', () => {
  const event = auditEvent({
    sessionId: 's',
    queryId: 7,
    clientVersion: 'Tableau',
    details: 'x'.repeat(300),
    error: 'no',
    outcome: 'failed',
  })
  const row = auditLogRow({ ...event, sequence: 1, time: TIME })
  expect(Object.fromEntries(AUDIT_LOG_COLUMNS.map((name, index) => [name, row[index]]))).toEqual({
    time_stamp: '2026-01-02 03:04:05.678',
    last_update: '2026-01-02 03:04:06.000',
    username: 'tableau',
    session_id: 's',
    query_id: '7',
    client_ip_address: '203.0.113.7',
    client_version: 'Tableau',
    status: 'EXECUTION_FAILED',
    category: 'SELECT',
    additional_details: 'x'.repeat(300),
    error_details: 'no',
    tenant_id: null,
    initiated_by: 'External',
  })
  expect(auditLogRow({ ...auditEvent(), sequence: 1, time: TIME })).toHaveLength(13)
})

test.each([
  ['statement', 'succeeded', 'EXECUTION_SUCCEED'],
  ['statement', 'failed', 'EXECUTION_FAILED'],
  ['statement', 'cancelled', 'EXECUTION_FAILED'],
  ['statement', 'refused', 'COMPILATION_FAILED'],
  ['login', 'succeeded', 'Active'],
  ['session_end', 'succeeded', 'Closed'],
  ['login_refused', 'refused', 'Failed'],
  ['client_created', 'succeeded', 'COMPLETE'],
] as const)('%s that %s has the status %s', (action, outcome, status) => {
  expect(blueStatus({ ...auditEvent({ action, outcome }), sequence: 1, time: TIME })).toBe(status)
})

test('without INITIATED BY, what the system did by itself is left out; ALL shows it', async () => {
  const log = new MemoryAuditLog()
  for (const initiatedBy of [
    'External',
    'CLI',
    'Jobs',
    'Blue_UI_User',
    'Blue_UI_System',
  ] as const) {
    await log.append(auditEvent({ initiatedBy }))
  }
  const shown = async (asked?: string[]): Promise<string[]> =>
    (await found(log, auditFilterOf(asked ? { initiatedBy: asked } : {}))).map((r) => r.initiatedBy)
  expect(await shown()).toEqual(['Blue_UI_User', 'CLI', 'External'])
  expect(await shown(['all'])).toHaveLength(5)
  expect(await shown(['jobs', 'blue_ui_system'])).toEqual(['Blue_UI_System', 'Jobs'])
  expect(() => auditFilterOf({ initiatedBy: ['nobody'] })).toThrow(`'nobody'`)
})

test('clauses become filters', () => {
  expect(
    auditFilterOf({
      from: '2026-01-31',
      to: '2026-02-01 12:30:15.5+02:00',
      queryIds: ['1', '20'],
      categories: ['select'],
      statuses: ['Closed'],
      additionalDetailsLike: '%a%',
      errorDetailsLike: 'b_',
      initiatedBy: ['ALL'],
    }),
  ).toEqual({
    from: '2026-01-31T00:00:00.000Z',
    to: '2026-02-01T10:30:15.500Z',
    queryIds: [1, 20],
    categories: ['SELECT'],
    statuses: ['Closed'],
    detailsLike: '%a%',
    errorLike: 'b_',
  })
})

test.each([
  [{ from: 'yesterday' }, 'TIMEFRAME FROM'],
  [{ to: '2026-02-30x' }, 'TIMEFRAME TO'],
  [{ to: '2026-13-01' }, 'TIMEFRAME TO'],
  [{ queryIds: ['one'] }, 'QUERYID'],
])('%j is refused, naming the clause', (clauses, name) => {
  expect(() => auditFilterOf(clauses)).toThrow(name)
})
