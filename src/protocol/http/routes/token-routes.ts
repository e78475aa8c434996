/** /api/v1/clients/:name/…: the access token of a client, shown again or replaced. */
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { Static } from 'typebox'
import type { ApiParts } from '../api-parts.ts'
import { recordAct } from '../record-act.ts'
import { callerOf } from '../route-needs.ts'
import { describeClient } from './client-in-path.ts'
import { NameInPath } from './name-in-path.ts'
import type { Named } from './name-in-path.ts'

const GRACE_MS_MAX = 7 * 86_400_000

const Regeneration = Type.Object(
  { graceMs: Type.Optional(Type.Integer({ minimum: 0, maximum: GRACE_MS_MAX })) },
  { additionalProperties: false },
)

export function tokenRoutes(app: FastifyInstance, parts: ApiParts): void {
  const { identity } = parts
  const config = { needs: 'clusterAdmin' } as const

  app.post<Named & { Body: Static<typeof Regeneration> }>(
    '/api/v1/clients/:name/regenerate',
    { config, schema: { params: NameInPath, body: Regeneration } },
    async (request) => {
      const { name } = request.params
      const { graceMs = 0 } = request.body
      const details = `${describeClient(identity, name)}, grace ${graceMs} ms`
      const act = { category: 'TOKEN', action: 'token_regenerated', details } as const
      return await recordAct(parts, callerOf(request), act, () =>
        identity.regenerateToken(name, graceMs),
      )
    },
  )

  // A POST, so that no log, cache or history of addresses ever asks for it again.
  app.post<Named>(
    '/api/v1/clients/:name/show-token',
    { config, schema: { params: NameInPath } },
    async (request) => {
      const { name } = request.params
      const details = describeClient(identity, name)
      const act = { category: 'TOKEN', action: 'token_shown', details } as const
      const token = await recordAct(parts, callerOf(request), act, () => identity.showToken(name))
      return { token }
    },
  )
}
