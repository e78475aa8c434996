/** How many small statements and logins a second, and how late are they while one client streams? */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { BenchServers } from './harness/bench-servers.ts'
import { forkClient } from './harness/client-process.ts'
import { compare, quantile } from './harness/measure.ts'
import type { Comparison } from './harness/measure.ts'
import type { Target } from './harness/raw-client.ts'

const run = promisify(execFile)
const PGBENCH_SECONDS = 4
const LATENCY_MS = 4000

export async function smallStatements({ client, targets }: BenchServers): Promise<Comparison[]> {
  const perSecond = async (target: Target): Promise<number> => {
    const { ms, times } = await client.ask({ kind: 'reconnect', target, forMs: 3000 })
    return ((times ?? 0) / ms) * 1000
  }
  return [
    await compare({
      question: 'connect, log in, SELECT 1, close; TLS, one after the other',
      unit: '/s',
      peerName: 'PostgreSQL 15 (password in the clear inside TLS, as ours)',
      aim: '',
      pairs: 5,
      bluegate: () => perSecond(targets.bluegate),
      peer: () => perSecond(targets.postgres),
    }),
    await compare({
      question: 'SELECT 1 from 16 connections (pgbench, simple protocol, TLS)',
      unit: '/s',
      peerName: 'PostgreSQL 15',
      aim: '≥ 0.15',
      pairs: 5,
      bluegate: () => pgbench(targets.bluegate),
      peer: () => pgbench(targets.postgres),
    }),
    await compare({
      question: 'p99 of SELECT 1 from 8 connections while one client streams, over the idle p99',
      unit: 'times the idle p99',
      peerName: 'PostgreSQL 15',
      aim: '≤ 3 times',
      pairs: 3,
      bluegate: () => slowdown(client, targets.bluegate),
      peer: () => slowdown(client, targets.postgres),
    }),
  ]
}

async function pgbench({ host, port, user, database, password }: Target): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), 'bench-pgbench-'))
  const script = join(directory, 'select-1.sql')
  writeFileSync(script, 'SELECT 1;\n')
  const load = ['-n', '-c', '16', '-j', '1', '-T', String(PGBENCH_SECONDS), '-f', script]
  try {
    const { stdout } = await run(
      'pgbench',
      [...load, '-h', host, '-p', String(port), '-U', user, database],
      {
        env: { ...process.env, PGPASSWORD: password, PGSSLMODE: 'require' },
      },
    )
    const tps = /tps = ([\d.]+)/.exec(stdout)?.[1]
    if (tps === undefined) throw new Error(`pgbench printed no rate:\n${stdout}`)
    return Number(tps)
  } finally {
    rmSync(directory, { recursive: true })
  }
}

async function slowdown(client: BenchServers['client'], target: Target): Promise<number> {
  const p99 = async (): Promise<number> => {
    const order = {
      kind: 'latency',
      target,
      text: 'SELECT 1',
      connections: 8,
      forMs: LATENCY_MS,
    } as const
    const { latencies } = await client.ask(order)
    return quantile(latencies ?? [], 0.99)
  }
  const idle = await p99()
  const streamer = forkClient()
  try {
    let streaming = true
    const stream = (async () => {
      while (streaming) await streamer.ask({ kind: 'query', target, text: 'select * from wide' })
    })()
    const busy = await p99()
    streaming = false
    await stream
    return busy / idle
  } finally {
    streamer.stop()
  }
}
