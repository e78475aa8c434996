/** bluegate backup FILE: a backup of the running gateway. */
import path from 'node:path'
import type { Command } from 'commander'
import { GatewayError } from '../../base/gateway-error.ts'
import type { CliPorts } from '../cli-ports.ts'
import { CommandContext, command } from '../command-context.ts'
import type { CommonFlags } from '../command-context.ts'
import { toError } from '../control-client.ts'
import { formatBytes } from '../format-bytes.ts'
import { formatCount } from '../format-table.ts'

interface Progress {
  readonly phase: 'copying' | 'writing'
  readonly done: number
  readonly total: number
}

interface Backup {
  readonly file: string
  readonly bytes: number
  readonly takenAt: string
  readonly tables: number
  readonly lastRecord: number
}

export function backupCommand(ports: CliPorts): Command {
  return command('backup', 'write a backup of the running gateway into one file')
    .argument('<file>', 'a file that is not there yet')
    .action(async (file: string, flags: CommonFlags) => {
      await backup(new CommandContext(ports, flags), path.resolve(file))
    })
}

async function backup(context: CommandContext, file: string): Promise<void> {
  let result: Backup | undefined
  let shown = ''
  for await (const line of context.gateway.lines('/api/v1/backups', { file })) {
    const value = JSON.parse(line) as { progress?: Progress; end?: Backup; error?: unknown }
    if (value.error !== undefined) throw toError(value.error)
    if (value.progress && !context.json) {
      const text = describe(value.progress)
      if (text !== shown) context.ports.writeError(`${text}\n`)
      shown = text
    }
    result ??= value.end
  }
  if (!result)
    throw new GatewayError('crash_shutdown', 'the answer was cut off: there is no backup')
  const { bytes, takenAt, tables, lastRecord } = result
  await context.print(result, () =>
    [
      `${file}: ${formatBytes(bytes)}, ${formatCount(tables, 'table')}, `,
      `the state of ${takenAt}, audit up to record ${lastRecord}.\n`,
      'It holds no key: back up the secrets directory as well, and keep it elsewhere.\n',
    ].join(''),
  )
}

/** In tenths, so that a log of it stays short. */
function describe({ phase, done, total }: Progress): string {
  if (phase === 'copying') return `Copying table ${done} of ${total}`
  const tenths = total === 0 ? 10 : Math.floor((done / total) * 10)
  return `Writing ${formatBytes(total)}: ${tenths * 10} %`
}
