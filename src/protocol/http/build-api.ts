/**
 * The administration API: the same routes for every door that leads to it.
 *
 * Who calls is for the door to prove (`prove`); what a caller needs each route says itself
 * (`route-needs.ts`).
 */
import fastify from 'fastify'
import type { FastifyError, FastifyInstance, FastifyRequest } from 'fastify'
import { GatewayError, toGatewayError } from '../../base/gateway-error.ts'
import type { ApiParts } from './api-parts.ts'
import type { Caller } from './caller.ts'
import { PROBLEM_TYPE, toProblem } from './problem.ts'
import { checkNeeds } from './route-needs.ts'
import { auditRoutes } from './routes/audit-routes.ts'
import { backupRoutes } from './routes/backup-routes.ts'
import { clientRoutes } from './routes/client-routes.ts'
import { healthRoutes } from './routes/health-routes.ts'
import { keyRoutes } from './routes/key-routes.ts'
import { metricsRoutes } from './routes/metrics-routes.ts'
import { roleRoutes } from './routes/role-routes.ts'
import { sqlRoutes } from './routes/sql-routes.ts'
import { statusRoutes } from './routes/status-routes.ts'
import { tokenRoutes } from './routes/token-routes.ts'
import { warningRoutes } from './routes/warning-routes.ts'

const BODY_BYTES_MAX = 16 * 1024 ** 2

export function buildApi(
  parts: ApiParts,
  prove: (request: FastifyRequest) => Promise<Caller | undefined> | Caller | undefined,
): FastifyInstance {
  const app = fastify({
    bodyLimit: BODY_BYTES_MAX,
    forceCloseConnections: 'idle',
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false, allErrors: true } },
  })
  app.addContentTypeParser('text/plain', { parseAs: 'string' }, (_, body, done) => done(null, body))
  app.setNotFoundHandler(() => {
    throw new GatewayError('undefined_object', 'there is no such address in this API')
  })
  app.setErrorHandler<FastifyError>(async (thrown, request, reply) => {
    const error = asGatewayError(thrown)
    const problem = toProblem(error)
    if (problem.status >= 500) {
      const route = request.routeOptions.url
      parts.log.error({ error: error.cause ?? error, route }, 'a request failed')
    }
    await reply.code(problem.status).type(PROBLEM_TYPE).send(JSON.stringify(problem))
  })

  checkNeeds(app, parts.identity, prove)
  statusRoutes(app, parts)
  roleRoutes(app, parts)
  clientRoutes(app, parts)
  tokenRoutes(app, parts)
  auditRoutes(app, parts)
  sqlRoutes(app, parts)
  backupRoutes(app, parts)
  keyRoutes(app, parts)
  healthRoutes(app, parts)
  metricsRoutes(app, parts)
  warningRoutes(app, parts)
  return app
}

/** What fastify itself found wrong with a request is the client's mistake, named as ours are. */
function asGatewayError(thrown: FastifyError): GatewayError {
  if (thrown.validation) {
    const problems = thrown.validation.map(({ instancePath, message }) => {
      const field = instancePath.slice(1).replaceAll('/', '.')
      return `${field === '' ? (thrown.validationContext ?? 'request') : field} ${message ?? ''}`
    })
    return new GatewayError('invalid_parameter_value', problems.join('; '))
  }
  if (thrown.statusCode === 413) {
    return new GatewayError('program_limit', `a request holds at most ${BODY_BYTES_MAX} bytes`)
  }
  if (thrown.statusCode !== undefined && thrown.statusCode < 500) {
    return new GatewayError('protocol_violation', thrown.message)
  }
  return toGatewayError(thrown)
}
