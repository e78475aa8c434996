/**
 * npm run check: types, lint, format, arrows, dead code. All of them run, even when one fails;
 * the exit code is 0 only when none did. Run through with-node.mjs, so the tools are in PATH.
 */
import { spawnSync } from 'node:child_process'

const CHECKS = [
  ['types', 'tsc', '--project', '.'],
  ['types of the console', 'tsc', '--project', 'console'],
  ['lint', 'oxlint', '--type-aware'],
  ['format', 'prettier', '--check', '--log-level=warn', '.'],
  ['arrows', 'depcruise', '--config', '.dependency-cruiser.cjs', '--output-type=err', 'src'],
  ['dead code', 'knip', '--no-progress'],
]

const failed = []
for (const [name, command, ...args] of CHECKS) {
  const started = Date.now()
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  const ok = status === 0
  const seconds = ((Date.now() - started) / 1000).toFixed(1)
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${name} (${command}, ${seconds} s)`)
  if (ok) continue
  failed.push(name)
  console.log([stdout, stderr, error?.message].filter(Boolean).join('\n').trimEnd())
}
console.log(failed.length === 0 ? 'all checks passed' : `failed: ${failed.join(', ')}`)
process.exitCode = failed.length === 0 ? 0 : 1
