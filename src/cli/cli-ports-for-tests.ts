/** The process around the command line, for tests: what is printed is kept, and nothing else happens. */
import type { CliPorts } from './cli-ports.ts'

export interface Printed {
  out: string
  err: string
}

export function cliPortsForTests(run: Printed, version = '1.2.3'): CliPorts {
  const notAskedFor = () => Promise.reject(new Error('not asked for'))
  return {
    version,
    write: (text) => {
      run.out += String(text)
      return Promise.resolve()
    },
    writeError: (text) => void (run.err += text),
    readInput: () => Promise.resolve(''),
    readLine: () => Promise.resolve(''),
    restore: notAskedFor,
    recoverSecrets: notAskedFor,
    environmentToken: () => undefined,
    dataDirectory: (flag) => flag ?? '/nowhere',
    serve: () => Promise.resolve(0),
  }
}
