/**
 * npm run soak [-- --minutes N --good N --hostile N --fill-memory --blue]: 10 minutes with 50 well-behaved and 5 hostile
 * clients on one gateway. Ends with 1 when one of the first got a wrong answer, lost its session, or
 * was told anything but 57P02. With --fill-memory hostile clients also fill the memory that all
 * statements share, of which others are known to see 53200. With --blue the clients are programs with
 * the stock BLUE connector instead, and it ends with 1 when one got a wrong answer, lost a connection, or
 * left a session behind. The report is the last line, as JSON.
 */
import { parseArgs } from 'node:util'
import { blueLoad } from '../test/soak/blue-load.ts'
import { soak } from '../test/soak/soak.ts'
import type { SoakReport } from '../test/soak/soak.ts'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    good: { type: 'string', default: '50' },
    hostile: { type: 'string', default: '5' },
    'fill-memory': { type: 'boolean', default: false },
    blue: { type: 'boolean', default: false },
  },
})

process.exitCode = (await (values.blue ? soakBlue() : soakPostgres())) ? 0 : 1

/** @returns whether all was well. */
async function soakPostgres(): Promise<boolean> {
  const report = await soak({
    minutes: Number(values.minutes),
    wellBehaved: Number(values.good),
    hostile: Number(values.hostile),
    fillsMemory: values['fill-memory'],
    onProgress: tell,
  })
  console.log(JSON.stringify(report))
  return report.wellBehaved.violationCount === 0
}

async function soakBlue(): Promise<boolean> {
  const report = await blueLoad({
    seconds: Number(values.minutes) * 60,
    programs: 20,
    connectionsEach: 5,
    cursorsEach: 20,
    impatient: 4,
  })
  console.log(JSON.stringify(report))
  return report.errors.length === 0 && report.sessionsLeft === 1
}

function tell({ seconds, wellBehaved, engineRestarts, gatewayMb, engineMb }: SoakReport): void {
  console.error(
    `${String(seconds).padStart(5)} s  ${wellBehaved.statements} statements, ` +
      `${wellBehaved.errors['57P02'] ?? 0} ended, ${wellBehaved.violationCount} violations, ` +
      `${engineRestarts} restarts, gateway ${gatewayMb.last} MB, engine at most ${engineMb.peak} MB`,
  )
}
