/** pgjdbc through Maven, and the driver program of the suites compiled against it. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { cachedInstallation } from './cache-directory.ts'
import { requireTool, runTool } from './run-tool.ts'

const POM = fileURLToPath(new URL('pgjdbc/pom.xml', import.meta.url))
const SOURCE = fileURLToPath(new URL('../harness/drivers/PgjdbcDriver.java', import.meta.url))
const JAVA = 'apt-get install default-jdk-headless'

/** The class path that holds pgjdbc and `PgjdbcDriver`. @throws Error that says what is missing. */
export function installPgjdbc(): string {
  requireTool('java', '-version', JAVA)
  const jars = cachedInstallation('pgjdbc', readFileSync(POM, 'utf8'), (target) => {
    requireTool('mvn', '--version', 'apt-get install maven')
    runTool('mvn', [
      '--batch-mode',
      '--quiet',
      `--file=${POM}`,
      'dependency:copy-dependencies',
      `-DoutputDirectory=${target}`,
    ])
  })
  const classPath = path.join(jars, '*')
  const mark = readFileSync(POM, 'utf8') + readFileSync(SOURCE, 'utf8')
  const classes = cachedInstallation('pgjdbc-driver', mark, (target) => {
    requireTool('javac', '-version', JAVA)
    runTool('javac', ['-Xlint:all', '-cp', classPath, '-d', target, SOURCE])
  })
  return [classes, classPath].join(path.delimiter)
}
