/** /api/v1/one-time-links, /setup-link: how somebody without a password chooses one. */
import type { FastifyInstance } from 'fastify'
import type { Static } from 'typebox'
import { present } from '../../../base/assert.ts'
import { GatewayError } from '../../../base/gateway-error.ts'
import type { Identity } from '../../../identity/identity.ts'
import type { UserPrincipal } from '../../../identity/principal.ts'
import type { OneTimeLink, ProvenUser } from '../../../identity/users.ts'
import type { ApiParts } from '../api-parts.ts'
import { recordAct } from '../record-act.ts'
import { recordRefusal } from '../record-refusal.ts'
import { describeMe } from '../describe-me.ts'
import { describeNewLink } from '../one-time-url.ts'
import { originOf } from '../request-origin.ts'
import { callerOf } from '../route-needs.ts'
import { LINK_LOOK, LINK_SECRET, LINK_USE, ME, NEW_LINK } from '../schemas/user-schemas.ts'
import { signIn } from '../sign-in.ts'
import { STRANGERS_BODY_BYTES_MAX } from './sign-in-routes.ts'

const tags = ['Sign-in']
const ofStrangers = {
  config: { needs: 'nothing' },
  bodyLimit: STRANGERS_BODY_BYTES_MAX,
} as const

export function oneTimeLinkRoutes(app: FastifyInstance, parts: ApiParts): void {
  lookRoute(app, parts)
  useRoute(app, parts)
  setupRoute(app, parts)
}

function lookRoute(app: FastifyInstance, { identity }: ApiParts): void {
  // A POST, so that the secret is in no address that is kept somewhere.
  app.post<{ Body: Static<typeof LINK_SECRET.schema> }>(
    '/api/v1/one-time-links/look',
    {
      ...ofStrangers,
      schema: {
        operationId: 'lookAtOneTimeLink',
        tags,
        summary: 'Tells what a one-time link is for, without using it.',
        body: LINK_SECRET.ref,
        response: { 200: LINK_LOOK.ref },
      },
    },
    (request) => identity.lookAtLink(request.body.secret),
  )
}

function useRoute(app: FastifyInstance, parts: ApiParts): void {
  const { identity } = parts

  app.post<{ Body: Static<typeof LINK_USE.schema> }>(
    '/api/v1/one-time-links/use',
    {
      ...ofStrangers,
      schema: {
        operationId: 'useOneTimeLink',
        tags,
        summary: 'Chooses a password, and signs in with it.',
        body: LINK_USE.ref,
        response: { 200: ME.ref },
      },
    },
    async (request, reply) => {
      const { secret, userName, password } = request.body
      const origin = originOf(request)
      const startedAt = new Date()
      const { link, proven } = await redeem(parts, { secret, password, userName }).catch(
        async (thrown: unknown) => {
          const username = userName ?? 'unknown'
          const refusal = { action: 'sign_in_refused', username, thrown, startedAt } as const
          await recordRefusal(parts, origin, refusal)
          throw thrown
        },
      )
      const principal = principalOf(identity, proven)
      const details = `${link.purpose} of user ${principal.userName}`
      const act = { category: 'USER', action: 'one_time_link_used', details } as const
      await recordAct(parts, { ...origin, principal }, act, () => undefined)
      if (request.door === 'local') return describeMe(identity, { principal })
      return await signIn(parts, request, reply, proven, principal.userName)
    },
  )
}

function setupRoute(app: FastifyInstance, parts: ApiParts): void {
  const { identity } = parts
  app.post(
    '/api/v1/setup-link',
    {
      config: { needs: 'clusterAdmin' },
      schema: {
        operationId: 'makeSetupLink',
        tags,
        summary: 'Makes a new link for the first user; the one before ends.',
        response: { 201: NEW_LINK.ref },
      },
    },
    async (request, reply) => {
      const act = { category: 'USER', action: 'one_time_link_made', details: 'setup' } as const
      const link = await recordAct(parts, callerOf(request), act, async () => {
        const made = await identity.makeSetupLink()
        if (made) return made
        throw new GatewayError('object_not_in_prerequisite_state', 'there are users already', {
          hint: 'A lost password is replaced with: bluegate user reset-password NAME',
        })
      })
      return await reply.code(201).send(describeNewLink(link, parts.status().doors))
    },
  )
}

async function redeem(
  { identity }: ApiParts,
  request: { secret: string; password: string; userName: string | undefined },
): Promise<{ link: OneTimeLink; proven: ProvenUser }> {
  const { secret, password, userName } = request
  const link = identity.lookAtLink(secret)
  if (link.purpose !== 'setup' && userName !== undefined) {
    throw new GatewayError('invalid_parameter_value', 'this link is for a user who has a name', {
      field: 'userName',
      hint: 'Leave it out; it is for the setup of the first user alone.',
    })
  }
  const named = userName === undefined ? {} : { userName }
  return { link, proven: await identity.redeemLink({ secret, password, ...named }) }
}

function principalOf(identity: Pick<Identity, 'listUsers'>, { userId }: ProvenUser): UserPrincipal {
  const found = identity.listUsers().find(({ id }) => id === userId)
  const { name, roleId } = present(found, 'the user has just chosen a password')
  return { kind: 'user', userId, userName: name, roleId }
}
