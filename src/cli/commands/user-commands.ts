/** bluegate user create | list | show | enable | disable | set-role | reset-password | delete */
import { Command } from 'commander'
import type { CliPorts } from '../cli-ports.ts'
import { CommandContext, command } from '../command-context.ts'
import type { CommonFlags } from '../command-context.ts'
import { formatCount, formatTable } from '../format-table.ts'
import { printable } from '../printable.ts'

interface User {
  readonly id: string
  readonly name: string
  readonly role: string
  readonly enabled: boolean
  readonly hasPassword: boolean
  readonly createdAt: string
  readonly lastSignInAt?: string
  readonly etag: string
}

interface Link {
  readonly url: string
  readonly purpose: string
  readonly expiresAt: string
}

export function userCommands(ports: CliPorts): Command {
  return new Command('user')
    .description('users: people who sign in to the console')
    .addCommand(createCommand(ports))
    .addCommand(
      command('list', 'list all users').action(async (flags: CommonFlags) => {
        await list(new CommandContext(ports, flags))
      }),
    )
    .addCommand(
      command('show', 'show a user')
        .argument('<name>')
        .action(async (name: string, flags: CommonFlags) => {
          const context = new CommandContext(ports, flags)
          const user = await context.gateway.get<User>(pathOf(name))
          await context.print(toDocument(user), () => describeUser(user))
        }),
    )
    .addCommand(stateCommand(ports, 'enable', 'let a disabled user sign in again'))
    .addCommand(stateCommand(ports, 'disable', 'sign a user out at once and let nobody in by it'))
    .addCommand(setRoleCommand(ports))
    .addCommand(resetCommand(ports))
    .addCommand(
      command('delete', 'delete a user, at once')
        .argument('<name>')
        .action(async (name: string, flags: CommonFlags) => {
          const context = new CommandContext(ports, flags)
          await context.gateway.delete(pathOf(name))
          await context.print({ deleted: name }, () => `User ${printable(name)} was deleted.\n`)
        }),
    )
}

function createCommand(ports: CliPorts): Command {
  return command('create', 'make a user, and a link to choose the password with')
    .argument('<name>', 'such as an e-mail address')
    .requiredOption('--role <role>', 'the role that the user acts with')
    .action(async (name: string, flags: CommonFlags & { role: string }) => {
      const context = new CommandContext(ports, flags)
      const { user, link } = await context.gateway.post<{ user: User; link: Link }>(
        '/api/v1/users',
        { name, role: flags.role },
      )
      await context.print({ ...toDocument(user), link }, () =>
        describeLink(`User ${user.name} was made with the role ${user.role}`, link),
      )
    })
}

function stateCommand(ports: CliPorts, verb: 'enable' | 'disable', does: string): Command {
  return command(verb, does)
    .argument('<name>')
    .action(async (name: string, flags: CommonFlags) => {
      const context = new CommandContext(ports, flags)
      const user = await context.gateway.post<User>(`${pathOf(name)}/${verb}`)
      await context.print(toDocument(user), () => `User ${printable(user.name)} is ${verb}d.\n`)
    })
}

function setRoleCommand(ports: CliPorts): Command {
  return command('set-role', 'give a user another role; this signs the user out')
    .argument('<name>')
    .argument('<role>')
    .action(async (name: string, role: string, flags: CommonFlags) => {
      const context = new CommandContext(ports, flags)
      const user = await context.gateway.patch<User>(pathOf(name), { role })
      await context.print(
        toDocument(user),
        () => `User ${printable(user.name)} has the role ${printable(user.role)} now.\n`,
      )
    })
}

function resetCommand(ports: CliPorts): Command {
  return command('reset-password', 'make a link to choose a password with; older ones end')
    .argument('<name>')
    .action(async (name: string, flags: CommonFlags) => {
      const context = new CommandContext(ports, flags)
      const link = await context.gateway.post<Link>(`${pathOf(name)}/one-time-link`)
      await context.print(link, () => describeLink(`For user ${name}`, link))
    })
}

async function list(context: CommandContext): Promise<void> {
  const users = await context.gateway.all<User>('/api/v1/users')
  await context.print(users.map(toDocument), () => {
    const rows = users.map((user) => [
      user.name,
      user.role,
      stateOf(user),
      user.lastSignInAt ?? 'never',
    ])
    const headers = ['user', 'role', 'state', 'last sign-in']
    return `${formatTable(headers, rows)}${formatCount(users.length, 'user')}\n`
  })
}

function describeUser(user: User): string {
  const lines: [string, string][] = [
    ['User', user.name],
    ['Role', user.role],
    ['State', stateOf(user)],
    ['Made', user.createdAt],
    ['Last sign-in', user.lastSignInAt ?? 'never'],
  ]
  return lines.map(([name, value]) => `${`${name}:`.padEnd(14)} ${printable(value)}\n`).join('')
}

function stateOf({ enabled, hasPassword }: User): string {
  if (!enabled) return 'disabled'
  return hasPassword ? 'enabled' : 'invited'
}

function describeLink(what: string, { url, expiresAt }: Link): string {
  return [
    `${printable(what)}. This link lets its holder choose the password, once, until ${expiresAt}:`,
    '',
    `  ${url}`,
    '',
    'Give it to nobody else.',
    '',
  ].join('\n')
}

/** Nothing here sends an etag back. */
function toDocument(user: User): object {
  return { ...user, etag: undefined }
}

function pathOf(name: string): string {
  return `/api/v1/users/${encodeURIComponent(name)}`
}
