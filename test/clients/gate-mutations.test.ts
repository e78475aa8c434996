/** Five of the gate's checks, taken away one at a time: its suite notices. `npm run mutate` does all. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const SCRIPT = fileURLToPath(new URL('../../scripts/mutate.mjs', import.meta.url))

/** A run of the gate's suite for each; most end at their first failure. */
const MS_MAX = 20 * 60_000

test('a gate without one of its checks fails its suite', { timeout: MS_MAX }, () => {
  const { stdout } = spawnSync(process.execPath, [SCRIPT, '--sample', '5'], { encoding: 'utf8' })
  expect(stdout).toMatch(/^5 noticed, 0 not$/m)
})
