/** /api/v1/clients/:name/impact: what stops working when the client is cut off. */
import type { FastifyInstance } from 'fastify'
import type { ApiParts } from '../api-parts.ts'
import { CLIENT_IMPACT } from '../schemas/client-schemas.ts'
import { existingClient } from './client-in-path.ts'
import { NameInPath } from './name-in-path.ts'
import type { Named } from './name-in-path.ts'

const RECENT_MS = 30 * 86_400_000

export function clientImpactRoute(app: FastifyInstance, parts: ApiParts): void {
  const { identity, execution } = parts
  app.get<Named>(
    '/api/v1/clients/:name/impact',
    {
      config: { needs: 'clusterAdmin' },
      schema: {
        operationId: 'getClientImpact',
        tags: ['Clients'],
        summary: 'Who would notice: sessions open now, tools of the last 30 days, Jobs.',
        params: NameInPath,
        response: { 200: CLIENT_IMPACT.ref },
      },
    },
    async (request) => {
      const client = existingClient(identity, request.params.name)
      return {
        openSessions: execution.sessions.ofClient(client.id).map((session) => ({
          id: session.id,
          tool: session.settings.applicationName || session.origin.tool,
          address: session.origin.address,
          startedAt: session.startedAt.toISOString(),
          door: session.origin.door,
        })),
        recentUses: await identity.recentUses(client.name, Date.now() - RECENT_MS),
        jobs: client.jobs,
        schedules: [], // Jobs have no schedules yet, so none can use it
      }
    },
  )
}
