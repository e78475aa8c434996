/**
 * The figures of a gateway for Prometheus, in a registry of their own.
 *
 * Most are read off the audit: whatever is worth counting is on record anyway, so no other part needs
 * to know of metrics. No label names a client, a token or a role, and each has a fixed set of values:
 * the number of series does not grow with the installation.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { AuditEvent } from '../../audit/audit-event.ts'
import { LIMIT_NAMES } from '../../execution/admission/limit-error.ts'
import type { MetricsText } from '../../protocol/http/operations-port.ts'
import { refusalReason } from './refusal-reason.ts'

const DOORS: readonly AuditEvent['door'][] = ['postgres', 'http', 'grpc', 'flight', 'local']
const SECONDS = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300]
const EVENT_LOOP_RESOLUTION_MS = 10
const NANOSECONDS = 1e9

/** Asked when somebody reads the figures. Bytes and counts. */
export interface MetricsSources {
  sessionDoors(): readonly AuditEvent['door'][]
  /** In all resource pools together. */
  poolLoad(): { readonly running: number; readonly waiting: number }
  /** How often the engine was started. */
  engineStarts(): number
  /** Undefined while there is no host. */
  hostMemory(): Promise<number | undefined>
  gateCache(): { readonly hits: number; readonly misses: number }
  lastAuditRecord(): number
  /** Live tokens that end within `days`. */
  expiringTokens(days: number): number
  diskFree(): number
}

export interface Metrics {
  observe(event: AuditEvent): void
  read(): Promise<MetricsText>
  stop(): void
}

export function openMetrics(sources: MetricsSources): Metrics {
  const registry = new Registry()
  const delay = monitorEventLoopDelay({ resolution: EVENT_LOOP_RESOLUTION_MS })
  delay.enable()
  const counts = openCounts(registry)
  openGauges(registry, sources)
  const quantiles = new Gauge({
    name: 'bluegate_event_loop_delay_seconds',
    help: "How late the gateway's event loop was since the last reading",
    labelNames: ['quantile'],
    registers: [registry],
    collect(): void {
      for (const quantile of [0.5, 0.99, 1]) {
        const nanoseconds = quantile === 1 ? delay.max : delay.percentile(quantile * 100)
        quantiles.set({ quantile: String(quantile) }, nanoseconds / NANOSECONDS)
      }
      delay.reset()
    },
  })
  return {
    observe: counts,
    async read() {
      return { contentType: registry.contentType, text: await registry.metrics() }
    },
    stop() {
      delay.disable()
      registry.clear()
    },
  }
}

/** What happened, counted as it is put on record. */
function openCounts(registry: Registry): (event: AuditEvent) => void {
  const registers = [registry]
  const statements = new Histogram({
    name: 'bluegate_statement_duration_seconds',
    help: 'Statements by category and outcome, from their arrival to their end',
    labelNames: ['category', 'outcome'],
    buckets: SECONDS,
    registers,
  })
  const rows = new Counter({
    name: 'bluegate_rows_total',
    help: 'Rows sent to clients',
    registers,
  })
  const bytes = new Counter({
    name: 'bluegate_result_bytes_total',
    help: 'Encoded rows sent to clients, in bytes',
    registers,
  })
  const logins = new Counter({
    name: 'bluegate_logins_total',
    help: 'Sessions that were opened',
    labelNames: ['door'],
    registers,
  })
  const refusals = new Counter({
    name: 'bluegate_login_refusals_total',
    help: 'Logins that were refused, by the true reason',
    labelNames: ['door', 'reason'],
    registers,
  })
  const acts = new Counter({
    name: 'bluegate_acts_total',
    help: "Administrators' acts",
    labelNames: ['category', 'outcome'],
    registers,
  })
  const waits = new Histogram({
    name: 'bluegate_queue_wait_seconds',
    help: 'How long statements stood in line for their turn in a pool, of those that had to',
    buckets: SECONDS,
    registers,
  })
  const limits = new Counter({
    name: 'bluegate_limit_refusals_total',
    help: 'Statements and logins that exceeded a limit, by its name',
    labelNames: ['limit'],
    registers,
  })
  for (const limit of LIMIT_NAMES) limits.inc({ limit }, 0)
  return (event) => {
    if (event.limit !== undefined) limits.inc({ limit: event.limit })
    const { action, category, outcome, door } = event
    switch (action) {
      case 'statement':
        statements.observe({ category, outcome }, (event.durationMs ?? 0) / 1000)
        rows.inc(event.rows ?? 0)
        bytes.inc(event.bytes ?? 0)
        if (event.queuedMs !== undefined) waits.observe(event.queuedMs / 1000)
        return
      case 'login':
        logins.inc({ door })
        return
      case 'login_refused':
        refusals.inc({ door, reason: refusalReason(event.error) })
        return
      case 'statement_started':
      case 'refusal_explained':
      case 'session_end':
        return
      default:
        acts.inc({ category, outcome })
    }
  }
}

/** How things stand when somebody asks. */
function openGauges(registry: Registry, sources: MetricsSources): void {
  const sessions = new Gauge({
    name: 'bluegate_sessions',
    help: 'Open sessions',
    labelNames: ['door'],
    registers: [registry],
    collect(): void {
      const open = sources.sessionDoors()
      for (const door of DOORS) sessions.set({ door }, open.filter((one) => one === door).length)
    },
  })
  const pools = new Gauge({
    name: 'bluegate_pool_statements',
    help: 'Places that are taken in pools, and statements that wait for one',
    labelNames: ['state'],
    registers: [registry],
    collect(): void {
      const { running, waiting } = sources.poolLoad()
      pools.set({ state: 'running' }, running)
      pools.set({ state: 'waiting' }, waiting)
    },
  })
  const memory = new Gauge({
    name: 'bluegate_memory_bytes',
    help: 'Resident memory',
    labelNames: ['process'],
    registers: [registry],
    async collect(): Promise<void> {
      memory.set({ process: 'gateway' }, process.memoryUsage.rss())
      memory.set({ process: 'engine' }, (await sources.hostMemory()) ?? NaN)
    },
  })
  const expiring = new Gauge({
    name: 'bluegate_tokens_expiring',
    help: 'Live tokens that end within so many days',
    labelNames: ['days'],
    registers: [registry],
    collect(): void {
      for (const days of [1, 3, 14]) {
        expiring.set({ days: String(days) }, sources.expiringTokens(days))
      }
    },
  })
  const cache = new Counter({
    name: 'bluegate_gate_decisions_total',
    help: 'Decisions of the gate: from its cache (hit), or made anew (miss)',
    labelNames: ['cache'],
    registers: [registry],
    collect(): void {
      const { hits, misses } = sources.gateCache()
      cache.reset() // it is counted elsewhere
      cache.inc({ cache: 'hit' }, hits)
      cache.inc({ cache: 'miss' }, misses)
    },
  })
  openPlainGauges(registry, sources)
}

/** Those of a single value. */
function openPlainGauges(registry: Registry, sources: MetricsSources): void {
  const restarts = new Counter({
    name: 'bluegate_engine_restarts_total',
    help: 'How often the engine had to be started again',
    registers: [registry],
    collect(): void {
      restarts.reset()
      restarts.inc(sources.engineStarts() - 1)
    },
  })
  const records = new Gauge({
    name: 'bluegate_audit_last_record',
    help: 'The number of the last audit record',
    registers: [registry],
    collect: (): void => records.set(sources.lastAuditRecord()),
  })
  const free = new Gauge({
    name: 'bluegate_disk_free_bytes',
    help: 'Room on the disk of the data directory',
    registers: [registry],
    collect: (): void => free.set(sources.diskFree()),
  })
  const uptime = new Gauge({
    name: 'bluegate_uptime_seconds',
    help: 'Since this process began',
    registers: [registry],
    collect: (): void => uptime.set(process.uptime()),
  })
}
