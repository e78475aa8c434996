/**
 * Who makes a request on the HTTPS door: a client by its access token (Bearer, or Basic with its
 * name), or a user by the cookie of the console. A header that names somebody goes before the cookie.
 */
import type { FastifyRequest } from 'fastify'
import { GatewayError } from '../../base/gateway-error.ts'
import type { AuthenticationAttempt } from '../../identity/identity.ts'
import { parseToken } from '../../identity/token.ts'
import type { ApiParts } from './api-parts.ts'
import type { Caller } from './caller.ts'
import { consoleCookie } from './console-cookie.ts'
import { recordRefusal } from './record-refusal.ts'
import { originOf } from './request-origin.ts'

/** Uses of a token are counted once in that time: a request is no login. */
const USE_INTERVAL_MS = 60_000
const TOKENS_REMEMBERED_MAX = 10_000

/** A token has 75 characters, a name 63. */
const CREDENTIALS_LENGTH_MAX = 1_024

type Parts = Pick<ApiParts, 'identity' | 'audit'>

/** @returns a function that may throw a GatewayError, which is on record then. */
export function callerProver(
  parts: Parts,
): (request: FastifyRequest) => Promise<Caller | undefined> {
  const countUse = useCounter(parts)
  return async (request) => {
    const { authorization } = request.headers
    if (authorization === undefined) return userOf(parts, request)
    const caller = await clientOf(parts, request, authorization)
    countUse(caller)
    return caller
  }
}

async function clientOf(
  parts: Parts,
  request: FastifyRequest,
  authorization: string,
): Promise<Caller> {
  const startedAt = new Date()
  const origin = originOf(request)
  const credentials = credentialsOf(authorization)
  try {
    if (!credentials) throw unreadable()
    const attempt = { ...credentials, address: origin.address }
    return { ...origin, principal: await parts.identity.authenticate(attempt) }
  } catch (thrown) {
    const username = credentials?.clientName ?? 'unknown'
    const tokenId = credentials && parseToken(credentials.token)?.id
    const refusal = { action: 'login_refused', username, tokenId, thrown, startedAt } as const
    await recordRefusal(parts, origin, refusal)
    throw thrown
  }
}

/** @throws GatewayError `invalid_password` when the user of a living session may not go on. */
function userOf({ identity }: Parts, request: FastifyRequest): Caller | undefined {
  const secret = consoleCookie(request)
  const session =
    secret === undefined ? undefined : identity.findConsoleSession(secret, isActivity(request))
  if (!session) return undefined
  const { principal } = session
  const cutOff = identity.cutOff(principal)
  if (cutOff) {
    throw new GatewayError('invalid_password', 'you are not signed in any more', {
      detail: cutOff.message.replace(/^terminating connection: /, ''),
      hint: 'Ask an administrator.',
    })
  }
  return { ...originOf(request), principal, consoleSession: session }
}

/** What a page asks for by itself does not keep its user signed in. */
export function isActivity({ headers }: FastifyRequest): boolean {
  const isStream = headers.accept?.includes('text/event-stream') === true
  return !isStream && headers['x-bluegate-background'] !== '1'
}

/** Undefined for what is neither Bearer nor Basic. Sources: RFC 6750, section 2.1; RFC 7617. */
function credentialsOf(
  authorization: string,
): Pick<AuthenticationAttempt, 'clientName' | 'token'> | undefined {
  if (authorization.length > CREDENTIALS_LENGTH_MAX) return undefined
  const [, scheme = '', value = ''] = /^(bearer|basic) +(\S+) *$/i.exec(authorization) ?? []
  if (scheme.toLowerCase() === 'bearer') return { clientName: undefined, token: value }
  if (scheme.toLowerCase() !== 'basic') return undefined
  const text = Buffer.from(value, 'base64').toString()
  const colon = text.indexOf(':')
  return colon < 0 ? undefined : { clientName: text.slice(0, colon), token: text.slice(colon + 1) }
}

function useCounter({ identity }: Pick<Parts, 'identity'>): (caller: Caller) => void {
  const counted = new Map<string, number>()
  return ({ principal, address, tool }) => {
    if (principal.kind !== 'client') return
    const { tokenId } = principal
    const now = Date.now()
    if (now - (counted.get(tokenId) ?? -Infinity) < USE_INTERVAL_MS) return
    if (counted.size >= TOKENS_REMEMBERED_MAX) counted.clear()
    counted.set(tokenId, now)
    identity.recordUse(tokenId, { address, tool })
  }
}

function unreadable(): GatewayError {
  return new GatewayError('invalid_password', 'the Authorization header cannot be read', {
    hint: 'Send Authorization: Bearer TOKEN, or Basic with the name of the client and its token.',
  })
}
