/** psql from the operating system; installed by apt where the suites run as root. */
import { spawnSync } from 'node:child_process'
import { runTool } from './run-tool.ts'

const HOW = 'apt-get install postgresql-client (or any package that brings psql)'

/** The command to start psql. @throws Error that says how to get it. */
export function installPsql(): string {
  if (isThere()) return 'psql'
  if (process.getuid?.() !== 0 || spawnSync('apt-get', ['--version']).error) {
    throw new Error(`psql is needed for the client suites: ${HOW}`)
  }
  runTool('apt-get', ['update', '-qq'])
  runTool('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'postgresql-client'])
  if (!isThere()) throw new Error(`psql is needed for the client suites: ${HOW}`)
  return 'psql'
}

function isThere(): boolean {
  return spawnSync('psql', ['--version'], { stdio: 'ignore' }).status === 0
}
