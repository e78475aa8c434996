import { afterEach, expect, test } from 'vitest'
import type { AuditEvent } from '../../audit/audit-event.ts'
import { openMetrics } from './open-metrics.ts'
import type { Metrics } from './open-metrics.ts'

let metrics: Metrics
afterEach(() => metrics.stop())

function open(): Metrics {
  return openMetrics({
    sessionDoors: () => ['postgres', 'postgres', 'local'],
    poolLoad: () => ({ running: 2, waiting: 5 }),
    engineStarts: () => 3,
    hostMemory: () => Promise.resolve(5_000),
    gateCache: () => ({ hits: 7, misses: 2 }),
    lastAuditRecord: () => 41,
    expiringTokens: (days) => days,
    diskFree: () => 1_234,
  })
}

function event(about: Partial<AuditEvent>): AuditEvent {
  return {
    category: 'SELECT',
    action: 'statement',
    outcome: 'succeeded',
    username: 'hostile-client',
    tokenId: 'TOKENID00001',
    address: '10.0.0.7',
    door: 'postgres',
    initiatedBy: 'External',
    startedAt: '2030-01-01T00:00:00.000Z',
    ...about,
  }
}

test('statements, logins and acts are counted as they are put on record', async () => {
  metrics = open()
  metrics.observe(event({ rows: 10, bytes: 100, durationMs: 20 }))
  metrics.observe(event({ rows: 5, bytes: 50, durationMs: 2_000, outcome: 'failed' }))
  metrics.observe(event({ action: 'statement_started', rows: 99 }))
  metrics.observe(event({ action: 'refusal_explained', outcome: 'refused' }))
  metrics.observe(event({ queuedMs: 20, outcome: 'refused', limit: 'queueWaitSeconds' }))
  metrics.observe(event({ action: 'login', category: 'SESSION' }))
  const error = 'invalid_password: no (wrong_secret)'
  metrics.observe(event({ action: 'login_refused', category: 'SESSION', error }))
  metrics.observe(event({ action: 'client_created', category: 'CLIENT' }))
  const { text, contentType } = await metrics.read()
  expect(contentType).toContain('text/plain')
  for (const line of [
    'bluegate_statement_duration_seconds_bucket{le="0.03",category="SELECT",outcome="succeeded"} 1',
    'bluegate_statement_duration_seconds_count{category="SELECT",outcome="failed"} 1',
    'bluegate_rows_total 15',
    'bluegate_result_bytes_total 150',
    'bluegate_logins_total{door="postgres"} 1',
    'bluegate_login_refusals_total{door="postgres",reason="wrong_secret"} 1',
    'bluegate_acts_total{category="CLIENT",outcome="succeeded"} 1',
    'bluegate_pool_statements{state="waiting"} 5',
    'bluegate_queue_wait_seconds_bucket{le="0.03"} 1',
    'bluegate_queue_wait_seconds_count 1',
    'bluegate_limit_refusals_total{limit="queueWaitSeconds"} 1',
    'bluegate_limit_refusals_total{limit="sessions"} 0',
    'bluegate_sessions{door="postgres"} 2',
    'bluegate_sessions{door="http"} 0',
    'bluegate_engine_restarts_total 2',
    'bluegate_gate_decisions_total{cache="hit"} 7',
    'bluegate_audit_last_record 41',
    'bluegate_tokens_expiring{days="14"} 14',
    'bluegate_memory_bytes{process="engine"} 5000',
    'bluegate_disk_free_bytes 1234',
  ]) {
    expect(text.split('\n')).toContain(line)
  }
  expect(text).toMatch(/^bluegate_event_loop_delay_seconds\{quantile="0.99"\} [\d.e-]+$/m)
})

test('nothing that a client chooses becomes a label, however much it sends', async () => {
  metrics = open()
  const seriesOf = async (): Promise<string[]> =>
    (await metrics.read()).text.split('\n').map((line) => line.replace(/ \S+$/, ''))
  metrics.observe(event({ action: 'login_refused', error: 'invalid_password: x (other)' }))
  metrics.observe(event({}))
  const before = await seriesOf()
  for (let index = 0; index < 100; index += 1) {
    const error = `invalid_password: (evil_${'x'.repeat(index)})`
    metrics.observe(event({ action: 'login_refused', username: `u${index}`, error }))
    metrics.observe(event({ username: `u${index}`, tokenId: `t${index}`, details: `${index}` }))
  }
  expect(await seriesOf()).toEqual(before)
  expect((await metrics.read()).text).not.toMatch(/hostile|TOKENID|10\.0\.0\.7|evil/)
})

test('two gateways in one process count apart', async () => {
  metrics = open()
  const other = open()
  other.observe(event({ rows: 3 }))
  other.stop()
  expect((await metrics.read()).text).toContain('bluegate_rows_total 0')
})
