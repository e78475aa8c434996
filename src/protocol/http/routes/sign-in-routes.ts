/** /api/v1/sign-in, /me, /sign-out, /prove-password: users of the console and their sessions. */
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { Static } from 'typebox'
import { GatewayError } from '../../../base/gateway-error.ts'
import type { UserPrincipal } from '../../../identity/principal.ts'
import type { ConsoleSession } from '../../../identity/users.ts'
import type { ApiParts } from '../api-parts.ts'
import type { Caller } from '../caller.ts'
import { clearConsoleCookie, setConsoleCookie } from '../console-cookie.ts'
import { describeMe } from '../describe-me.ts'
import { recordAct } from '../record-act.ts'
import { recordRefusal } from '../record-refusal.ts'
import { originOf } from '../request-origin.ts'
import { callerOf } from '../route-needs.ts'
import { ME, PASSWORD_CHANGE, PASSWORD_PROOF, SIGN_IN } from '../schemas/user-schemas.ts'
import { signIn } from '../sign-in.ts'

/** Of strangers nothing long is read. */
export const STRANGERS_BODY_BYTES_MAX = 16 * 1024

const tags = ['Sign-in']
const config = { needs: 'signedIn' } as const

export function signInRoutes(app: FastifyInstance, parts: ApiParts): void {
  signInRoute(app, parts)
  meRoutes(app, parts)
  proofRoute(app, parts)
  passwordRoute(app, parts)
}

function signInRoute(app: FastifyInstance, parts: ApiParts): void {
  const { identity } = parts
  app.post<{ Body: Static<typeof SIGN_IN.schema> }>(
    '/api/v1/sign-in',
    {
      config: { needs: 'nothing' },
      bodyLimit: STRANGERS_BODY_BYTES_MAX,
      schema: {
        operationId: 'signIn',
        tags,
        summary: 'Signs a user in; the answer sets the cookie.',
        body: SIGN_IN.ref,
        response: { 200: ME.ref },
      },
    },
    async (request, reply) => {
      const startedAt = new Date()
      const { user: userName, password } = request.body
      const origin = originOf(request)
      const { address } = origin
      const proven = await identity
        .provePassword({ userName, password, address })
        .catch(async (thrown: unknown) => {
          const refusal = {
            action: 'sign_in_refused',
            username: userName,
            thrown,
            startedAt,
          } as const
          await recordRefusal(parts, origin, refusal)
          throw thrown
        })
      return await signIn(parts, request, reply, proven, userName)
    },
  )
}

function meRoutes(app: FastifyInstance, parts: ApiParts): void {
  const { identity } = parts
  app.get(
    '/api/v1/me',
    {
      config,
      schema: {
        operationId: 'getMe',
        tags,
        summary: 'Tells who the caller is.',
        response: { 200: ME.ref },
      },
    },
    (request) => describeMe(identity, callerOf(request)),
  )

  app.post(
    '/api/v1/sign-out',
    {
      config,
      schema: {
        operationId: 'signOut',
        tags,
        summary: 'Ends the console session.',
        response: { 204: Type.Null({ description: 'It has ended.' }) },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request)
      const { session } = signedInUser(caller)
      const act = {
        category: 'SESSION',
        action: 'sign_out',
        details: `session ${session.id}`,
      } as const
      await recordAct(parts, caller, act, () => identity.endConsoleSession(session.id))
      clearConsoleCookie(reply)
      return await reply.code(204).send()
    },
  )
}

function proofRoute(app: FastifyInstance, parts: ApiParts): void {
  const { identity } = parts
  app.post<{ Body: Static<typeof PASSWORD_PROOF.schema> }>(
    '/api/v1/prove-password',
    {
      config,
      bodyLimit: STRANGERS_BODY_BYTES_MAX,
      schema: {
        operationId: 'provePassword',
        tags,
        summary:
          'Proves the password again, for what needs a fresh proof; the cookie is a new one.',
        body: PASSWORD_PROOF.ref,
        response: { 200: ME.ref },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request)
      const { principal, session } = signedInUser(caller)
      const { address } = caller
      const act = {
        category: 'SESSION',
        action: 'password_proven',
        details: `session ${session.id}`,
      } as const
      const renewed = await recordAct(parts, caller, act, async () => {
        const { password } = request.body
        const attempt = { userName: principal.userName, password, address }
        return await identity.renewConsoleSession(session.id, await identity.provePassword(attempt))
      })
      setConsoleCookie(reply, renewed.secret)
      return describeMe(identity, { principal, consoleSession: renewed.session })
    },
  )
}

function passwordRoute(app: FastifyInstance, parts: ApiParts): void {
  const { identity } = parts
  app.post<{ Body: Static<typeof PASSWORD_CHANGE.schema> }>(
    '/api/v1/me/password',
    {
      config,
      bodyLimit: STRANGERS_BODY_BYTES_MAX,
      schema: {
        operationId: 'changePassword',
        tags,
        summary: "Changes one's own password; the user's other sessions end.",
        body: PASSWORD_CHANGE.ref,
        response: { 204: Type.Null({ description: 'It was changed.' }) },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request)
      const { principal, session } = signedInUser(caller)
      const { userName } = principal
      const { password, newPassword } = request.body
      const act = {
        category: 'USER',
        action: 'password_changed',
        details: `user ${userName}`,
      } as const
      await recordAct(parts, caller, act, () =>
        identity.changePassword({
          userName,
          password,
          newPassword,
          address: caller.address,
          keep: session.id,
        }),
      )
      return await reply.code(204).send()
    },
  )
}

/** @throws GatewayError `invalid_authorization` for clients and the local administrator. */
function signedInUser({ principal, consoleSession }: Caller): {
  principal: UserPrincipal
  session: ConsoleSession
} {
  if (principal.kind === 'user' && consoleSession) return { principal, session: consoleSession }
  throw new GatewayError(
    'invalid_authorization',
    'this is for users who signed in to the console',
    {
      hint: 'Clients have access tokens, and neither sessions nor passwords.',
    },
  )
}
