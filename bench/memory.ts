/** How much memory do the gateway and the engine host need to stream 5 and 10 million rows? */
import { readFileSync } from 'node:fs'
import { residentMb, withPeakMb } from '../test/clients/harness/process-memory.ts'
import type { BenchServers } from './harness/bench-servers.ts'

export interface MemoryFigure {
  readonly question: string
  readonly gatewayGrowthMb: number
  readonly hostPeakMb: number
}

/** Aims: host ≤ 400 MB and ≤ 1.15 × from 5 to 10 million rows; gateway growth ≤ 64 MB. */
export async function memory({ bluegate, client, targets }: BenchServers): Promise<MemoryFigure[]> {
  const figures: MemoryFigure[] = []
  for (const millions of [5, 10]) {
    const text = `select a.* from wide a, range(5) b limit ${millions}000000`
    const pids = bluegate.pids()
    const before = new Map(pids.map((pid) => [pid, residentMb(pid)]))
    const { result, peakMb } = await withPeakMb(
      pids,
      async () => await client.ask({ kind: 'query', target: targets.bluegate, text }),
    )
    if (result.count?.rows !== millions * 1_000_000)
      throw new Error(`got ${result.count?.rows} rows`)
    const host = pids.filter(isHost)
    const gateway = pids.filter((pid) => !isHost(pid))
    figures.push({
      question: `streaming ${millions} million wide rows`,
      gatewayGrowthMb: Math.max(
        ...gateway.map((pid) => (peakMb.get(pid) ?? 0) - (before.get(pid) ?? 0)),
      ),
      hostPeakMb: Math.max(...host.map((pid) => peakMb.get(pid) ?? 0)),
    })
  }
  return figures
}

export function isHost(pid: number): boolean {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('engine/host')
}
