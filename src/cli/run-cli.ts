/**
 * The command line `bluegate`.
 *
 * Everything but `serve`, `restore` and `recover-secrets` is a conversation with a running gateway.
 * Exit codes: 0 done, 1 refused or failed, 2 the command was written wrongly, 3 no gateway answers.
 */
import { Command, CommanderError } from 'commander'
import { toErrorRecord } from '../base/gateway-error.ts'
import { GatewayError } from '../base/gateway-error.ts'
import type { CliPorts } from './cli-ports.ts'
import { auditCommands } from './commands/audit-commands.ts'
import { backupCommand } from './commands/backup-command.ts'
import { clientCommands } from './commands/client-commands.ts'
import { consoleCommand } from './commands/console-command.ts'
import { keyCommands } from './commands/key-commands.ts'
import { loadCommand } from './commands/load-command.ts'
import { poolCommands } from './commands/pool-commands.ts'
import { recoverSecretsCommand } from './commands/recover-secrets-command.ts'
import { restoreCommand } from './commands/restore-command.ts'
import { roleCommands } from './commands/role-commands.ts'
import { serveCommand } from './commands/serve-command.ts'
import { setupCommand } from './commands/setup-command.ts'
import { sqlCommand } from './commands/sql-command.ts'
import { statusCommand } from './commands/status-command.ts'
import { userCommands } from './commands/user-commands.ts'
import { printable } from './printable.ts'

const FAILED = 1
const MISUSED = 2
const UNREACHABLE = 3

/** @param args Without the program's own name. */
export async function runCli(args: readonly string[], ports: CliPorts): Promise<number> {
  let exitCode = 0
  const program = new Command('bluegate')
    .description('One gate in front of your data.')
    .version(ports.version)
    .addCommand(serveCommand(ports, (code) => (exitCode = code)))
    .addCommand(statusCommand(ports))
    .addCommand(roleCommands(ports))
    .addCommand(clientCommands(ports))
    .addCommand(userCommands(ports))
    .addCommand(poolCommands(ports))
    .addCommand(setupCommand(ports))
    .addCommand(auditCommands(ports))
    .addCommand(sqlCommand(ports))
    .addCommand(consoleCommand(ports, (code) => (exitCode = code)))
    .addCommand(loadCommand(ports))
    .addCommand(backupCommand(ports))
    .addCommand(restoreCommand(ports))
    .addCommand(keyCommands(ports))
    .addCommand(recoverSecretsCommand(ports))
  forAll(program, (command) => {
    command.exitOverride().configureOutput({
      writeOut: (text) => void ports.write(text),
      writeErr: (text) => ports.writeError(text),
    })
  })

  try {
    await program.parseAsync(args, { from: 'user' })
    return exitCode
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : MISUSED
    return report(thrown, args.includes('--json'), ports)
  }
}

function forAll(command: Command, visit: (command: Command) => void): void {
  visit(command)
  for (const sub of command.commands) forAll(sub, visit)
}

function report(thrown: unknown, json: boolean, ports: CliPorts): number {
  const error =
    thrown instanceof GatewayError
      ? thrown
      : new GatewayError('internal', thrown instanceof Error ? thrown.message : String(thrown))
  if (json) {
    const { kind: code, ...texts } = toErrorRecord(error)
    ports.writeError(`${JSON.stringify({ error: { code, ...texts } })}\n`)
  } else {
    const detail = error.detail === undefined ? '' : `\n${error.detail}`
    const hint = error.hint === undefined ? '' : `\nhint: ${error.hint}`
    ports.writeError(`error: ${printable(`${error.message}${detail}${hint}`)}\n`)
  }
  return error.kind === 'cannot_connect_now' ? UNREACHABLE : FAILED
}
