/** bluegate recover-secrets: new keys when the secrets directory is lost for good. */
import type { Command } from 'commander'
import { GatewayError } from '../../base/gateway-error.ts'
import type { CliPorts } from '../cli-ports.ts'
import { localCommand } from '../command-context.ts'
import { formatCount } from '../format-table.ts'
import { offlineRequest } from './restore-command.ts'
import type { OfflineFlags } from './restore-command.ts'

const CONFIRMATION = 'end all tokens'

const WARNING = `The keys of this data directory are lost for good? Then new ones can be made. It means:
 - every access token ends: no tool can connect until it has its new token;
 - the audit so far can be read, but no longer be proven; a new chain begins;
 - backups made so far cannot be restored with bluegate restore;
 - there may be a new CA: clients that verify the server need its file.
Tables, roles, grants and clients stay as they are. If there is a backup of the secrets directory,
put that back instead.
`

export function recoverSecretsCommand(ports: CliPorts): Command {
  return localCommand('recover-secrets', 'make new keys when the secrets directory is lost')
    .option('--secrets-dir <dir>', 'where the new keys are to be kept')
    .option('--config <file>', 'config file; bluegate.json when it is there')
    .action(async (flags: OfflineFlags) => {
      ports.writeError(`${WARNING}Type "${CONFIRMATION}" to go on: `)
      if ((await ports.readLine()) !== CONFIRMATION) {
        throw new GatewayError('cancelled', 'nothing was changed', {
          hint: `It goes on only when "${CONFIRMATION}" is typed, or comes on standard input.`,
        })
      }
      const recovered = await ports.recoverSecrets(offlineRequest(flags))
      if (flags.json === true) {
        await ports.write(`${JSON.stringify(recovered)}\n`)
        return
      }
      const { secretsDir, clients, lastUnprovenRecord, newCa } = recovered
      await ports.write(
        [
          `New keys are in ${secretsDir}: back that directory up now.\n`,
          `The audit up to record ${lastUnprovenRecord} cannot be proven any more; a new chain begins after it.\n`,
          newCa ? 'There will be a new CA: give its file to whoever verifies the server.\n' : '',
          `${formatCount(clients.length, 'client')} with a new token:\n`,
          ...clients.map((name) => `  bluegate client show ${name}\n`),
        ].join(''),
      )
    })
}
