/** npm run kill [-- ROUNDS]: the kill suite, 200 rounds unless told otherwise. */
import { spawnSync } from 'node:child_process'

const rounds = process.argv[2] ?? '200'
const { status } = spawnSync('vitest', ['run', '--project', 'alone', 'test/clients/kill'], {
  stdio: 'inherit',
  env: { ...process.env, KILL_ROUNDS: rounds },
  shell: process.platform === 'win32',
})
process.exitCode = status ?? 1
