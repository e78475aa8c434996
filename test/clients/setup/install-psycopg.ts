/** psycopg 3 with the libpq that it ships, in a virtual environment of its own. */
import path from 'node:path'
import { cachedInstallation } from './cache-directory.ts'
import { requireTool, runTool } from './run-tool.ts'

const PACKAGE = 'psycopg[binary]==3.3.9'

/** The Python interpreter that can import psycopg. @throws Error that says what is missing. */
export function installPsycopg(): string {
  const directory = cachedInstallation('psycopg', PACKAGE, (target) => {
    requireTool('python3', '--version', 'apt-get install python3 python3-venv')
    runTool('python3', ['-m', 'venv', target])
    runTool(path.join(target, 'bin/python'), [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
      PACKAGE,
    ])
  })
  return path.join(directory, 'bin/python')
}
