/** bluegate client create | list | show | limit | disable | enable | regenerate | delete | designate-jobs */
import { Command } from 'commander'
import { parseDuration } from '../../base/duration.ts'
import { GatewayError } from '../../base/gateway-error.ts'
import type { CliPorts } from '../cli-ports.ts'
import type { Client, Created, Way } from '../client-document.ts'
import { describeClient, describeNewToken, toDocument } from '../client-document.ts'
import { clientLimitCommand } from './client-limit-command.ts'
import { CommandContext, command, gather } from '../command-context.ts'
import type { CommonFlags } from '../command-context.ts'
import type { ControlClient } from '../control-client.ts'
import { formatCount, formatTable } from '../format-table.ts'
import { withPasswordProof } from '../password-proof.ts'
import type { ProofFlags } from '../password-proof.ts'

/** Of the connect kit; the console and the API have the others. */
const SHOWN_TOOLS = ['psql', 'JDBC'] as const

interface CreateFlags extends CommonFlags {
  readonly role: string
  readonly label?: string
  readonly expires?: string
  readonly allow?: string[]
}

interface ShowFlags extends CommonFlags, ProofFlags {
  readonly token: boolean
}

export function clientCommands(ports: CliPorts): Command {
  const clients = new Command('client').description('clients: one for each tool that connects')
  clients.addCommand(createCommand(ports))
  clients.addCommand(
    command('list', 'list all clients').action(async (flags: CommonFlags) => {
      await list(new CommandContext(ports, flags))
    }),
  )
  clients.addCommand(
    command('show', 'show a client and its access token; this is on record')
      .argument('<name>')
      .option('--no-token', 'leave the token out')
      .option('--user <user>', 'who proves a password; needed once there are users')
      .option('--password-stdin', 'read the password of that user from standard input')
      .action(async (name: string, flags: ShowFlags) => {
        await show(new CommandContext(ports, flags), name, flags)
      }),
  )
  clients.addCommand(
    command('regenerate', 'replace the access token')
      .argument('<name>')
      .option('--grace <time>', 'how long the old token works on, such as 2h, at most 7d', '0s')
      .action(async (name: string, flags: CommonFlags & { grace: string }) => {
        await regenerate(new CommandContext(ports, flags), name, flags.grace)
      }),
  )
  clients.addCommand(clientLimitCommand(ports))
  for (const [verb, does, done] of SIMPLE_ACTS) {
    clients.addCommand(
      command(verb, does)
        .argument('<name>')
        .action(async (name: string, flags: CommonFlags) => {
          const context = new CommandContext(ports, flags)
          const client = await context.gateway.post<Client>(`${pathOf(name)}/${verb}`)
          await context.print(toDocument(client), () => `Client ${name} ${done}.\n`)
        }),
    )
  }
  clients.addCommand(
    command('delete', 'delete a client and its access token, at once')
      .argument('<name>')
      .action(async (name: string, flags: CommonFlags) => {
        const context = new CommandContext(ports, flags)
        await context.gateway.delete(pathOf(name))
        await context.print({ deleted: name }, () => `Client ${name} was deleted.\n`)
      }),
  )
  return clients
}

const SIMPLE_ACTS = [
  ['disable', 'end all of a client’s sessions at once and let none in', 'is cut off'],
  ['enable', 'let a disabled client in again', 'may connect again'],
  ['designate-jobs', 'make this the client that Jobs run as', 'is the client for Jobs now'],
] as const

function createCommand(ports: CliPorts): Command {
  return command('create', 'make a client and its access token')
    .argument('<name>', '1 to 63 of a-z 0-9 _ -, starting with a letter')
    .requiredOption('--role <role>', 'the role that it acts with')
    .option('--label <text>', 'what people see')
    .option('--expires <when>', 'end of the token: 2030-12-31, or from now: 90d')
    .option('--allow <address>', 'address or CIDR block it may come from (repeatable)', gather)
    .action(async (name: string, flags: CreateFlags) => {
      const context = new CommandContext(ports, flags)
      const { client, token } = await context.gateway.post<Created>('/api/v1/clients', {
        name,
        role: flags.role,
        ...(flags.label === undefined ? {} : { label: flags.label }),
        ...(flags.expires === undefined ? {} : { expiresAt: expiry(flags.expires) }),
        ...(flags.allow === undefined ? {} : { allowedAddresses: flags.allow }),
      })
      await printToken(context, client, token, `Client ${name} was made`)
    })
}

async function regenerate(context: CommandContext, name: string, grace: string): Promise<void> {
  const graceMs = parseDuration(grace)
  if (graceMs === undefined) throw notATime('--grace', grace)
  const { client, token } = await context.gateway.post<Created>(`${pathOf(name)}/regenerate`, {
    graceMs,
  })
  const until = client.previousToken?.expiresAt
  const old = until === undefined ? 'the old token has ended' : `the old one works until ${until}`
  await printToken(context, client, token, `Client ${name} has a new access token; ${old}`)
}

async function printToken(
  context: CommandContext,
  client: Client,
  token: string,
  what: string,
): Promise<void> {
  const { id, name, role } = client
  const ways = context.json ? [] : await waysToConnect(context.gateway, name)
  await context.print({ id, name, role, token }, () => describeNewToken(what, client, token, ways))
}

/** None where they cannot be had: the token, which is there, must be printed whatever comes. */
async function waysToConnect(gateway: ControlClient, name: string): Promise<readonly Way[]> {
  try {
    const caFile = gateway.isRemote ? gateway.remoteCaFile : await localCaFile(gateway)
    const query = caFile === undefined ? '' : `?caFile=${encodeURIComponent(caFile)}`
    const kit = await gateway.get<{ snippets: Way[] }>(`${pathOf(name)}/connect${query}`)
    return SHOWN_TOOLS.flatMap((tool) => kit.snippets.find((way) => way.tool === tool) ?? [])
  } catch {
    return []
  }
}

async function localCaFile(gateway: ControlClient): Promise<string | undefined> {
  const { caFile } = await gateway.get<{ caFile?: string | null }>('/api/v1/status')
  return caFile ?? undefined
}

async function show(context: CommandContext, name: string, flags: ShowFlags): Promise<void> {
  const client = await context.gateway.get<Client>(pathOf(name))
  if (!flags.token) {
    await context.print(toDocument(client), () => describeClient(client))
    return
  }
  const { token } = await withPasswordProof(context.ports, flags, (proof) =>
    context.gateway.post<{ token: string }>(`${pathOf(name)}/show-token`, proof),
  )
  await context.print(
    { ...toDocument(client), token },
    () => `${describeClient(client)}Access token:  ${token}\n`,
  )
}

async function list(context: CommandContext): Promise<void> {
  const clients = await context.gateway.all<Client>('/api/v1/clients')
  await context.print(clients.map(toDocument), () => {
    const rows = clients.map((client) => [
      client.name,
      client.role,
      client.enabled ? 'enabled' : 'disabled',
      client.jobs ? 'yes' : '',
      client.token.lastUse?.at ?? 'never',
      client.token.lastUse
        ? `${client.token.lastUse.tool} from ${client.token.lastUse.address}`
        : '',
    ])
    const headers = ['client', 'role', 'state', 'jobs', 'last used', 'by']
    return `${formatTable(headers, rows)}${formatCount(clients.length, 'client')}\n`
  })
}

function pathOf(name: string): string {
  return `/api/v1/clients/${encodeURIComponent(name)}`
}

/** A day means its end, in UTC. */
function expiry(text: string): string {
  const fromNow = parseDuration(text)
  if (fromNow !== undefined) return new Date(Date.now() + fromNow).toISOString()
  const instant = new Date(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T23:59:59.999Z` : text)
  if (Number.isNaN(instant.getTime())) throw notATime('--expires', text)
  return instant.toISOString()
}

function notATime(flag: string, text: string): GatewayError {
  return new GatewayError('invalid_parameter_value', `${flag} "${text}" cannot be read`, {
    hint: 'Write a length such as 30m, 2h or 90d, or where a date is meant 2030-12-31.',
  })
}
