/** What a command works with once its flags are read, and the flags that every command has. */
import { Command } from 'commander'
import type { CliPorts } from './cli-ports.ts'
import { ControlClient } from './control-client.ts'

export interface CommonFlags {
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
    this.gateway = new ControlClient(ports.dataDirectory(flags.dataDir))
  }

  /** One JSON document with `--json`, else the text. */
  async print(value: unknown, text: () => string): Promise<void> {
    await this.ports.write(this.json ? `${JSON.stringify(value)}\n` : text())
  }
}

/** A command with the flags that all of them share. */
export function command(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .option('--data-dir <dir>', 'data directory of the gateway')
    .option('--json', 'print one JSON document')
}

/** Gathers a flag that may be given several times. */
export function gather(value: string, before: readonly string[] = []): string[] {
  return [...before, value]
}
