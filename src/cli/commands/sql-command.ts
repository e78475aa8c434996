/** bluegate sql -c TEXT | -f FILE | < FILE: statements in the name of whoever asks. */
import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { GatewayError } from '../../base/gateway-error.ts'
import type { CliPorts } from '../cli-ports.ts'
import { CommandContext, command } from '../command-context.ts'
import type { CommonFlags } from '../command-context.ts'
import { readAnswers } from '../sql-answers.ts'
import { printAsCsv, printAsJson, printAsTables } from '../print-answers.ts'

interface Flags extends CommonFlags {
  readonly command?: string
  readonly file?: string
  readonly database: string
  readonly csv?: boolean
}

export function sqlCommand(ports: CliPorts): Command {
  return command(
    'sql',
    'run SQL, as the local administrator or the client; standard input without -c and -f',
  )
    .option('-c, --command <text>', 'the statements')
    .option('-f, --file <file>', 'a file with the statements')
    .option('-d, --database <name>', 'database to connect to', 'master')
    .option('--csv', 'rows as CSV, all of them')
    .action(async (flags: Flags) => {
      const context = new CommandContext(ports, flags)
      const answers = readAnswers(context.gateway, await textOf(ports, flags), flags.database)
      if (flags.json) await printAsJson(ports, answers)
      else if (flags.csv) await printAsCsv(ports, answers)
      else await printAsTables(ports, answers)
    })
}

async function textOf(ports: CliPorts, { command: text, file }: Flags): Promise<string> {
  if (text !== undefined && file !== undefined) {
    throw new GatewayError('invalid_parameter_value', 'give -c or -f, not both')
  }
  if (text !== undefined) return text
  return file === undefined ? await ports.readInput() : await readFile(file, 'utf8')
}
