/**
 * How many rows a second does COPY … FROM STDIN take as text and csv, through TLS, committed? And how much memory
 * does a client take that sends two gigabytes?
 */
import { residentMb, withPeakMb } from '../test/clients/harness/process-memory.ts'
import type { BenchServers } from './harness/bench-servers.ts'
import { compare } from './harness/measure.ts'
import type { Comparison } from './harness/measure.ts'
import { emptyTwin, TABLES } from './harness/tables.ts'
import { isHost } from './memory.ts'
import type { MemoryFigure } from './memory.ts'

const ROWS = 200_000

export async function copyIn({
  bluegate,
  postgres,
  client,
  targets,
}: BenchServers): Promise<Comparison[]> {
  const results: Comparison[] = []
  for (const table of TABLES) {
    const twin = emptyTwin(table)
    const rowsPerSecond = (side: 'bluegate' | 'postgres') => async (): Promise<number> => {
      const { ms } = await client.ask({
        kind: 'copy',
        target: targets[side],
        out: `copy (select * from ${table.name} limit ${ROWS}) to stdout`,
        into: `copy ${twin} from stdin`,
        times: 1,
      })
      if (side === 'postgres') postgres.run(`truncate ${twin}`)
      else await bluegate.admin(`truncate ${twin}`)
      return (ROWS / ms) * 1000
    }
    results.push(
      await compare({
        question: `COPY of ${table.name} from the client as text, TLS`,
        unit: 'rows/s',
        peerName: 'PostgreSQL 15',
        aim: '',
        pairs: 3,
        bluegate: rowsPerSecond('bluegate'),
        peer: rowsPerSecond('postgres'),
      }),
    )
  }
  return results
}

/** Aim: the gateway grows by less than 128 MB, however much comes. */
export async function copyInMemory(servers: BenchServers): Promise<MemoryFigure[]> {
  const { bluegate, client, targets } = servers
  const pids = bluegate.pids()
  const before = new Map(pids.map((pid) => [pid, residentMb(pid)]))
  const { result, peakMb } = await withPeakMb(pids, async () =>
    client.ask({
      kind: 'copy',
      target: targets.bluegate,
      out: 'copy (select * from strings limit 100000) to stdout',
      into: 'copy strings_in from stdin',
      times: 105,
    }),
  )
  const growth = (pid: number): number => (peakMb.get(pid) ?? 0) - (before.get(pid) ?? 0)
  const [host, gateway] = [pids.filter(isHost), pids.filter((pid) => !isHost(pid))]
  return [
    {
      question: `COPY of ${((result.count?.bytes ?? 0) / 1e9).toFixed(1)} GB from the client`,
      gatewayGrowthMb: Math.max(...gateway.map(growth)),
      hostPeakMb: Math.max(...host.map((pid) => peakMb.get(pid) ?? 0)),
    },
  ]
}
