/**
 * /healthz and /readyz, for load balancers and supervisors: anybody may ask, and learns nothing but
 * whether to send clients here.
 */
import type { FastifyInstance } from 'fastify'
import type { ApiParts } from '../api-parts.ts'
import { HEALTH, READINESS } from '../schemas/operations-schemas.ts'

const NOT_READY = 503

const tags = ['Operations']

export function healthRoutes(app: FastifyInstance, { operations }: ApiParts): void {
  const config = { needs: 'nothing' } as const

  /** That this is answered is all that it says. */
  app.get(
    '/healthz',
    {
      config,
      schema: {
        operationId: 'getHealth',
        tags,
        summary: 'Whether the process lives.',
        response: { 200: HEALTH.ref },
      },
    },
    () => ({ status: 'alive' as const }),
  )

  app.get(
    '/readyz',
    {
      config,
      schema: {
        operationId: 'getReadiness',
        tags,
        summary: 'Whether to send clients here; 503 with the reasons when not.',
        response: { 200: READINESS.ref, [NOT_READY]: READINESS.ref },
      },
    },
    async (_, reply) => {
      const reasons = await operations.unreadiness()
      const isReady = reasons.length === 0
      const status = isReady ? 'ready' : 'not ready'
      return await reply.code(isReady ? 200 : NOT_READY).send({ status, reasons })
    },
  )
}
