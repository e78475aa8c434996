/** bluegate restore FILE: puts a backup back, without a running gateway. */
import type { Command } from 'commander'
import type { CliPorts, OfflineRequest } from '../cli-ports.ts'
import { localCommand } from '../command-context.ts'
import type { CommonFlags } from '../command-context.ts'
import { formatCount } from '../format-table.ts'

export interface OfflineFlags extends CommonFlags {
  readonly secretsDir?: string
  readonly config?: string
}

export function restoreCommand(ports: CliPorts): Command {
  return localCommand('restore', 'put a backup into an empty data directory')
    .argument('<file>', 'a file that bluegate backup made')
    .option('--secrets-dir <dir>', 'directory of the keys that the backup was made with')
    .option('--config <file>', 'config file; bluegate.json when it is there')
    .action(async (file: string, flags: OfflineFlags) => {
      const restored = await ports.restore(file, offlineRequest(flags))
      if (flags.json === true) {
        await ports.write(`${JSON.stringify(restored)}\n`)
        return
      }
      const { dataDir, takenAt, files, lastRecord, recordsLost } = restored
      await ports.write(
        [
          `${dataDir} is as it was at ${takenAt}: ${formatCount(files, 'file')}, `,
          `audit up to record ${lastRecord}.\n`,
          recordsLost > 0
            ? `${formatCount(recordsLost, 'later audit record')} known here are not in the backup; that is put on record.\n`
            : '',
          'Start it with: bluegate serve\n',
        ].join(''),
      )
    })
}

/** The flags of a command that works without a gateway, as settings. */
export function offlineRequest({ dataDir, secretsDir, config }: OfflineFlags): OfflineRequest {
  const given = [
    { name: 'dataDir', raw: dataDir, origin: 'flag --data-dir' },
    { name: 'secretsDir', raw: secretsDir, origin: 'flag --secrets-dir' },
  ]
  return { settings: given.filter(({ raw }) => raw !== undefined), configFile: config }
}
