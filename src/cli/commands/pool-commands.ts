/** bluegate pool create | list | change | drop */
import { Command } from 'commander'
import type { CliPorts } from '../cli-ports.ts'
import { CommandContext, command } from '../command-context.ts'
import type { CommonFlags } from '../command-context.ts'
import { countOrNone } from '../count-flag.ts'
import { formatCount, formatTable } from '../format-table.ts'

interface Pool {
  readonly id: string
  readonly name: string
  readonly isDefault: boolean
  readonly concurrency?: number
  readonly queueWaitSeconds?: number
  readonly runSeconds?: number
  readonly running: number
  readonly waiting: number
  readonly etag: string
}

interface LimitFlags extends CommonFlags {
  readonly concurrency?: string
  readonly queueWait?: string
  readonly run?: string
}

export function poolCommands(ports: CliPorts): Command {
  return new Command('pool')
    .description('resource pools: how many statements run at once, and for how long')
    .addCommand(createCommand(ports))
    .addCommand(
      command('list', 'list all pools').action(async (flags: CommonFlags) => {
        await list(new CommandContext(ports, flags))
      }),
    )
    .addCommand(changeCommand(ports))
    .addCommand(
      command('drop', 'drop a pool; what waits in it is refused')
        .argument('<name>')
        .action(async (name: string, flags: CommonFlags) => {
          const context = new CommandContext(ports, flags)
          await context.gateway.delete(pathOf(name))
          await context.print({ dropped: name }, () => `Pool ${name} was dropped.\n`)
        }),
    )
}

function createCommand(ports: CliPorts): Command {
  return withLimits(command('create', 'make a pool'))
    .argument('<name>', '1 to 63 of a-z 0-9 _, starting with a letter')
    .action(async (name: string, flags: LimitFlags) => {
      const context = new CommandContext(ports, flags)
      const limits = Object.entries(limitsOf(flags)).filter(([, value]) => value !== null)
      const pool = await context.gateway.post<Pool>('/api/v1/pools', {
        name,
        ...Object.fromEntries(limits),
      })
      await context.print(toDocument(pool), () => {
        return `Pool ${name} was made. Sessions choose it with: USE POOL ${name}\n`
      })
    })
}

function changeCommand(ports: CliPorts): Command {
  return withLimits(
    command('change', 'give a pool other limits; they hold from the next statement'),
  )
    .argument('<name>')
    .option('--default', 'make it the pool of sessions that choose none')
    .action(async (name: string, flags: LimitFlags & { default?: true }) => {
      const context = new CommandContext(ports, flags)
      const pool = await context.gateway.patch<Pool>(pathOf(name), {
        ...limitsOf(flags),
        ...(flags.default && { isDefault: true }),
      })
      await context.print(toDocument(pool), () => `Pool ${name} was changed.\n`)
    })
}

function withLimits(made: Command): Command {
  return made
    .option('--concurrency <count>', 'sessions whose statements run at once, or none')
    .option('--queue-wait <seconds>', 'how long a statement may wait for its turn, or none')
    .option('--run <seconds>', 'how long a statement may run, or none')
}

/** null: without that limit. */
function limitsOf({ concurrency, queueWait, run }: LimitFlags) {
  return {
    ...(concurrency !== undefined && { concurrency: countOrNone('--concurrency', concurrency) }),
    ...(queueWait !== undefined && { queueWaitSeconds: countOrNone('--queue-wait', queueWait) }),
    ...(run !== undefined && { runSeconds: countOrNone('--run', run) }),
  }
}

async function list(context: CommandContext): Promise<void> {
  const pools = await context.gateway.all<Pool>('/api/v1/pools')
  await context.print(pools.map(toDocument), () => {
    const rows = pools.map((pool) => [
      pool.name,
      pool.isDefault ? 'yes' : '',
      String(pool.concurrency ?? ''),
      String(pool.queueWaitSeconds ?? ''),
      String(pool.runSeconds ?? ''),
      String(pool.running),
      String(pool.waiting),
    ])
    const headers = ['pool', 'default', 'concurrency', 'queue wait (s)', 'run (s)']
    headers.push('running', 'waiting')
    return `${formatTable(headers, rows)}${formatCount(pools.length, 'pool')}\n`
  })
}

/** The documents of the command line have no etags: nothing here sends one back. */
function toDocument(pool: Pool): object {
  return { ...pool, etag: undefined }
}

function pathOf(name: string): string {
  return `/api/v1/pools/${encodeURIComponent(name)}`
}
