/** How many rows a second leave the server as PostgreSQL text, through TLS, in one stream? */
import { compare } from './harness/measure.ts'
import type { Comparison } from './harness/measure.ts'
import type { BenchServers } from './harness/bench-servers.ts'
import { TABLES } from './harness/tables.ts'

const AIMS: Readonly<Record<string, string>> = {
  wide: '≥ 1.5',
  numeric8: '≥ 1.0',
  strings: '≥ 1.0',
}

export async function rows({ client, targets }: BenchServers): Promise<Comparison[]> {
  const results: Comparison[] = []
  for (const table of TABLES) {
    const rowsPerSecond = (side: 'bluegate' | 'postgres') => async (): Promise<number> => {
      const text = `select * from ${table.name}`
      const { ms, count } = await client.ask({ kind: 'query', target: targets[side], text })
      if (count?.rows !== table.rows)
        throw new Error(`${side} gave ${count?.rows} rows of ${table.name}`)
      return (table.rows / ms) * 1000
    }
    results.push(
      await compare({
        question: `text rows of ${table.name}, TLS`,
        unit: 'rows/s',
        peerName: 'PostgreSQL 15',
        aim: AIMS[table.name] ?? '',
        pairs: 5,
        bluegate: rowsPerSecond('bluegate'),
        peer: rowsPerSecond('postgres'),
      }),
    )
  }
  return results
}
