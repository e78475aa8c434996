/** Tools of the operating system; installed by apt where the suites run as root. */
import { spawnSync } from 'node:child_process'
import os from 'node:os'
import path from 'node:path'
import { holdLock } from '../../../scripts/setup/hold-lock.mjs'
import { runTool } from './run-tool.ts'

export interface SystemTool {
  /** Any of which will do, the best first. */
  readonly commands: readonly string[]
  /** What apt calls it, and what else it needs. */
  readonly packages: readonly string[]
  /** For a person who has no apt. */
  readonly otherwise: string
}

/** Its path. @throws Error that says how to get it. */
export function installSystemTool({ commands, packages, otherwise }: SystemTool): string {
  // apt installs for one at a time, and a tool is there before all that it needs is
  const release = holdLock(path.join(os.tmpdir(), 'bluegate-apt.lock'))
  try {
    const there = pathOf(commands)
    if (there !== undefined) return there
    if (process.getuid?.() === 0 && pathOf(['apt-get']) !== undefined) {
      runTool('apt-get', ['update', '-qq'])
      runTool('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages])
    }
    const installed = pathOf(commands)
    if (installed !== undefined) return installed
    const how = `apt-get install ${packages.join(' ')} (or ${otherwise})`
    throw new Error(`${commands[0]} is needed for the client suites: ${how}`)
  } finally {
    release()
  }
}

function pathOf(commands: readonly string[]): string | undefined {
  return commands
    .map((command) => spawnSync('which', [command], { encoding: 'utf8' }).stdout.trim())
    .find((found) => found !== '')
}
