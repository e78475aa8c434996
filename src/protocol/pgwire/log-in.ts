/**
 * From a StartupMessage to an open session: what the client asked for, its token, its settings.
 *
 * The token is the password. It is asked for only where it cannot be overheard (`negotiate`), and
 * is never part of an error, a log or a record.
 */
import { GatewayError, toGatewayError } from '../../base/gateway-error.ts'
import type { Executor } from '../../execution/executor.ts'
import type { ClientPrincipal } from '../../identity/principal.ts'
import { parseToken } from '../../identity/token.ts'
import { openSessionSettings } from '../../session/open-session-settings.ts'
import type { OpenedSettings } from '../../session/open-session-settings.ts'
import type { SessionOrigin } from '../../session/session.ts'
import { peerAddress } from '../peer-address.ts'
import {
  PASSWORD_MESSAGE,
  decodePasswordMessage,
  writeAuthenticationCleartextPassword,
} from './codec/authentication.ts'
import { writeNegotiateProtocolVersion } from './codec/session-messages.ts'
import type { StartupMessage } from './codec/startup-packet.ts'
import type { Line, Negotiated } from './negotiate.ts'
import type { OutgoingMessages } from './outgoing-messages.ts'
import { PASSWORD_BYTES_MAX } from './pgwire-limits.ts'
import type { PgWirePorts } from './pgwire-ports.ts'
import { parseStartupOptions } from './startup-options.ts'

export interface LoggedIn {
  readonly executor: Executor
  /** Start-up parameters that were accepted without effect. */
  readonly notices: readonly string[]
}

export interface LogInOptions {
  readonly ports: PgWirePorts
  /** Values that every session starts with, such as a statement timeout. */
  readonly settingDefaults: Readonly<Record<string, string>>
}

const DEFAULT_DATABASE = 'master'

/** What a StartupMessage says beside settings. */
const NO_SETTINGS: ReadonlySet<string> = new Set(['user', 'database', 'options', 'replication'])

/**
 * @returns undefined when the client went away instead of sending its password, as drivers do that
 *          ask a person for it first.
 * @throws GatewayError to be told to the client with FATAL. The refusal is on record then.
 */
export async function logIn(
  { message: startup, line, refusal }: Extract<Negotiated, { kind: 'startup' }>,
  outgoing: OutgoingMessages,
  { ports, settingDefaults }: LogInOptions,
): Promise<LoggedIn | undefined> {
  const startedAt = new Date()
  const user = startup.parameters.get('user') ?? ''
  const database = startup.parameters.get('database') || user
  const origin: SessionOrigin = {
    door: 'postgres',
    address: peerAddress(line.socket.remoteAddress),
    tool: printable(startup.parameters.get('application_name') ?? 'unknown'),
    tlsVersion: line.tlsVersion,
  }
  let tokenId: string | undefined
  try {
    if (refusal) throw refusal
    refuseNameless(user, database)
    refuseReplication(startup.parameters.get('replication'))
    negotiateVersion(startup, outgoing)
    const token = await askForPassword(line, outgoing)
    if (token === undefined) return undefined
    tokenId = parseToken(token)?.id
    const principal = await authenticate(ports, user, token, origin.address)
    const opened = openSettings(principal, startup.parameters, settingDefaults)
    const executor = await openExecutor(ports, principal, user, database, origin, opened)
    ports.identity.recordUse(principal.tokenId, { address: origin.address, tool: origin.tool })
    return { executor, notices: opened.notices }
  } catch (thrown) {
    const error = toGatewayError(thrown)
    await ports.recordRefusal({
      clientName: shownName(user),
      ...(tokenId !== undefined && { tokenId }),
      database: shownName(database),
      origin,
      error,
      startedAt,
    })
    throw error
  }
}

function refuseNameless(user: string, database: string): void {
  if (user === '') {
    throw new GatewayError(
      'invalid_authorization',
      'no PostgreSQL user name specified in startup packet',
      { hint: 'The user is the name of the client; the password is its access token.' },
    )
  }
  if (looksLikeToken(database)) {
    throw new GatewayError('invalid_catalog_name', 'database "(hidden)" does not exist', {
      hint: 'The access token belongs into the password.',
    })
  }
}

function refuseReplication(value: string | undefined): void {
  if (value === undefined || /^(?:f|fa|fal|fals|false|off?|n|no|0)$/i.test(value)) return
  throw new GatewayError('feature_not_supported', 'replication connections are not supported')
}

/** Newer clients ask for more than 3.0, or for options of it; told that there is no such thing, they go on. */
function negotiateVersion(startup: StartupMessage, outgoing: OutgoingMessages): void {
  if (startup.minorVersion === 0 && startup.protocolOptions.length === 0) return
  writeNegotiateProtocolVersion(outgoing.writer, 0, startup.protocolOptions)
}

async function askForPassword(
  { incoming }: Line,
  outgoing: OutgoingMessages,
): Promise<string | undefined> {
  writeAuthenticationCleartextPassword(outgoing.writer)
  outgoing.flush()
  for (;;) {
    const message = incoming.takeMessage(PASSWORD_BYTES_MAX)
    if (message) {
      if (String.fromCharCode(message.type) === PASSWORD_MESSAGE) {
        return decodePasswordMessage(message.body)
      }
      throw new GatewayError(
        'protocol_violation',
        `expected password response, got message type ${message.type}`,
      )
    }
    if (incoming.finished) return undefined
    await incoming.more()
  }
}

async function authenticate(
  { identity }: PgWirePorts,
  clientName: string,
  token: string,
  address: string,
): Promise<ClientPrincipal> {
  try {
    return await identity.authenticate({ clientName, token, address })
  } catch (thrown) {
    const error = toGatewayError(thrown)
    if (error.kind !== 'invalid_password') throw error
    throw new GatewayError(
      'invalid_password',
      `password authentication failed for user "${shownName(clientName)}"`,
      { hint: 'The password is the access token of the client.', cause: error.cause },
    )
  }
}

function openSettings(
  { clientName }: ClientPrincipal,
  parameters: ReadonlyMap<string, string>,
  defaults: Readonly<Record<string, string>>,
): OpenedSettings {
  const named = [...parameters].filter(([name]) => !NO_SETTINGS.has(name))
  const options = parseStartupOptions(parameters.get('options') ?? '')
  return openSessionSettings({ user: clientName, startup: [...options, ...named], defaults })
}

/** Drivers name the user's own database where nobody chose one; that is the default one here. */
async function openExecutor(
  ports: PgWirePorts,
  principal: ClientPrincipal,
  user: string,
  database: string,
  origin: SessionOrigin,
  { settings }: OpenedSettings,
): Promise<Executor> {
  try {
    return await ports.openExecutor({ principal, database, origin, settings })
  } catch (thrown) {
    const missing = toGatewayError(thrown).kind === 'invalid_catalog_name'
    if (!missing || database !== user || database === DEFAULT_DATABASE) throw thrown
    return await ports.openExecutor({ principal, database: DEFAULT_DATABASE, origin, settings })
  }
}

/** A name that may be echoed: tokens have been pasted into the wrong field before. */
function shownName(name: string): string {
  return looksLikeToken(name) ? '(hidden)' : name.slice(0, NAME_LENGTH_MAX)
}

function looksLikeToken(text: string): boolean {
  return /bluegate_/i.test(text)
}

/** Of an identifier in PostgreSQL. */
const NAME_LENGTH_MAX = 63

function printable(text: string): string {
  if (looksLikeToken(text)) return '(hidden)'
  return text.replaceAll(/[^\x20-\x7e]/gu, '?').slice(0, NAME_LENGTH_MAX)
}
