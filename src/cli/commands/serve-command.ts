/** bluegate serve: runs a gateway. The flags become settings; the server checks them all at once. */
import type { Command } from 'commander'
import type { CliPorts, ServeRequest } from '../cli-ports.ts'
import { gather, localCommand } from '../command-context.ts'

type Flags = Readonly<Record<string, string | boolean | string[] | undefined>>
type Setting = ServeRequest['settings'][number]

/** Flag → the setting that it gives. Every other setting goes by `--set`. */
const SETTING_OF_FLAG: Readonly<Record<string, string>> = {
  dataDir: 'dataDir',
  secretsDir: 'secretsDir',
  listen: 'listen',
  pgPort: 'pg.port',
  grpcPort: 'grpc.port',
  httpsPort: 'https.port',
  tlsName: 'tls.names',
}

export function serveCommand(ports: CliPorts, finish: (code: number) => void): Command {
  return localCommand('serve', 'run a gateway until Ctrl-C')
    .option('--secrets-dir <dir>', 'directory of the keys, outside the data directory')
    .option('--listen <address>', 'address to listen on; loopback when nothing is said')
    .option('--pg-port <port>', 'port of the PostgreSQL door; 0 = any free one')
    .option('--grpc-port <port>', 'port of the gRPC door')
    .option('--https-port <port>', 'port of the HTTPS door')
    .option('--tls-name <name>', 'name or address for the certificate (repeatable)', gather)
    .option('--no-sample-data', 'do not load the sample tables')
    .option('--config <file>', 'config file; bluegate.json when it is there')
    .option('--set <setting=value>', 'any setting of docs/configuration.md (repeatable)', gather)
    .action(async (flags: Flags) => {
      const configFile = typeof flags['config'] === 'string' ? flags['config'] : undefined
      finish(
        await ports.serve({
          settings: settingsOf(flags),
          configFile,
          json: flags['json'] === true,
        }),
      )
    })
}

function settingsOf(flags: Flags): Setting[] {
  const named = Object.entries(SETTING_OF_FLAG).flatMap(([flag, name]): Setting[] => {
    const raw = flags[flag]
    return raw === undefined ? [] : [{ name, raw, origin: `flag ${flagName(flag)}` }]
  })
  const samples: Setting[] =
    flags['sampleData'] === false
      ? [{ name: 'sampleData', raw: false, origin: 'flag --no-sample-data' }]
      : []
  const others = Array.isArray(flags['set']) ? flags['set'] : []
  const set = others.map((text): Setting => {
    const at = text.indexOf('=')
    return at < 0
      ? { name: text, raw: '', origin: 'flag --set (write name=value)' }
      : { name: text.slice(0, at), raw: text.slice(at + 1), origin: 'flag --set' }
  })
  return [...named, ...samples, ...set]
}

function flagName(property: string): string {
  return `--${property.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}
