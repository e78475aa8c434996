/** /metrics, for Prometheus. It counts what everybody does, so it needs CLUSTERADMIN. */
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { ApiParts } from '../api-parts.ts'

export function metricsRoutes(app: FastifyInstance, { operations }: ApiParts): void {
  app.get(
    '/metrics',
    {
      config: { needs: 'clusterAdmin' },
      schema: {
        operationId: 'getMetrics',
        tags: ['Operations'],
        summary: 'Figures in the text format of Prometheus.',
        response: {
          200: {
            description: 'One figure a line.',
            content: { 'text/plain': { schema: Type.String() } },
          },
        },
      },
    },
    async (_, reply) => {
      const { contentType, text } = await operations.metrics()
      return await reply.type(contentType).send(text)
    },
  )
}
