/**
 * npm run test:all: every suite, the ones with real clients included. The last line is plain:
 * `N passed, N failed`. A client suite that was skipped counts as failed: a client that is not
 * installed proves nothing. Run through with-node.mjs.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'

const directory = mkdtempSync(path.join(os.tmpdir(), 'bluegate-test-'))
const reportFile = path.join(directory, 'report.json')
const { status } = spawnSync(
  'vitest',
  ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`],
  { stdio: 'inherit', shell: process.platform === 'win32' },
)

const suites = readReport()
const tests = suites.flatMap((suite) => suite.assertionResults)
const passed = tests.filter((test) => test.status === 'passed').length
const broken = suites.filter((suite) => suite.status === 'failed' && !hasFailedTest(suite))
const skipped = suites.filter((suite) => isClientSuite(suite) && hasSkippedTest(suite))
const failed =
  tests.filter((test) => test.status === 'failed').length + broken.length + skipped.length

for (const suite of broken) console.log(`did not load: ${suite.name}`)
for (const suite of skipped) console.log(`skipped, and may not be: ${suite.name}`)
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : (status ?? 1)

/** Without a report nothing was proven: one failed suite. */
function readReport() {
  try {
    return JSON.parse(readFileSync(reportFile, 'utf8')).testResults
  } catch (error) {
    return [{ name: `no report: ${error.message}`, status: 'failed', assertionResults: [] }]
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

function hasFailedTest(suite) {
  return suite.assertionResults.some((test) => test.status === 'failed')
}

function isClientSuite(suite) {
  return /[\\/]test[\\/]clients[\\/]/.test(suite.name)
}

function hasSkippedTest(suite) {
  const ran = suite.assertionResults.filter((test) => /^(passed|failed)$/.test(test.status))
  return ran.length < suite.assertionResults.length || suite.assertionResults.length === 0
}
