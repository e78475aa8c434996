/** /api/v1/status: what runs, and where its doors are. */
import type { FastifyInstance } from 'fastify'
import type { ApiParts } from '../api-parts.ts'
import { STATUS } from '../schemas/status-schema.ts'

export function statusRoutes(app: FastifyInstance, parts: ApiParts): void {
  app.get(
    '/api/v1/status',
    {
      config: { needs: 'signedIn' },
      schema: {
        operationId: 'getStatus',
        tags: ['Gateway'],
        summary: 'How the gateway stands, and where its doors are.',
        response: { 200: STATUS.ref },
      },
    },
    () => parts.status(),
  )
}
