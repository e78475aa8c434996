/** bluegate console: SQL at a terminal, with the arguments of BLUE's command line. */
import { readFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { Command } from 'commander'
import { GatewayError } from '../../base/gateway-error.ts'
import type { CliPorts } from '../cli-ports.ts'
import { ConsoleSession, failureText } from '../console/console-session.ts'
import { converse } from '../console/interactive-console.ts'
import { delimiterOf } from '../console/result-form.ts'
import type { ResultForm } from '../console/result-form.ts'
import { runScript } from '../console/run-script.ts'
import { SqlError } from '../console/sql-connection.ts'
import type { DoorAddress, Login } from '../console/sql-connection.ts'
import { ControlClient } from '../control-client.ts'

interface Flags {
  readonly host?: string
  readonly port?: string
  readonly caFile?: string
  readonly dataDir?: string
  readonly database: string
  readonly user?: string
  readonly accessToken?: string
  readonly tokenFile?: string
  readonly pool?: string
  readonly queryTimeout?: string
  readonly command?: string
  readonly file?: string
  readonly tableView: string
  readonly delimiter: string
  readonly resultsOnly?: boolean
  readonly showResults: string
  readonly history: boolean
}

const FAILED = 1
const DEFAULT_PORT = 5439

export function consoleCommand(ports: CliPorts, finish: (code: number) => void): Command {
  return new Command('console')
    .description("SQL at a terminal, as a client, in BLUE's dialect")
    .helpOption('--help', 'display help for command')
    .option('-h, --host <host>', 'host of the gateway; the one of --data-dir without this flag')
    .option('-p, --port <port>', `port of its PostgreSQL door (${DEFAULT_PORT})`)
    .option('--ca-file <file>', 'CA certificate of it; what the system trusts without this flag')
    .option('--data-dir <dir>', 'data directory of a gateway on this machine')
    .option('-d, --database <name>', 'database to connect to', 'master')
    .option('-u, --user <name>', 'name of the client; asked for at a terminal')
    .option('--token-file <file>', 'access token of it; BLUEGATE_TOKEN, or asked for, without it')
    .option('--access-token <token>', 'the token itself, which others can see; - reads one line')
    .option('--pool <name>', 'resource pool of its statements')
    .option('--query-timeout <seconds>', 'stops a statement that runs for so long')
    .option('-c, --command <text>', 'run these statements, and end')
    .option('-f, --file <file>', 'run the statements of a file, and end')
    .option('--table-view <bool>', 'results as tables; false: as CSV', 'true')
    .option('--delimiter <character>', 'between the values of CSV', ',')
    .option('--results-only', 'rows alone: no names of columns, no counts, no times')
    .option('--show-results <bool>', 'false: rows are counted, not shown', 'true')
    .option('--no-history', 'remember nothing that is typed')
    .action(async (flags: Flags) => finish(await run(ports, flags)))
}

async function run(ports: CliPorts, flags: Flags): Promise<number> {
  const form = formOf(ports, flags)
  const settings = settingsOf(flags)
  const text = await textOf(ports, flags)
  const address = await addressOf(ports, flags)
  const login: Login = {
    user: await userOf(ports, flags),
    token: await tokenOf(ports, flags),
    database: flags.database,
    settings,
  }
  let session: ConsoleSession
  try {
    session = await ConsoleSession.open(ports, address, login, form)
  } catch (error) {
    if (!(error instanceof SqlError)) throw error
    ports.writeError(failureText(error))
    return FAILED
  }
  try {
    if (text !== undefined) return (await runScript(ports, session, text)) ? 0 : FAILED
    if (!ports.terminalStreams) return 0
    if (!form.resultsOnly) await greet(ports, flags, address, login)
    const history = flags.history ? path.join(os.homedir(), '.bluegate_history') : undefined
    await converse(ports, ports.terminalStreams, session, history)
    return 0
  } finally {
    session.close()
  }
}

async function greet(
  ports: CliPorts,
  { pool }: Flags,
  { host, port }: DoorAddress,
  { user, database }: Login,
): Promise<void> {
  const inPool = pool === undefined ? '' : `, pool ${pool}`
  await ports.write(
    `Bluegate console ${ports.version}: ${user}@${host}:${port}/${database}${inPool}, TLS verified. \\? for help.\n`,
  )
}

function formOf(ports: CliPorts, flags: Flags): ResultForm {
  return {
    table: booleanOf('--table-view', flags.tableView),
    delimiter: delimiterOf(flags.delimiter),
    resultsOnly: flags.resultsOnly ?? false,
    rows: booleanOf('--show-results', flags.showResults),
    forTerminal: ports.outputIsTerminal ?? false,
  }
}

/** The dialect is BLUE's; `SET dialect` changes it. */
function settingsOf({ pool, queryTimeout }: Flags): Record<string, string> {
  if (queryTimeout !== undefined && !/^\d{1,6}$/.test(queryTimeout)) {
    throw misused(`--query-timeout "${queryTimeout}" is no number of seconds`)
  }
  return {
    dialect: 'blue',
    ...(pool !== undefined && { pool }),
    ...(queryTimeout !== undefined && { statement_timeout: `${queryTimeout}s` }),
  }
}

/** Undefined: a person types. */
async function textOf(ports: CliPorts, { command, file, accessToken }: Flags) {
  if (command !== undefined && file !== undefined) throw misused('give -c or -f, not both')
  if (command !== undefined) return command
  if (file !== undefined) return await readText('--file', file)
  if (ports.terminalStreams) return undefined
  if (accessToken === '-') {
    throw misused('--access-token - and the statements cannot both be standard input')
  }
  return await ports.readInput()
}

async function addressOf(ports: CliPorts, flags: Flags): Promise<DoorAddress> {
  const given = flags.port === undefined ? undefined : portOf(flags.port)
  const ca = flags.caFile === undefined ? undefined : await readText('--ca-file', flags.caFile)
  if (flags.host !== undefined) {
    if (flags.dataDir !== undefined) throw misused('give --host or --data-dir, not both')
    return { host: flags.host, port: given ?? DEFAULT_PORT, ca }
  }
  const gateway = new ControlClient(ports.dataDirectory(flags.dataDir))
  const { doors, caFile } = await gateway.get<{
    doors: { pg: { host: string; port: number } }
    caFile?: string | null
  }>('/api/v1/status')
  const itsCa = typeof caFile === 'string' ? await readText('the CA file', caFile) : undefined
  return { host: doors.pg.host, port: given ?? doors.pg.port, ca: ca ?? itsCa }
}

async function userOf({ terminal }: CliPorts, { user }: Flags): Promise<string> {
  const name = user ?? (await terminal?.ask('Client'))
  if (name !== undefined && name !== '') return name
  throw misused('--user is missing', 'Name the client that the access token is of.')
}

/** A flag is the worst way: everybody on a machine can read the words of a command. */
async function tokenOf(ports: CliPorts, flags: Flags): Promise<string> {
  const { accessToken, tokenFile } = flags
  if (accessToken !== undefined && tokenFile !== undefined) {
    throw misused('give --token-file or --access-token, not both')
  }
  if (accessToken === '-') return checkedToken(await ports.readLine())
  if (accessToken !== undefined) {
    ports.writeError(
      'warning: others on this machine can read --access-token; use BLUEGATE_TOKEN, --token-file or --access-token -\n',
    )
    return checkedToken(accessToken)
  }
  if (tokenFile !== undefined) return checkedToken(await readText('--token-file', tokenFile))
  return checkedToken(ports.environmentToken() ?? (await ports.terminal?.askSecret('Access token')))
}

function checkedToken(text: string | undefined): string {
  const token = text?.trim() ?? ''
  if (/^[\x21-\x7e]+$/.test(token)) return token
  throw misused(
    'there is no access token to show',
    'Put it into the variable BLUEGATE_TOKEN or into a file for --token-file.',
  )
}

async function readText(flag: string, file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw new GatewayError('invalid_parameter_value', `${flag} ${file} cannot be read`, {
      hint: 'Check the path, and that you may read the file.',
      cause,
    })
  }
}

function portOf(text: string): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port > 0 && port < 65_536) return port
  throw misused(`--port "${text}" is no port`)
}

function booleanOf(flag: string, text: string): boolean {
  if (/^(?:true|false)$/i.test(text)) return text.toLowerCase() === 'true'
  throw misused(`${flag} "${text}" is neither true nor false`)
}

function misused(message: string, hint?: string): GatewayError {
  return new GatewayError('invalid_parameter_value', message, hint === undefined ? {} : { hint })
}
