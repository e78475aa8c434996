/** bluegate keys rotate */
import type { Command } from 'commander'
import type { CliPorts } from '../cli-ports.ts'
import { CommandContext, command } from '../command-context.ts'
import type { CommonFlags } from '../command-context.ts'
import { formatCount } from '../format-table.ts'

interface Key {
  readonly id: number
  readonly current: boolean
  readonly audit: boolean
  readonly tokens: number
  readonly sealed: number
}

interface Rotation {
  readonly current: number
  readonly rewrapped: number
  readonly keys: readonly Key[]
}

export function keyCommands(ports: CliPorts): Command {
  return command('keys', 'the root keys of the installation').addCommand(
    command('rotate', 'make a new root key, and seal all tokens under it').action(
      async (_: CommonFlags, sub: Command) => {
        await rotate(new CommandContext(ports, sub.optsWithGlobals()))
      },
    ),
  )
}

async function rotate(context: CommandContext): Promise<void> {
  const rotation = await context.gateway.post<Rotation>('/api/v1/keys/rotate')
  const { current, rewrapped, keys } = rotation
  await context.print(rotation, () =>
    [
      `Key ${current} is the current one; ${formatCount(rewrapped, 'token')} sealed under it.\n`,
      'Back up the secrets directory now: backups made from here on need it.\n',
      ...keys.filter((key) => !key.current).map((key) => `  ${describe(key)}\n`),
    ].join(''),
  )
}

/** When it may go: never while something that is not made anew needs it. */
function describe({ id, audit, tokens, sealed }: Key): string {
  const needs = [
    ...(tokens > 0 ? [`${formatCount(tokens, 'token')} until regenerated`] : []),
    ...(sealed > 0 ? [`${formatCount(sealed, 'sealed token')}`] : []),
    ...(audit ? ['the audit, for as long as it is kept'] : []),
  ]
  if (needs.length > 0) return `Key ${id} is still needed for ${needs.join(', ')}.`
  return `Key ${id} is needed only to restore backups that were made with it.`
}
