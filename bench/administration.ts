/**
 * Do the administrator's pages answer with 10,000 clients, 1,000 roles, 2,000 open sessions and ten
 * million audit records, and does the gateway stay smooth meanwhile? Each call alternates with the
 * same call of a gateway that has ten of each and no history.
 *
 * `BENCH_SCALE=0.01` makes it a hundred times smaller. At its full size it takes some ten minutes
 * and 6 GB in the temporary directory, which are given back at the end.
 */
import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { forkClient } from './harness/client-process.ts'
import { FREQUENT_USER, ONCE_USER, clientNameOf } from './harness/fill-audit.ts'
import { roleNameOf, startLargeGateway } from './harness/large-gateway.ts'
import type { GatewaySize, LargeGateway } from './harness/large-gateway.ts'
import { quantile } from './harness/measure.ts'
import type { Target } from './harness/raw-client.ts'

export interface AdministrationFigure {
  readonly question: string
  readonly p50Ms: number
  readonly p99Ms: number
  /** Median of the same call of the small gateway; absent where that has nothing alike. */
  readonly smallMs?: number
  /** Beside the times. */
  readonly note?: string
}

const PAIRS = 40
const CHANGES = 20
const SMOOTHNESS_MS = 4000
const PROGRESS_BEFORE_STOP = 2
const AFTER_STOP_MS = 1000
/** As many as the page of the audit asks for. */
const AUDIT_PAGE = 200

const SMALL: GatewaySize = { clients: 10, roles: 10, sessions: 10, auditRecords: 0 }

export async function administration(): Promise<AdministrationFigure[]> {
  const scale = Number(process.env['BENCH_SCALE'] ?? 1)
  const scaled = (count: number): number => Math.max(10, Math.round(count * scale))
  const size: GatewaySize = {
    clients: scaled(10_000),
    roles: scaled(1_000),
    sessions: scaled(2_000),
    auditRecords: scaled(10_000_000),
  }
  const small = await startLargeGateway(SMALL)
  try {
    const large = await startLargeGateway(size)
    try {
      return [
        ...(await pages(large, small)),
        ...(await acts(large, small)),
        await login(large, small),
        ...(await searches(large)),
        ...(await smoothness(large)),
      ]
    } finally {
      await large.stop()
    }
  } finally {
    await small.stop()
  }
}

type Call = (gateway: LargeGateway, turn: number) => Promise<number>

async function pages(large: LargeGateway, small: LargeGateway): Promise<AdministrationFigure[]> {
  const figures: AdministrationFigure[] = []
  for (const [question, path] of Object.entries(PAGES)) {
    const get: Call = async ({ api, size }) => (await api.call('GET', path(size))).ms
    figures.push(await alternate(question, PAIRS, large, small, get))
  }
  const newest: Call = async ({ api }) =>
    (await api.call('POST', '/api/v1/audit/search', { limit: 50 })).ms
  figures.push(await alternate('audit: the newest 50', PAIRS, large, small, newest))
  return figures
}

const PAGES: Readonly<Record<string, (size: GatewaySize) => string>> = {
  'clients: first page': () => '/api/v1/clients',
  'clients: last page': ({ clients }) => `/api/v1/clients?after=${cursor(clients - 6)}`,
  'clients: search': ({ clients }) => `/api/v1/clients?search=${clientNameOf(clients - 1)}`,
  'clients: page of 1,000': () => '/api/v1/clients?limit=1000',
  'client: detail': ({ clients }) => `/api/v1/clients/${clientNameOf(clients / 2)}`,
  'client: impact': () => `/api/v1/clients/${clientNameOf(1)}/impact`,
  'roles: first page': () => '/api/v1/roles',
  'role: detail': () => `/api/v1/roles/${roleNameOf(5)}`,
  objects: () => '/api/v1/objects',
  'sessions: first page': () => '/api/v1/sessions',
  'sessions: search': () => `/api/v1/sessions?search=${clientNameOf(7)}`,
  warnings: () => '/api/v1/warnings',
  metrics: () => '/metrics',
}

function cursor(client: number): string {
  return Buffer.from(clientNameOf(client)).toString('base64url')
}

async function acts(large: LargeGateway, small: LargeGateway): Promise<AdministrationFigure[]> {
  const api =
    (method: string, path: string, body: (turn: number) => object): Call =>
    async (gateway, turn) =>
      (await gateway.api.call(method, path, body(turn))).ms
  const create = api('POST', '/api/v1/clients', (turn) => {
    return { name: `bench-${turn}`, role: roleNameOf(0) }
  })
  const label = api('PATCH', `/api/v1/clients/${clientNameOf(3)}`, (turn) => {
    return { label: `label ${turn}` }
  })
  const rename = api('PATCH', `/api/v1/roles/${roleNameOf(7)}`, (turn) => {
    return { login: turn % 2 === 0 }
  })
  return [
    await alternate('making a client', CHANGES, large, small, create),
    await alternate('changing a client', CHANGES, large, small, label),
    await alternate(
      'changing a role (all authorities are computed anew)',
      CHANGES,
      large,
      small,
      rename,
    ),
    await alternate('/changes: from an act to its event', CHANGES, large, small, toldAfter),
  ]
}

/** From the sending of a change to the event that tells of it. */
async function toldAfter({ api }: LargeGateway, turn: number): Promise<number> {
  const events = api.lines('GET', '/api/v1/changes')
  await events.next() // the stream is open
  const start = performance.now()
  const change = api.call('PATCH', `/api/v1/clients/${clientNameOf(4)}`, { label: `told ${turn}` })
  for await (const line of events) {
    if (line.includes('"clients"')) break
  }
  const ms = performance.now() - start
  await change
  await delay(300) // each kind is told four times a second
  return ms
}

async function login(large: LargeGateway, small: LargeGateway): Promise<AdministrationFigure> {
  const client = forkClient()
  try {
    const once: Call = async ({ target }) => {
      const { ms, times = 1 } = await client.ask({ kind: 'reconnect', target, forMs: 500 })
      return ms / times
    }
    return await alternate('connect, log in, SELECT 1, close', 5, large, small, once)
  } finally {
    client.stop()
  }
}

/** The first pair is not counted. */
async function alternate(
  question: string,
  pairs: number,
  large: LargeGateway,
  small: LargeGateway,
  call: Call,
): Promise<AdministrationFigure> {
  const ours: number[] = []
  const theirs: number[] = []
  for (let turn = 0; turn <= pairs; turn += 1) {
    const [one, other] = [await call(large, turn), await call(small, turn)]
    if (turn === 0) continue
    ours.push(one)
    theirs.push(other)
  }
  return told({
    question,
    p50Ms: median(ours),
    p99Ms: quantile(ours, 0.99),
    smallMs: median(theirs),
  })
}

async function searches(gateway: LargeGateway): Promise<AdministrationFigure[]> {
  const figures: AdministrationFigure[] = []
  const frequent = { usernames: [FREQUENT_USER], limit: AUDIT_PAGE }
  const rare = { usernames: [ONCE_USER] }
  const like = { detailsLike: '%nothing is like this%', limit: AUDIT_PAGE }
  figures.push(await search(gateway, 'a frequent user, one page', frequent))
  figures.push(await search(gateway, 'a user who is there once', rare))
  figures.push(await search(gateway, 'a text that is nowhere', like))
  figures.push(await stopped(gateway, rare))
  return figures
}

/** p50 is the time to the first record, p99 that to the end. */
async function search(
  { api }: LargeGateway,
  question: string,
  filter: object,
): Promise<AdministrationFigure> {
  const start = performance.now()
  let first: number | undefined
  let [records, progress, silence, last] = [0, 0, 0, start]
  for await (const line of api.lines('POST', '/api/v1/audit/search', filter)) {
    const now = performance.now()
    silence = Math.max(silence, now - last)
    last = now
    if (line.startsWith('{"record"')) {
      first ??= now - start
      records += 1
    } else if (line.startsWith('{"progress"')) progress += 1
  }
  const total = performance.now() - start
  return told({
    question: `audit: ${question} (first record, end)`,
    p50Ms: first ?? total,
    p99Ms: total,
    note: `${records} records, ${progress} lines of progress, never silent for more than ${silence.toFixed(0)} ms`,
  })
}

/** A reader that goes away in the middle: what it left must not go on. */
async function stopped(gateway: LargeGateway, filter: object): Promise<AdministrationFigure> {
  const { api, server } = gateway
  let progress = 0
  for await (const line of api.lines('POST', '/api/v1/audit/search', filter)) {
    if (line.startsWith('{"progress"')) progress += 1
    if (progress === PROGRESS_BEFORE_STOP) break
  }
  const { ms } = await api.call('POST', '/api/v1/audit/search', { limit: 50 })
  const before = cpuMs(server.pids())
  await delay(AFTER_STOP_MS)
  const used = ((cpuMs(server.pids()) - before) / AFTER_STOP_MS) * 100
  return {
    question: 'audit: the newest 50, just after a long search was left',
    p50Ms: ms,
    p99Ms: ms,
    note: `in the second after, all processes of the gateway used ${used.toFixed(0)} % of one core`,
  }
}

/** At once, too: the whole takes long, and what was measured shall not be lost with the rest. */
function told(figure: AdministrationFigure): AdministrationFigure {
  const { question, p50Ms, p99Ms, smallMs, note = '' } = figure
  const peer = smallMs === undefined ? '' : ` (small gateway: ${smallMs.toFixed(1)} ms)`
  console.error(`${question}: ${p50Ms.toFixed(1)}, ${p99Ms.toFixed(1)} ms${peer} ${note}`)
  return figure
}

/** Of the processes, in user and system mode, since they began. */
function cpuMs(pids: readonly number[]): number {
  const ticks = pids.map((pid) => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return Number(fields[11]) + Number(fields[12])
  })
  return ticks.reduce((sum, each) => sum + each, 0) * 10
}

/** What one connection with small statements suffers while administrators work. */
async function smoothness(gateway: LargeGateway): Promise<AdministrationFigure[]> {
  const { api, target, size } = gateway
  const figures: AdministrationFigure[] = []
  const watch = async (while_: string, work: () => Promise<void>): Promise<void> => {
    await readLoopDelay(gateway) // each reading begins anew
    const { p50Ms, p99Ms, times } = await latencyDuring(target, work)
    const loop = await readLoopDelay(gateway)
    const late = `event loop late by ${loop.p99.toFixed(1)} ms (p99), ${loop.max.toFixed(1)} ms (worst)`
    const note = `${times} rounds; ${late}`
    figures.push(told({ question: `SELECT 1 while ${while_}`, p50Ms, p99Ms, note }))
  }
  await watch('nothing else happens', () => delay(100))
  await watch('somebody goes through all pages', async () => {
    for (const [page, path] of Object.entries(PAGES)) {
      if (page !== 'metrics') await api.call('GET', path(size)) // it would begin the delay anew
    }
  })
  await watch('clients and roles are changed', async () => {
    const label = `label ${performance.now()}`
    await api.call('PATCH', `/api/v1/clients/${clientNameOf(3)}`, { label })
    await api.call('PATCH', `/api/v1/roles/${roleNameOf(7)}`, { login: true })
  })
  await watch('the whole audit is searched', async () => {
    await api.call('POST', '/api/v1/audit/search', { usernames: [ONCE_USER] })
  })
  return figures
}

async function latencyDuring(target: Target, work: () => Promise<void>) {
  const client = forkClient()
  try {
    let isOver = false
    const order = { kind: 'latency', target, text: 'SELECT 1', connections: 1 } as const
    const asking = client.ask({ ...order, forMs: SMOOTHNESS_MS }).finally(() => (isOver = true))
    let times = 0
    while (!isOver) {
      await work()
      times += 1
    }
    const { latencies = [] } = await asking
    return { p50Ms: median(latencies), p99Ms: quantile(latencies, 0.99), times }
  } finally {
    client.stop()
  }
}

/** Since the last reading, in milliseconds. */
async function readLoopDelay({ api }: LargeGateway): Promise<{ p99: number; max: number }> {
  const { text } = await api.call('GET', '/metrics')
  const of = (quantileName: string): number => {
    const line = `bluegate_event_loop_delay_seconds\\{quantile="${quantileName}"\\} (\\S+)`
    return Number(new RegExp(line).exec(text)?.[1]) * 1000
  }
  return { p99: of('0.99'), max: of('1') }
}

function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}
