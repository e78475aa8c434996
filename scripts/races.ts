/**
 * npm run races [-- ROUNDS]: rights are taken away while sessions run every kind of statement; 1,000
 * rounds unless told otherwise. Ends with 1 when one of them went on. The report is the last line.
 */
import { runRaces } from '../test/races/races.ts'

const rounds = Number(process.argv[2] ?? 1000)
const begun = performance.now()
let told = 0
const totals = await runRaces(rounds, ({ rounds: done, violations }) => {
  for (const violation of violations.slice(told)) console.error(violation)
  told = violations.length
  if (done % 20 === 0)
    console.error(`${seconds()} s  ${done} rounds, ${violations.length} violations`)
})
console.log(JSON.stringify({ ...totals, seconds: seconds() }))
process.exitCode = totals.violations.length > 0 ? 1 : 0

function seconds(): number {
  return Math.round((performance.now() - begun) / 1000)
}
