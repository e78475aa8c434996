/** /metrics, for Prometheus. It counts what everybody does, so it needs CLUSTERADMIN. */
import type { FastifyInstance } from 'fastify'
import type { ApiParts } from '../api-parts.ts'

export function metricsRoutes(app: FastifyInstance, { operations }: ApiParts): void {
  app.get('/metrics', { config: { needs: 'clusterAdmin' } }, async (_, reply) => {
    const { contentType, text } = await operations.metrics()
    return await reply.type(contentType).send(text)
  })
}
