/**
 * npm run mutate [-- --sample N] [--only PLACE]: takes the gate's checks away one at a time, and runs
 * the gate's suite: it must fail each time. All of them take some minutes.
 */
import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import { GATE_MUTATIONS } from '../test/mutations/gate-mutations.ts'

const { values } = parseArgs({ options: { sample: { type: 'string' }, only: { type: 'string' } } })
const places = chosen([...GATE_MUTATIONS.keys()])
const survivors = []

for (const [done, place] of places.entries()) {
  const { without, file } = GATE_MUTATIONS[place]
  const outcome = suiteWithout(place)
  if (outcome !== 'failed') survivors.push(place)
  const verdict = { failed: 'noticed', passed: 'NOT NOTICED', broken: 'DID NOT RUN' }[outcome]
  console.log(`${done + 1}/${places.length} ${verdict}: without ${without} (${place}, ${file})`)
}
console.log(`${places.length - survivors.length} noticed, ${survivors.length} not`)
process.exitCode = survivors.length > 0 ? 1 : 0

function chosen(all) {
  if (values.only !== undefined) return [Number(values.only)]
  if (values.sample === undefined) return all
  const shuffled = all.map((place) => [Math.random(), place]).sort(([a], [b]) => a - b)
  return shuffled.slice(0, Number(values.sample)).map(([, place]) => place)
}

/** `broken`: no test failed, and yet the run did. */
function suiteWithout(place) {
  const { status, stdout } = spawnSync(
    'vitest',
    ['run', '--project', 'unit', 'src/gate', '--bail', '1'],
    {
      env: { ...process.env, BLUEGATE_MUTATION: String(place), VITEST: undefined, NO_COLOR: '1' },
      encoding: 'utf8',
      shell: process.platform === 'win32',
    },
  )
  if (status === 0) return 'passed'
  return /^ *Tests .*\d+ failed/m.test(stdout) ? 'failed' : 'broken'
}
