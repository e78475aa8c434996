/** Chromium from the operating system; installed by apt where the suites run as root. */
import { spawnSync } from 'node:child_process'
import { runTool } from './run-tool.ts'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome']
const HOW = 'apt-get install chromium (or any package that brings a Chromium)'

/** The path of the browser. @throws Error that says how to get it. */
export function installChromium(): string {
  const there = find()
  if (there !== undefined) return there
  if (process.getuid?.() !== 0 || spawnSync('apt-get', ['--version']).error) {
    throw new Error(`Chromium is needed for the console's suites: ${HOW}`)
  }
  runTool('apt-get', ['update', '-qq'])
  const packages = ['chromium', 'fonts-dejavu-core']
  runTool('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages])
  const installed = find()
  if (installed === undefined)
    throw new Error(`Chromium is needed for the console's suites: ${HOW}`)
  return installed
}

function find(): string | undefined {
  return NAMES.map((name) => spawnSync('which', [name], { encoding: 'utf8' }).stdout.trim()).find(
    (path) => path !== '',
  )
}
