/**
 * `npm run bench [-- rows small-statements memory]`: answers each question with a number.
 *
 * Figures are ratios of neighbours in time against PostgreSQL 15 on the same machine (see
 * harness/measure.ts). Results are printed, and kept in bench/results with date and machine.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, release, totalmem } from 'node:os'
import Table from 'cli-table3'
import { withBenchServers } from './harness/bench-servers.ts'
import type { Comparison } from './harness/measure.ts'
import { memory } from './memory.ts'
import { rows } from './rows.ts'
import { smallStatements } from './small-statements.ts'

const QUESTIONS = ['rows', 'small-statements', 'memory'] as const
const asked = process.argv.slice(2)
const wants = (question: (typeof QUESTIONS)[number]): boolean =>
  asked.length === 0 || asked.includes(question)

const results = await withBenchServers(async (servers) => ({
  comparisons: [
    ...(wants('rows') ? await rows(servers) : []),
    ...(wants('small-statements') ? await smallStatements(servers) : []),
  ],
  memory: wants('memory') ? await memory(servers) : [],
}))

const machine = `${cpus().length} × ${cpus()[0]?.model ?? '?'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}`
print(results.comparisons)
for (const figure of results.memory) {
  console.log(
    `${figure.question}: host peak ${figure.hostPeakMb.toFixed(0)} MB, gateway growth ${figure.gatewayGrowthMb.toFixed(0)} MB`,
  )
}
mkdirSync(new URL('./results/', import.meta.url), { recursive: true })
const date = new Date().toISOString()
const file = new URL(
  `./results/${date.slice(0, 19).replaceAll(':', '')}.local.json`,
  import.meta.url,
)
writeFileSync(file, JSON.stringify({ date, machine, node: process.version, ...results }, null, 2))

function print(comparisons: readonly Comparison[]): void {
  const table = new Table({ head: ['question', 'Bluegate', 'peer', 'ratio (range)', 'aim'] })
  for (const one of comparisons) {
    const range = `${one.ratioMin.toFixed(2)}–${one.ratioMax.toFixed(2)}`
    table.push([
      `${one.question}\nagainst ${one.peerName}`,
      `${format(one.bluegate)} ${one.unit}`,
      `${format(one.peer)} ${one.unit}`,
      `${one.ratio.toFixed(2)} (${range}, ${one.pairs} pairs)`,
      one.aim,
    ])
  }
  if (comparisons.length > 0) console.log(table.toString())
}

function format(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(2)
}
