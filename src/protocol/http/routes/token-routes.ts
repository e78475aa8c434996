/** /api/v1/clients/:name/…: the access token of a client, shown again or replaced. */
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { Static } from 'typebox'
import type { ApiParts } from '../api-parts.ts'
import { clientView } from '../client-view.ts'
import { IfMatch } from '../etag.ts'
import { recordAct } from '../record-act.ts'
import { ProofInBody, requirePasswordProof } from '../require-password-proof.ts'
import { withoutToken } from '../../claimed-text.ts'
import { callerOf } from '../route-needs.ts'
import { CLIENT, CLIENT_WITH_TOKEN } from '../schemas/client-schemas.ts'
import { checkOfAct, describeClient } from './client-in-path.ts'
import { NameInPath } from './name-in-path.ts'
import type { Named } from './name-in-path.ts'

const GRACE_MS_MAX = 7 * 86_400_000

const Regeneration = Type.Object(
  {
    graceMs: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: GRACE_MS_MAX,
        description: 'How long the old token works on; 0: it ends at once.',
      }),
    ),
  },
  { additionalProperties: false },
)

export function tokenRoutes(app: FastifyInstance, parts: ApiParts): void {
  const { identity } = parts
  const config = { needs: 'clusterAdmin' } as const
  const tags = ['Tokens']

  app.post<Named & { Body: Static<typeof Regeneration> }>(
    '/api/v1/clients/:name/regenerate',
    {
      config,
      schema: {
        operationId: 'regenerateToken',
        tags,
        summary: 'Replaces the access token of a client.',
        params: NameInPath,
        headers: IfMatch,
        body: Regeneration,
        response: { 200: CLIENT_WITH_TOKEN.ref },
      },
    },
    async (request) => {
      const { name } = request.params
      const { graceMs = 0 } = request.body
      const details = `${describeClient(identity, name)}, grace ${graceMs} ms`
      const act = { category: 'TOKEN', action: 'token_regenerated', details } as const
      const { client, token } = await recordAct(parts, callerOf(request), act, () =>
        identity.regenerateToken(name, graceMs, checkOfAct(identity, request)),
      )
      return { client: clientView(parts, client), token }
    },
  )

  endPreviousTokenRoute(app, parts)

  // A POST, so that no log, cache or history of addresses ever asks for it again.
  app.post<Named & { Body: Static<typeof ProofInBody> }>(
    '/api/v1/clients/:name/show-token',
    {
      config,
      preValidation: (request, _, done) => {
        request.body ??= {} // nothing, where the console session is the proof
        done()
      },
      schema: {
        operationId: 'showToken',
        tags,
        summary: 'Shows the access token of a client; this is on record.',
        params: NameInPath,
        headers: IfMatch,
        body: ProofInBody,
        response: { 200: Type.Object({ token: Type.String() }) },
      },
    },
    async (request) => {
      const { name } = request.params
      const details = `${describeClient(identity, name)}${proofText(request.body)}`
      const act = { category: 'TOKEN', action: 'token_shown', details } as const
      const token = await recordAct(parts, callerOf(request), act, async () => {
        await requirePasswordProof(parts, request, request.body)
        return await identity.showToken(name, checkOfAct(identity, request))
      })
      return { token }
    },
  )
}

function endPreviousTokenRoute(app: FastifyInstance, parts: ApiParts): void {
  const { identity } = parts
  app.post<Named>(
    '/api/v1/clients/:name/end-previous-token',
    {
      config: { needs: 'clusterAdmin' },
      schema: {
        operationId: 'endPreviousToken',
        tags: ['Tokens'],
        summary: 'Ends the token before the present one now, in the middle of its grace.',
        params: NameInPath,
        headers: IfMatch,
        response: { 200: CLIENT.ref },
      },
    },
    async (request) => {
      const { name } = request.params
      const details = describeClient(identity, name)
      const act = { category: 'TOKEN', action: 'previous_token_ended', details } as const
      const client = await recordAct(parts, callerOf(request), act, () =>
        identity.endPreviousToken(name, checkOfAct(identity, request)),
      )
      return clientView(parts, client)
    },
  )
}

function proofText({ user }: Static<typeof ProofInBody>): string {
  return user === undefined ? '' : `, with the password of ${withoutToken(user)}`
}
