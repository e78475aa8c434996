/** What a command works with once its flags are read, and the flags that every command has. */
import { Command } from 'commander'
import { GatewayError } from '../base/gateway-error.ts'
import type { CliPorts } from './cli-ports.ts'
import { ControlClient } from './control-client.ts'
import { remoteGateway } from './remote-gateway.ts'
import type { RemoteFlags, RemoteGateway } from './remote-gateway.ts'

export interface CommonFlags extends RemoteFlags {
  readonly dataDir?: string
  readonly json?: boolean
}

export class CommandContext {
  readonly ports: CliPorts
  readonly json: boolean
  readonly gateway: ControlClient

  constructor(ports: CliPorts, flags: CommonFlags) {
    this.ports = ports
    this.json = flags.json ?? false
    this.gateway = new ControlClient(gatewayOf(ports, flags))
  }

  /** One JSON document with `--json`, else the text. */
  async print(value: unknown, text: () => string): Promise<void> {
    await this.ports.write(this.json ? `${JSON.stringify(value)}\n` : text())
  }
}

/** A command with the flags of all that speak to a running gateway. */
export function command(name: string, description: string): Command {
  return localCommand(name, description)
    .option('--server <url>', 'a gateway on another machine: https://HOST:PORT')
    .option('--token-file <file>', 'access token for it; BLUEGATE_TOKEN without this flag')
    .option('--ca-file <file>', 'CA certificate of it; what the system trusts without this flag')
}

/** A command that is about this machine alone. */
export function localCommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .option('--data-dir <dir>', 'data directory of the gateway')
    .option('--json', 'print one JSON document')
}

/** @throws GatewayError for flags that do not go together. */
function gatewayOf(ports: CliPorts, flags: CommonFlags): string | RemoteGateway {
  if (flags.server === undefined) {
    const [lonely] = Object.entries({
      '--token-file': flags.tokenFile,
      '--ca-file': flags.caFile,
    }).filter(([, value]) => value !== undefined)
    if (lonely) throw notTogether(`${lonely[0]} needs --server`)
    return ports.dataDirectory(flags.dataDir)
  }
  if (flags.dataDir !== undefined) throw notTogether('give --server or --data-dir, not both')
  return remoteGateway(flags, ports.environmentToken())
}

function notTogether(what: string): GatewayError {
  return new GatewayError('invalid_parameter_value', what, {
    hint: '--data-dir names a gateway on this machine, --server one on another.',
  })
}

/** Gathers a flag that may be given several times. */
export function gather(value: string, before: readonly string[] = []): string[] {
  return [...before, value]
}
