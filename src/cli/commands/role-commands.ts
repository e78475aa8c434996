/** bluegate role create | list | drop */
import { Command } from 'commander'
import { GatewayError } from '../../base/gateway-error.ts'
import type { CliPorts } from '../cli-ports.ts'
import { CommandContext, command, gather } from '../command-context.ts'
import type { CommonFlags } from '../command-context.ts'
import type { ControlClient } from '../control-client.ts'
import { formatCount, formatTable } from '../format-table.ts'
import { readAnswers } from '../sql-answers.ts'

interface Role {
  readonly id: string
  readonly name: string
  readonly login: boolean
  readonly superuser: boolean
  readonly clusterAdmin: boolean
  readonly memberOf: readonly { readonly role: string }[]
}

interface Listed {
  readonly etag: string
}

interface CreateFlags extends CommonFlags {
  readonly login: boolean
  readonly superuser?: boolean
  readonly clusterAdmin?: boolean
  readonly connect?: string[]
  readonly grant?: string[]
}

export function roleCommands(ports: CliPorts): Command {
  return new Command('role')
    .description('roles: what clients may do')
    .addCommand(createCommand(ports))
    .addCommand(
      command('list', 'list all roles').action(async (flags: CommonFlags) => {
        await list(new CommandContext(ports, flags))
      }),
    )
    .addCommand(
      command('drop', 'drop a role that no client uses')
        .argument('<name>')
        .action(async (name: string, flags: CommonFlags) => {
          const context = new CommandContext(ports, flags)
          await context.gateway.delete(`/api/v1/roles/${encodeURIComponent(name)}`)
          await context.print({ dropped: name }, () => `Role ${name} was dropped.\n`)
        }),
    )
}

function createCommand(ports: CliPorts): Command {
  return command('create', 'make a role with LOGIN and CONNECT on the database master')
    .argument('<name>')
    .option('--no-login', 'a group: clients cannot use it, other roles can be its members')
    .option('--superuser', 'may do everything in SQL')
    .option('--cluster-admin', 'may change clients and settings')
    .option(
      '--connect <database>',
      'database to connect to, instead of master (repeatable)',
      gather,
    )
    .option('--grant <what>', 'such as "SELECT ON TABLE public.flights" (repeatable)', gather)
    .action(async (name: string, flags: CreateFlags) => {
      const context = new CommandContext(ports, flags)
      const role = await create(context.gateway, name, flags)
      const grants = flags.grant ?? []
      await context.print({ ...role, grants }, () => {
        const made = flags.login ? `Role ${name} was made.` : `Group ${name} was made.`
        const granted = grants.map((grant) => `  ${grant}\n`).join('')
        const next = `Give it rights with: bluegate sql -c 'GRANT SELECT ON TABLE public.flights TO ${name}'\n`
        return `${made}\n${granted || next}`
      })
    })
}

/** With its grants, or not at all. */
async function create(gateway: ControlClient, name: string, flags: CreateFlags): Promise<Role> {
  const role = await gateway.post<Role>('/api/v1/roles', {
    name,
    login: flags.login,
    superuser: flags.superuser ?? false,
    clusterAdmin: flags.clusterAdmin ?? false,
    connect: flags.connect ?? (flags.login ? ['master'] : []),
  })
  try {
    for (const what of flags.grant ?? []) await grant(gateway, name, what)
    return role
  } catch (error) {
    await gateway.delete(`/api/v1/roles/${encodeURIComponent(name)}`)
    throw error
  }
}

async function grant(gateway: ControlClient, role: string, what: string): Promise<void> {
  if (what.includes(';')) {
    throw new GatewayError('invalid_parameter_value', `--grant "${what}" holds a semicolon`, {
      hint: 'Give one --grant for each right.',
    })
  }
  const text = `GRANT ${what} TO "${role.replaceAll('"', '""')}"`
  for await (const answer of readAnswers(gateway, text, 'master')) {
    if (answer.kind === 'error') throw answer.error
  }
}

async function list(context: CommandContext): Promise<void> {
  const roles = await context.gateway.all<Role & Listed>('/api/v1/roles')
  await context.print(roles.map(withoutEtag), () => {
    const rows = roles.map((role) => [
      role.name,
      yes(role.login),
      yes(role.superuser),
      yes(role.clusterAdmin),
      role.memberOf.map((membership) => membership.role).join(', '),
    ])
    const headers = ['role', 'login', 'superuser', 'clusteradmin', 'member of']
    return `${formatTable(headers, rows)}${formatCount(roles.length, 'role')}\n`
  })
}

/** The documents of the command line have no etags: nothing here sends one back. */
function withoutEtag(role: Role & Listed): object {
  return { ...role, etag: undefined }
}

function yes(value: boolean): string {
  return value ? 'yes' : ''
}
