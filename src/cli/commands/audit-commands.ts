/** bluegate audit [filters] | verify */
import { InvalidArgumentError } from 'commander'
import type { Command } from 'commander'
import { parseDuration } from '../../base/duration.ts'
import { GatewayError } from '../../base/gateway-error.ts'
import type { CliPorts } from '../cli-ports.ts'
import { CommandContext, command, gather } from '../command-context.ts'
import type { CommonFlags } from '../command-context.ts'
import { toError } from '../control-client.ts'
import { formatCount, formatTable } from '../format-table.ts'

const LIMIT_DEFAULT = 100
const SHOWN_CHARACTERS_MAX = 80

interface Flags extends CommonFlags {
  readonly from?: string
  readonly to?: string
  readonly user?: string[]
  readonly session?: string[]
  readonly query?: number[]
  readonly outcome?: string[]
  readonly category?: string[]
  readonly action?: string[]
  readonly like?: string
  readonly errorLike?: string
  readonly initiatedBy?: string[]
  readonly limit: number
}

/** What is shown of a record; `--json` gives all of it. */
interface AuditLine {
  readonly time: string
  readonly username: string
  readonly address: string
  readonly action: string
  readonly outcome: string
  readonly rows?: number
  readonly details?: string
  readonly error?: string
}

export function auditCommands(ports: CliPorts): Command {
  return command('audit', 'who did what, newest first')
    .option('--from <time>', 'from this time on: 2030-12-31, 2030-12-31T08:00Z, or 2h (ago)')
    .option('--to <time>', 'before this time')
    .option('--user <name>', 'client name, or local (repeatable)', gather)
    .option('--session <id>', 'session id (repeatable)', gather)
    .option('--query <number>', 'number of a statement in its session (repeatable)', gatherNumbers)
    .option('--outcome <word>', 'succeeded, failed, refused, cancelled (repeatable)', gather)
    .option('--category <word>', 'such as SESSION, SELECT, DDL, TOKEN (repeatable)', gather)
    .option('--action <word>', 'such as login_refused, token_shown (repeatable)', gather)
    .option('--like <pattern>', 'SQL LIKE pattern on the details')
    .option('--error-like <pattern>', 'SQL LIKE pattern on the error')
    .option('--initiated-by <word>', 'External, CLI, Jobs, … (repeatable)', gather)
    .option('--limit <count>', 'how many records', wholeNumber, LIMIT_DEFAULT)
    .action(async (flags: Flags) => {
      await search(new CommandContext(ports, flags), flags)
    })
    .addCommand(
      command('verify', 'check the chain of hashes over the whole record').action(
        async (_: CommonFlags, sub: Command) => {
          await verify(new CommandContext(ports, sub.optsWithGlobals()))
        },
      ),
    )
}

async function search(context: CommandContext, flags: Flags): Promise<void> {
  const filter = {
    ...(flags.from === undefined ? {} : { from: when('--from', flags.from) }),
    ...(flags.to === undefined ? {} : { to: when('--to', flags.to) }),
    usernames: flags.user,
    sessionIds: flags.session,
    queryIds: flags.query,
    outcomes: flags.outcome,
    categories: flags.category,
    actions: flags.action,
    detailsLike: flags.like,
    errorLike: flags.errorLike,
    initiatedBy: flags.initiatedBy,
    limit: flags.limit,
  }
  const records: AuditLine[] = []
  let isWhole = false
  for await (const line of context.gateway.lines('/api/v1/audit/search', filter)) {
    const value = JSON.parse(line) as { record?: AuditLine; error?: unknown; end?: unknown }
    if (value.error !== undefined) throw toError(value.error)
    if (value.record) records.push(value.record)
    isWhole ||= value.end !== undefined
  }
  if (!isWhole) throw new GatewayError('crash_shutdown', 'the answer was cut off')
  await context.print(records, () => {
    const headers = ['time', 'who', 'from', 'action', 'outcome', 'rows', 'details']
    const count = formatCount(records.length, 'record')
    const more = records.length === flags.limit ? ' (--limit gives more)' : ''
    return `${formatTable(headers, records.map(row))}${count}${more}\n`
  })
}

function row(record: AuditLine): string[] {
  const { time, username, address, action, outcome, rows, details = '', error } = record
  const text = error === undefined ? details : `${details} ✗ ${error}`
  const shown = text.replaceAll(/\s+/g, ' ')
  const cut =
    shown.length > SHOWN_CHARACTERS_MAX ? `${shown.slice(0, SHOWN_CHARACTERS_MAX)}…` : shown
  return [time, username, address, action, outcome, rows === undefined ? '' : String(rows), cut]
}

type Verification =
  | {
      readonly ok: true
      readonly records: number
      readonly segments: number
      readonly head: string
    }
  | {
      readonly ok: false
      readonly segment: string
      readonly line: number
      readonly problem: string
    }

async function verify(context: CommandContext): Promise<void> {
  const result = await context.gateway.post<Verification>('/api/v1/audit/verify')
  if (!result.ok) {
    const { segment, line, problem } = result
    throw new GatewayError('data_exception', `the audit was changed: ${problem}`, {
      detail: `Segment ${segment}, line ${line}.`,
      hint: 'Keep the files as they are: what stands before that line can still be trusted.',
    })
  }
  await context.print(result, () => {
    const { records, segments, head } = result
    const what = `${formatCount(records, 'record')} in ${formatCount(segments, 'segment')}`
    return `The audit is whole: ${what}, head ${head}.\n`
  })
}

function when(flag: string, text: string): string {
  const ago = parseDuration(text)
  const instant = ago === undefined ? new Date(text) : new Date(Date.now() - ago)
  if (!Number.isNaN(instant.getTime())) return instant.toISOString()
  throw new GatewayError('invalid_parameter_value', `${flag} "${text}" is not a time`, {
    hint: 'Write 2030-12-31, 2030-12-31T08:00Z, or how long ago: 2h.',
  })
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new InvalidArgumentError('give a whole number from 1.')
  return Number(text)
}

function gatherNumbers(text: string, before: readonly number[] = []): number[] {
  return [...before, wholeNumber(text)]
}
