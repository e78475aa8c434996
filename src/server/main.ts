/** The program: the command line, with the gateway behind `serve`. */
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { GatewayError } from '../base/gateway-error.ts'
import type { CliPorts, Terminal } from '../cli/cli-ports.ts'
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
  terminal: process.stdin.isTTY && process.stderr.isTTY ? terminal() : undefined,
  terminalStreams:
    process.stdin.isTTY && process.stdout.isTTY
      ? { input: process.stdin, output: process.stdout }
      : undefined,
  outputIsTerminal: process.stdout.isTTY,
  readLine: async () => {
    for await (const line of createInterface({ input: process.stdin })) return line
    return ''
  },
  dataDirectory: (flag) => {
    const settings =
      flag === undefined ? [] : [{ name: 'dataDir', raw: flag, origin: 'flag --data-dir' }]
    return loadConfig(settings).dataDir
  },
  onInterrupt: (action) => {
    process.on('SIGINT', action)
    return () => void process.off('SIGINT', action)
  },
  progressStream: process.stderr.isTTY ? process.stderr : undefined,
  environmentToken: () => readEnvironment().token,
  // Loaded only when it is asked for: the other commands are quick without it.
  restore: async (file, { settings, configFile }) => {
    process.umask(0o077)
    const { restoreBackup } = await import('./backup/restore-backup.ts')
    return await restoreBackup(file, loadConfig(settings, configFile))
  },
  recoverSecrets: async ({ settings, configFile }) => {
    process.umask(0o077)
    const { recoverSecrets } = await import('./recover-secrets.ts')
    return await recoverSecrets(loadConfig(settings, configFile))
  },
  serve: async (request) => (await import('./serve.ts')).serve(request, ports),
}

process.exit(await runCli(process.argv.slice(2), ports))

/** On the standard error, so that the standard output holds answers alone. Loaded when it asks. */
function terminal(): Terminal {
  const context = { output: process.stderr }
  return {
    ask: async (message) =>
      await (await import('@inquirer/prompts')).input({ message }, context).catch(givenUp),
    askSecret: async (message) =>
      await (
        await import('@inquirer/prompts')
      )
        .password({ message, mask: false }, context)
        .catch(givenUp),
  }
}

function givenUp(cause: unknown): never {
  throw new GatewayError('cancelled', 'nothing was changed', { cause })
}
