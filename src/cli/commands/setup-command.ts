/** bluegate setup: makes the first user, who then can sign in to the console. */
import type { Command } from 'commander'
import { GatewayError } from '../../base/gateway-error.ts'
import type { CliPorts } from '../cli-ports.ts'
import { CommandContext, command } from '../command-context.ts'
import type { CommonFlags } from '../command-context.ts'
import { passwordFromInput } from '../password-proof.ts'

const DEFAULT_NAME = 'admin'

interface SetupFlags extends CommonFlags {
  readonly user: string
  readonly passwordStdin?: boolean
}

export function setupCommand(ports: CliPorts): Command {
  return command('setup', 'make the first user of the console, with all rights')
    .option('--user <name>', 'name of the user, such as an e-mail address', DEFAULT_NAME)
    .option('--password-stdin', 'read the password from standard input instead of asking for it')
    .action(async (flags: SetupFlags) => {
      const context = new CommandContext(ports, flags)
      const { gateway } = context
      // A new link first: where there are users already, nobody types a password for nothing.
      const { url } = await gateway.post<{ url: string }>('/api/v1/setup-link')
      const password = await chosenPassword(ports, flags)
      const secret = url.slice(url.indexOf('#') + 1)
      const me = await gateway.post<{ name: string; role: string }>('/api/v1/one-time-links/use', {
        secret,
        userName: flags.user,
        password,
      })
      const { origin } = new URL(url)
      await context.print(
        { name: me.name, role: me.role, url: origin },
        () => `User ${me.name} was made. Sign in at ${origin}\n`,
      )
    })
}

async function chosenPassword(ports: CliPorts, { passwordStdin }: SetupFlags): Promise<string> {
  const { terminal } = ports
  if (passwordStdin === true || !terminal) return await passwordFromInput(ports)
  const password = await terminal.askSecret('Password, at least 12 characters')
  if ((await terminal.askSecret('The same again')) === password) return password
  throw new GatewayError('invalid_parameter_value', 'the two passwords differ', {
    hint: 'Nothing was changed. Try again.',
  })
}
