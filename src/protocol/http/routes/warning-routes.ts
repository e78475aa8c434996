/** /api/v1/warnings: what an administrator should know and do, for the banner of the console. */
import type { FastifyInstance } from 'fastify'
import type { ApiParts } from '../api-parts.ts'
import { WARNING_LIST } from '../schemas/operations-schemas.ts'

export function warningRoutes(app: FastifyInstance, { operations }: ApiParts): void {
  app.get(
    '/api/v1/warnings',
    {
      config: { needs: 'clusterAdmin' },
      schema: {
        operationId: 'listWarnings',
        tags: ['Operations'],
        summary: 'What an administrator should know and do, worst first.',
        response: { 200: WARNING_LIST.ref },
      },
    },
    async () => ({ items: [...(await operations.warnings())] }),
  )
}
