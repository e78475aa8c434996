/** strace from the operating system; installed by apt where the suites run as root. */
import { spawnSync } from 'node:child_process'
import { runTool } from './run-tool.ts'

const HOW = 'apt-get install strace (or any package that brings strace 5.3 or later); Linux only'

/** The command to start strace. @throws Error that says how to get it. */
export function installStrace(): string {
  if (isThere()) return 'strace'
  if (process.getuid?.() !== 0 || spawnSync('apt-get', ['--version']).error) {
    throw new Error(`strace is needed for the trace of system calls: ${HOW}`)
  }
  runTool('apt-get', ['update', '-qq'])
  runTool('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'strace'])
  if (!isThere()) throw new Error(`strace is needed for the trace of system calls: ${HOW}`)
  return 'strace'
}

function isThere(): boolean {
  return spawnSync('strace', ['-V'], { stdio: 'ignore' }).status === 0
}
