/**
 * The stock BLUE connector from PyPI, in an environment of its own, in several versions.
 *
 * The packages that it names are installed as it names them, but for one: `grpcio-tools`, which it
 * does not use when it runs, and which has no wheel for a Python of today.
 */
import path from 'node:path'
import { cachedInstallation } from './cache-directory.ts'
import { requireTool, runTool } from './run-tool.ts'

const REQUIREMENTS = [
  'google==3.0.0',
  'googleapis-common-protos==1.53.0',
  'setuptools==65.5.1',
  'grpcio==1.53.0',
  'numpy==2.3.5',
  'python-dotenv==1.2.1',
]

/** The newest; the one that asks every half second whether the server lives; the oldest that goes with these packages. */
export const CONNECTOR_VERSIONS = ['1.0.48', '1.0.42', '1.0.28'] as const
export type ConnectorVersion = (typeof CONNECTOR_VERSIONS)[number]

export interface InstalledConnectors {
  readonly python: string
  /** For PYTHONPATH. */
  readonly directoryOf: (version: ConnectorVersion) => string
}

/** @throws Error that says what is missing. */
export function installPysqreamBlue(): InstalledConnectors {
  const mark = JSON.stringify([REQUIREMENTS, CONNECTOR_VERSIONS])
  const directory = cachedInstallation('pysqream-blue', mark, (target) => {
    requireTool('python3', '--version', 'apt-get install python3 python3-venv')
    runTool('python3', ['-m', 'venv', target])
    const pip = [pythonOf(target), '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check']
    const install = (...args: string[]): void => runTool(pip[0] ?? '', [...pip.slice(1), ...args])
    install('--only-binary', ':all:', ...REQUIREMENTS)
    for (const version of CONNECTOR_VERSIONS) {
      const place = path.join(target, 'connectors', version)
      install('--no-deps', '--target', place, `pysqream-blue==${version}`)
    }
  })
  return {
    python: pythonOf(directory),
    directoryOf: (version) => path.join(directory, 'connectors', version),
  }
}

function pythonOf(environment: string): string {
  return path.join(environment, 'bin/python')
}
