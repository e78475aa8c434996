/** /api/v1/clients/:name/impact: what stops working when the client is cut off. */
import type { FastifyInstance } from 'fastify'
import type { ClientInfo, TokenInfo } from '../../../identity/identity.ts'
import type { ApiParts, RecentUse } from '../api-parts.ts'
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
        recentUses: await recentUses(parts, client),
        jobs: client.jobs,
        schedules: [], // Jobs have no schedules yet, so none can use it
      }
    },
  )
}

/** Where nobody counts uses, the last one of each token is what is known. */
async function recentUses(parts: ApiParts, client: ClientInfo): Promise<readonly RecentUse[]> {
  const since = Date.now() - RECENT_MS
  if (parts.recentUses) return await parts.recentUses(client.name, since)
  return [client.token, client.previousToken]
    .flatMap((token) => lastUse(token))
    .filter(({ lastUsedAt }) => Date.parse(lastUsedAt) >= since)
}

function lastUse(token: TokenInfo | undefined): RecentUse[] {
  if (!token?.lastUse) return []
  const { at, address, tool } = token.lastUse
  return [{ tool, address, lastUsedAt: at, uses: 1 }]
}
