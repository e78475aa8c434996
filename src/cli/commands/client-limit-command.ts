/** bluegate client limit: what a client may use up, and when it may do something. */
import type { Command } from 'commander'
import type { CliPorts } from '../cli-ports.ts'
import { toDocument } from '../client-document.ts'
import type { Client } from '../client-document.ts'
import { CommandContext, command } from '../command-context.ts'
import type { CommonFlags } from '../command-context.ts'
import { countOrNone } from '../count-flag.ts'
import { formatTable } from '../format-table.ts'
import { printable } from '../printable.ts'

/** In the order in which they are told; the words of the flag are those of the name. */
const COUNTS = [
  ['sessions', 'open sessions'],
  ['statements', 'sessions that have a statement running or in line'],
  ['rowsPerStatement', 'rows of one result'],
  ['bytesPerStatement', 'bytes of one result'],
  ['secondsPerStatement', 'how long a statement may run'],
  ['statementsPerHour', 'statements in sixty minutes'],
  ['rowsPerHour', 'rows of all results in sixty minutes'],
  ['bytesPerHour', 'bytes of all results in sixty minutes'],
  ['secondsPerHour', 'how long statements may run in sixty minutes, all together'],
] as const

type Flags = CommonFlags & { readonly hours?: string } & {
  readonly [Name in (typeof COUNTS)[number][0]]?: string
}

export function clientLimitCommand(ports: CliPorts): Command {
  const limit = command(
    'limit',
    'show or set what a client may use up; it holds from its next statement, and none takes a limit away',
  ).argument('<name>')
  for (const [name, what] of COUNTS) limit.option(`${flagOf(name)} <count>`, what)
  limit.option('--hours <when>', 'such as "mon-fri 08:00-18:00 Europe/Berlin"')
  return limit.action(async (name: string, flags: Flags) => {
    const context = new CommandContext(ports, flags)
    const path = `/api/v1/clients/${encodeURIComponent(name)}`
    const limits = limitsOf(flags)
    const client =
      Object.keys(limits).length === 0
        ? await context.gateway.get<Client>(path)
        : await context.gateway.patch<Client>(path, { limits })
    await context.print(toDocument(client), () => describeLimits(client))
  })
}

function limitsOf(flags: Flags): Record<string, string | number | null> {
  const { hours } = flags
  const limits: Record<string, string | number | null> = {}
  for (const [name] of COUNTS) {
    const text = flags[name]
    if (text !== undefined) limits[name] = countOrNone(flagOf(name), text)
  }
  if (hours !== undefined) limits['hours'] = hours === 'none' ? null : hours
  return limits
}

function describeLimits({ name, limits }: Client): string {
  const rows = Object.entries(limits).map(([limit, value]) => [limit, printable(String(value))])
  if (rows.length === 0) return `Client ${name} has no limits.\n`
  return formatTable([`limit of ${name}`, 'value'], rows)
}

/** `rowsPerStatement` → `--rows-per-statement`. */
function flagOf(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}
