/** The program: the command line, with the gateway behind `serve`. */
import { readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import type { CliPorts } from '../cli/cli-ports.ts'
import { runCli } from '../cli/run-cli.ts'
import { readEnvironment } from './config/environment.ts'
import { loadConfig } from './config/load-config.ts'

const { version } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
) as { version: string }

// Whoever reads us may stop early (`| head`): that is no error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1)
})

const ports: CliPorts = {
  version,
  write: (bytes) =>
    new Promise((resolve) => {
      process.stdout.write(bytes, () => resolve())
    }),
  writeError: (line) => void process.stderr.write(line),
  readInput: () => text(process.stdin),
  dataDirectory: (flag) => {
    const settings =
      flag === undefined ? [] : [{ name: 'dataDir', raw: flag, origin: 'flag --data-dir' }]
    return loadConfig(settings).dataDir
  },
  environmentToken: () => readEnvironment().token,
  // Loaded only when it is asked for: the other commands are quick without it.
  serve: async (request) => (await import('./serve.ts')).serve(request, ports),
}

process.exit(await runCli(process.argv.slice(2), ports))
