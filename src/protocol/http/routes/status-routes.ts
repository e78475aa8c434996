/** /api/v1/status: what runs, and where its doors are. */
import type { FastifyInstance } from 'fastify'
import type { ApiParts } from '../api-parts.ts'

export function statusRoutes(app: FastifyInstance, parts: ApiParts): void {
  app.get('/api/v1/status', { config: { needs: 'signedIn' } }, () => parts.status())
}
