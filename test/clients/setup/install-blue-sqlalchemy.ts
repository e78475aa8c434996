/** The SQLAlchemy dialect of BLUE with the connector that it asks for, and pandas, in one environment. */
import path from 'node:path'
import { cachedInstallation } from './cache-directory.ts'
import { requireTool, runTool } from './run-tool.ts'

/** As the packages name them, but for `grpcio-tools`: see install-pysqream-blue.ts. */
const REQUIREMENTS = [
  'google==3.0.0',
  'googleapis-common-protos==1.53.0',
  'setuptools==65.5.1',
  'grpcio==1.53.0',
  'numpy==1.26.4',
  'python-dotenv==1.2.1',
  'sqlalchemy==1.4.54',
  'pandas==2.1.4',
]
const PACKAGES = ['pysqream-blue==1.0.47', 'pysqream-blue-sqlalchemy==0.9.3']

/** The Python interpreter that can import all of it. @throws Error that says what is missing. */
export function installBlueSqlAlchemy(): string {
  const mark = JSON.stringify([REQUIREMENTS, PACKAGES])
  const directory = cachedInstallation('blue-sqlalchemy', mark, (target) => {
    requireTool('python3', '--version', 'apt-get install python3 python3-venv')
    runTool('python3', ['-m', 'venv', target])
    const python = path.join(target, 'bin/python')
    const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check']
    runTool(python, [...install, '--only-binary', ':all:', ...REQUIREMENTS])
    runTool(python, [...install, '--no-deps', ...PACKAGES])
  })
  return path.join(directory, 'bin/python')
}
