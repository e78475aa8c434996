/** From a proven user to a console session with its cookie, on record before the cookie leaves. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { principalName } from '../../identity/principal.ts'
import type { ProvenUser } from '../../identity/users.ts'
import type { ApiParts } from './api-parts.ts'
import { consoleCookie, setConsoleCookie } from './console-cookie.ts'
import { describeMe } from './describe-me.ts'
import type { Me } from './describe-me.ts'
import { recordAct } from './record-act.ts'
import { recordRefusal } from './record-refusal.ts'
import { originOf } from './request-origin.ts'

/**
 * Whatever session the browser had ends, so that nobody goes on with an id that somebody else gave.
 *
 * @throws GatewayError when the user may not sign in (on record), or when the audit cannot be
 *         written: there is no session then.
 */
export async function signIn(
  parts: ApiParts,
  request: FastifyRequest,
  reply: FastifyReply,
  proven: ProvenUser,
  userName: string,
): Promise<Me> {
  const { identity } = parts
  const startedAt = new Date()
  const origin = originOf(request)
  const before = identity.findConsoleSession(consoleCookie(request) ?? '', false)
  const { session, secret } = await identity
    .openConsoleSession(proven, origin)
    .catch(async (thrown: unknown) => {
      const refusal = { action: 'sign_in_refused', username: userName, thrown, startedAt } as const
      await recordRefusal(parts, origin, refusal)
      throw thrown
    })
  const { principal } = session
  const details = `${principalName(principal)} by ${proven.by.replaceAll('_', ' ')}, session ${session.id}`
  const act = { category: 'SESSION', action: 'sign_in', details } as const
  try {
    await recordAct(parts, { ...origin, principal }, act, () => undefined)
  } catch (error) {
    await identity.endConsoleSession(session.id)
    throw error
  }
  if (before) await identity.endConsoleSession(before.id)
  setConsoleCookie(reply, secret)
  return describeMe(identity, { principal, consoleSession: session })
}
