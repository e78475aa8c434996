/** Runs the tools that install clients. A tool that is missing fails the suite and names the way out. */
import { spawnSync } from 'node:child_process'

/** @throws Error that says how to get `tool`, when it is not in PATH. */
export function requireTool(tool: string, probe: string, howToGetIt: string): void {
  const { error } = spawnSync(tool, [probe], { stdio: 'ignore' })
  if (error) throw new Error(`${tool} is needed for the client suites: ${howToGetIt}`)
}

/** @throws Error with the tool's own output when it fails. */
export function runTool(tool: string, args: readonly string[]): void {
  const { status, stdout, stderr, error } = spawnSync(tool, args, { encoding: 'utf8' })
  if (status === 0) return
  const output = [stdout, stderr, error?.message].filter(Boolean).join('\n').slice(-4000)
  throw new Error(`${tool} ${args.join(' ')} failed:\n${output}`)
}
