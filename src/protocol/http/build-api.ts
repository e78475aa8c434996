/**
 * The administration API: the same routes for every door that leads to it.
 *
 * Who calls is for the door to prove (`prove`); what a caller needs each route says itself
 * (`route-needs.ts`).
 */
import cookies from '@fastify/cookie'
import fastify from 'fastify'
import type { FastifyError, FastifyInstance, FastifyRequest, FastifyServerOptions } from 'fastify'
import { GatewayError, toGatewayError } from '../../base/gateway-error.ts'
import type { ApiParts } from './api-parts.ts'
import type { Caller } from './caller.ts'
import { describeApi, openApiRoute } from './open-api.ts'
import { PROBLEM_TYPE, toProblem } from './problem.ts'
import { readQueryNumbers } from './query-numbers.ts'
import { checkNeeds } from './route-needs.ts'
import { auditRoutes } from './routes/audit-routes.ts'
import { backupRoutes } from './routes/backup-routes.ts'
import { clientImpactRoute } from './routes/client-impact-route.ts'
import { clientRoutes } from './routes/client-routes.ts'
import { connectRoutes } from './routes/connect-routes.ts'
import { healthRoutes } from './routes/health-routes.ts'
import { keyRoutes } from './routes/key-routes.ts'
import { liveRoutes } from './routes/live-routes.ts'
import { loadRoutes } from './routes/load-routes.ts'
import { metricsRoutes } from './routes/metrics-routes.ts'
import { objectRoutes } from './routes/object-routes.ts'
import { oneTimeLinkRoutes } from './routes/one-time-link-routes.ts'
import { poolRoutes } from './routes/pool-routes.ts'
import { roleRoutes } from './routes/role-routes.ts'
import { sessionRoutes } from './routes/session-routes.ts'
import { signInRoutes } from './routes/sign-in-routes.ts'
import { sqlRoutes } from './routes/sql-routes.ts'
import { statusRoutes } from './routes/status-routes.ts'
import { tokenRoutes } from './routes/token-routes.ts'
import { userRoutes } from './routes/user-routes.ts'
import { warningRoutes } from './routes/warning-routes.ts'

const BODY_BYTES_MAX = 16 * 1024 ** 2

/** What a door adds to the routes that all doors have. */
export interface ApiDoor {
  readonly kind: 'http' | 'local'
  readonly options?: Pick<FastifyServerOptions, 'serverFactory' | 'clientErrorHandler'>
  /** Hooks that come before the check of who calls. */
  readonly guard?: (app: FastifyInstance) => void
}

/**
 * @param prove Finds out who makes a request; undefined when nobody does. May throw a GatewayError.
 */
export function buildApi(
  parts: ApiParts,
  prove: (request: FastifyRequest) => Promise<Caller | undefined> | Caller | undefined,
  door: ApiDoor = { kind: 'local' },
): FastifyInstance {
  const app = fastify({
    ...door.options,
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

  app.decorateRequest('door', door.kind)
  void app.register(cookies, { hook: false }) // read where they are asked for (console-cookie.ts)
  readQueryNumbers(app)
  door.guard?.(app)
  checkNeeds(app, parts.identity, prove)
  describeApi(app)
  void app.register((routes, _, done) => {
    signInRoutes(routes, parts)
    oneTimeLinkRoutes(routes, parts)
    userRoutes(routes, parts)
    statusRoutes(routes, parts)
    roleRoutes(routes, parts)
    objectRoutes(routes, parts)
    clientRoutes(routes, parts)
    clientImpactRoute(routes, parts)
    connectRoutes(routes, parts)
    tokenRoutes(routes, parts)
    sessionRoutes(routes, parts)
    poolRoutes(routes, parts)
    auditRoutes(routes, parts)
    liveRoutes(routes, parts)
    sqlRoutes(routes, parts)
    loadRoutes(routes, parts)
    backupRoutes(routes, parts)
    keyRoutes(routes, parts)
    healthRoutes(routes, parts)
    metricsRoutes(routes, parts)
    warningRoutes(routes, parts)
    openApiRoute(routes)
    done()
  })
  return app
}

/** What fastify itself found wrong with a request is the client's mistake, named as ours are. */
function asGatewayError(thrown: FastifyError): GatewayError {
  if (thrown.validation) {
    const problems = thrown.validation.map(({ instancePath, message }) => {
      const place = instancePath.slice(1).replaceAll('/', '.')
      return `${place === '' ? (thrown.validationContext ?? 'request') : place} ${message ?? ''}`
    })
    const field = fieldOf(thrown.validation[0])
    return new GatewayError('invalid_parameter_value', problems.join('; '), {
      ...(field !== undefined && { field }),
    })
  }
  if (thrown.statusCode === 413) {
    return new GatewayError('program_limit', `a request holds at most ${BODY_BYTES_MAX} bytes`)
  }
  if (thrown.statusCode !== undefined && thrown.statusCode < 500) {
    return new GatewayError('protocol_violation', thrown.message)
  }
  return toGatewayError(thrown)
}

/** The member that is wrong, missing, or one too many. */
function fieldOf(
  problem: NonNullable<FastifyError['validation']>[number] | undefined,
): string | undefined {
  if (!problem) return undefined
  const { missingProperty, additionalProperty } = problem.params
  const parts = problem.instancePath.slice(1).split('/')
  const field = [...parts, missingProperty, additionalProperty]
    .filter((part): part is string => typeof part === 'string' && part !== '')
    .join('.')
  return field === '' ? undefined : field
}
