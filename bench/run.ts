/**
 * `npm run bench [-- rows copy-in small-statements definitions memory gate native-binding administration]`: answers each question with
 * a number.
 *
 * Figures are ratios of neighbours in time against PostgreSQL 15 on the same machine (see
 * harness/measure.ts). Results are printed, and kept in bench/results with date and machine.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, release, totalmem } from 'node:os'
import Table from 'cli-table3'
import { administration } from './administration.ts'
import type { AdministrationFigure } from './administration.ts'
import { gate } from './gate.ts'
import type { GateFigure } from './gate.ts'
import { copyIn, copyInMemory } from './copy-in.ts'
import { definitions } from './definitions.ts'
import { withBenchServers } from './harness/bench-servers.ts'
import type { Comparison } from './harness/measure.ts'
import { memory } from './memory.ts'
import { nativeBinding } from './native-binding.ts'
import { rows } from './rows.ts'
import { smallStatements } from './small-statements.ts'

const WITH_SERVERS = ['rows', 'copy-in', 'small-statements', 'memory'] as const
const BY_THEMSELVES = ['definitions', 'gate', 'native-binding', 'administration'] as const
const asked = process.argv.slice(2)
const wants = (question: (typeof WITH_SERVERS | typeof BY_THEMSELVES)[number]): boolean =>
  asked.length === 0 || asked.includes(question)

const loadBefore = loadavg()
const served = WITH_SERVERS.some(wants)
  ? await withBenchServers(async (servers) => ({
      comparisons: [
        ...(wants('rows') ? await rows(servers) : []),
        ...(wants('copy-in') ? await copyIn(servers) : []),
        ...(wants('small-statements') ? await smallStatements(servers) : []),
      ],
      memory: [
        ...(wants('memory') ? await memory(servers) : []),
        ...(wants('copy-in') ? await copyInMemory(servers) : []),
      ],
    }))
  : { comparisons: [], memory: [] }
const results = {
  comparisons: [
    ...served.comparisons,
    ...(wants('definitions') ? await definitions() : []),
    ...(wants('native-binding') ? await nativeBinding() : []),
  ],
  memory: served.memory,
  gate: wants('gate') ? await gate() : [],
  administration: wants('administration') ? await administration() : [],
  /** Of one, five and fifteen minutes: others' work on the machine shows here. */
  load: { before: loadBefore, after: loadavg() },
}

const machine = `${cpus().length} × ${cpus()[0]?.model ?? '?'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}`
print(results.comparisons)
for (const figure of results.memory) {
  console.log(
    `${figure.question}: host peak ${figure.hostPeakMb.toFixed(0)} MB, gateway growth ${figure.gatewayGrowthMb.toFixed(0)} MB`,
  )
}
printGate(results.gate)
printAdministration(results.administration)
const averages = results.load.after.map((load) => load.toFixed(1)).join(', ')
console.log(`load average at the end: ${averages}`)
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

function printGate(figures: readonly GateFigure[]): void {
  const aim = figures[0]?.aim ?? ''
  const table = new Table({
    head: [
      'gate, µs',
      'cold',
      'p99',
      'engine’s plan',
      'cold / plan',
      '/ plan in host',
      'cached',
      'reading',
      aim,
    ],
  })
  for (const figure of figures) {
    const {
      question,
      coldMedianUs,
      coldP99Us,
      planMedianUs,
      coldToPlan,
      coldToHostPlan,
      cachedUs,
      readUs,
    } = figure
    const whole = [coldMedianUs, coldP99Us, planMedianUs].map((us) => us.toFixed())
    const fine = [coldToPlan, coldToHostPlan, cachedUs, readUs].map(
      (value) => value?.toFixed(1) ?? '-',
    )
    const met = cachedUs <= 20 && coldToPlan <= 2 ? 'met' : 'not met'
    table.push([question, ...whole, ...fine, met])
  }
  if (figures.length > 0) console.log(table.toString())
}

function printAdministration(figures: readonly AdministrationFigure[]): void {
  const table = new Table({ head: ['administration', 'p50', 'p99', 'small gateway', 'ratio'] })
  for (const { question, p50Ms, p99Ms, smallMs, note } of figures) {
    const ratio = smallMs === undefined ? '' : (p50Ms / smallMs).toFixed(2)
    const peer = smallMs === undefined ? '' : `${format(smallMs)} ms`
    const title = note === undefined ? question : `${question}\n${note}`
    table.push([title, `${format(p50Ms)} ms`, `${format(p99Ms)} ms`, peer, ratio])
  }
  if (figures.length > 0) console.log(table.toString())
}

function format(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(2)
}
