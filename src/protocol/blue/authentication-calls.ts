/** AuthenticationService: a token becomes a bearer, a bearer opens sessions. */
import { GatewayError, toGatewayError } from '../../base/gateway-error.ts'
import type { AuthenticationAttempt } from '../../identity/identity.ts'
import { parseToken } from '../../identity/token.ts'
import { openSessionSettings } from '../../session/open-session-settings.ts'
import type { SessionOrigin } from '../../session/session.ts'
import { withoutToken } from '../claimed-text.ts'
import { peerAddress } from '../peer-address.ts'
import type { BlueDoorParts } from './blue-door-parts.ts'
import { blueError } from './blue-error.ts'
import { shuttingDown } from './blue-calls.ts'
import type { CallOrigin } from './blue-calls.ts'
import { BlueSession } from './blue-session.ts'
import { AUTHENTICATION_TYPE, SOURCE_TYPE } from './messages.ts'
import type {
  AuthRequest,
  AuthResponse,
  RefreshTokenRequest,
  RefreshTokenResponse,
  SessionRequest,
  SessionResponse,
} from './messages.ts'
import { requireLogin } from './require-login.ts'

const DEFAULT_DATABASE = 'master'
const TOOL_LENGTH_MAX = 63

export function authenticationCalls(parts: BlueDoorParts) {
  const letIn = (): void => {
    if (parts.isStopping()) throw shuttingDown()
  }
  return {
    Auth: async (request: AuthRequest, origin: CallOrigin) => {
      letIn()
      return await authenticate(parts, request, origin)
    },
    Session: async (request: SessionRequest, origin: CallOrigin) => {
      letIn()
      return await openSession(parts, request, origin)
    },
    RefreshToken: (request: RefreshTokenRequest) => refreshToken(parts, request),
  }
}

async function authenticate(
  { ports, logins, connections }: BlueDoorParts,
  request: AuthRequest,
  { key }: CallOrigin,
): Promise<AuthResponse> {
  const startedAt = new Date()
  const origin = originOf(key, connections.tlsVersionOf(key))
  const attempt = attemptOf(request, origin.address)
  try {
    if (!attempt) throw noCredentials()
    const principal = await ports.identity.authenticate(attempt)
    const token = logins.issue(principal, key)
    if (token === undefined) throw tooManyLogins()
    const login = logins.find(token)
    if (login) connections.welcome(key, login)
    return { token }
  } catch (thrown) {
    const error = toGatewayError(thrown)
    const tokenId = attempt && parseToken(attempt.token)?.id
    await ports.recordRefusal({
      clientName: withoutToken(attempt?.clientName ?? '(unknown)', TOOL_LENGTH_MAX),
      ...(tokenId !== undefined && { tokenId }),
      database: undefined,
      origin,
      error,
      startedAt,
    })
    if (error.kind === 'internal') throw thrown
    return { error: blueError(forUser(error, attempt)) }
  }
}

/** A token names its client; a user name beside it is ignored, as clients expect. */
function attemptOf(
  { authType, user, password, accessToken }: AuthRequest,
  address: string,
): AuthenticationAttempt | undefined {
  switch (authType) {
    case AUTHENTICATION_TYPE.IDP:
      return { clientName: undefined, token: accessToken, address }
    case AUTHENTICATION_TYPE.INTERNAL:
      return { clientName: user, token: password, address }
    default:
      return undefined
  }
}

async function openSession(
  parts: BlueDoorParts,
  request: SessionRequest,
  { key, bearer }: CallOrigin,
): Promise<SessionResponse> {
  const { ports, connections } = parts
  const login = requireLogin(parts, { key, bearer })
  const { principal } = login
  const startedAt = new Date()
  const database = request.database || DEFAULT_DATABASE
  const origin = originOf(key, connections.tlsVersionOf(key), request)
  try {
    const { settings } = openSessionSettings({
      user: principal.clientName,
      startup: [
        ['dialect', 'blue'],
        ['application_name', origin.tool],
        ...(request.poolName === '' ? [] : [['pool', request.poolName] as const]),
      ],
    })
    const opened = await ports.openParallel({ principal, database, origin, settings })
    const session = new BlueSession(opened, ports.log)
    login.sessions.set(session.id, session)
    ports.identity.recordUse(principal.tokenId, { address: origin.address, tool: origin.tool })
    return { contextId: session.id, sqreamVersion: `Bluegate ${ports.version}` }
  } catch (thrown) {
    const error = toGatewayError(thrown)
    await ports.recordRefusal({
      clientName: principal.clientName,
      tokenId: principal.tokenId,
      database: withoutToken(database, TOOL_LENGTH_MAX),
      origin,
      error,
      startedAt,
    })
    if (error.kind === 'internal') throw thrown
    return { error: blueError(error) }
  }
}

function refreshToken(
  { logins }: BlueDoorParts,
  { refreshToken: bearer }: RefreshTokenRequest,
): Promise<RefreshTokenResponse> {
  const accessToken = logins.refresh(bearer)
  const unknown = new GatewayError('invalid_password', 'the token to refresh is not known', {
    hint: 'Log in again with the access token.',
  })
  return Promise.resolve(
    accessToken === undefined ? { error: blueError(unknown) } : { accessToken },
  )
}

function originOf(
  key: string,
  tlsVersion: string | undefined,
  { clientInfo, sourceIp = '' }: Partial<SessionRequest> = {},
): SessionOrigin {
  const address = peerAddress(key.slice(0, key.lastIndexOf(':')))
  const claimedAddress = withoutToken(sourceIp, TOOL_LENGTH_MAX)
  return {
    door: 'grpc',
    address,
    tool: withoutToken(clientInfo?.version || 'unknown', TOOL_LENGTH_MAX),
    tlsVersion,
    initiatedBy: INITIATORS.get(clientInfo?.sourceType ?? 0) ?? 'External',
    ...(claimedAddress !== '' && claimedAddress !== address && { claimedAddress }),
  }
}

/** What a program may say of itself. That it were a part of the product is not believed. */
const INITIATORS: ReadonlyMap<number, 'CLI' | 'Jobs'> = new Map([
  [SOURCE_TYPE.CLI, 'CLI'],
  [SOURCE_TYPE.JOBS, 'Jobs'],
])

function forUser(error: GatewayError, attempt: AuthenticationAttempt | undefined): GatewayError {
  const user = attempt?.clientName
  if (error.kind !== 'invalid_password' || user === undefined) return error
  const shown = withoutToken(user, TOOL_LENGTH_MAX)
  return new GatewayError('invalid_password', `wrong password for role '${shown}'`, {
    hint: 'The user is the name of the client, and the password its access token.',
    cause: error.cause,
  })
}

function noCredentials(): GatewayError {
  return new GatewayError('invalid_password', 'send an access token, or a user and a password', {
    cause: 'malformed_token',
  })
}

function tooManyLogins(): GatewayError {
  return new GatewayError('too_many_connections', 'the client has too many unused logins', {
    hint: 'Try again in a minute, and use one connection for several cursors.',
    safeToRetry: true,
  })
}
