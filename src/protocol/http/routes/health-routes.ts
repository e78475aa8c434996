/**
 * /healthz and /readyz, for load balancers and supervisors: anybody may ask, and learns nothing but
 * whether to send clients here.
 */
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { ApiParts } from '../api-parts.ts'

const NOT_READY = 503

const Health = Type.Object({ status: Type.Literal('alive') })
const Readiness = Type.Object({
  status: Type.Union([Type.Literal('ready'), Type.Literal('not ready')]),
  /** Of a fixed list: `starting`, `stopping`, `engine`, `metadata`, `audit`, `disk`. */
  reasons: Type.Array(Type.String()),
})

export function healthRoutes(app: FastifyInstance, { operations }: ApiParts): void {
  const config = { needs: 'nothing' } as const

  /** That this is answered is all that it says. */
  app.get('/healthz', { config, schema: { response: { 200: Health } } }, () => ({
    status: 'alive' as const,
  }))

  app.get(
    '/readyz',
    { config, schema: { response: { 200: Readiness, [NOT_READY]: Readiness } } },
    async (_, reply) => {
      const reasons = await operations.unreadiness()
      const isReady = reasons.length === 0
      const status = isReady ? 'ready' : 'not ready'
      return await reply.code(isReady ? 200 : NOT_READY).send({ status, reasons })
    },
  )
}
