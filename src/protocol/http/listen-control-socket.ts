/**
 * The API for the local administrator, on a Unix socket in the data directory.
 *
 * Who may open the socket is the local administrator: its mode is 0600 and that of the directory
 * 0700. There is no other proof, and none is asked for.
 */
import { chmod, rm } from 'node:fs/promises'
import fastify from 'fastify'
import type { FastifyError, FastifyInstance } from 'fastify'
import { GatewayError, toGatewayError } from '../../base/gateway-error.ts'
import { reachableSocketPath } from '../../base/control-socket-path.ts'
import type { ControlParts } from './control-parts.ts'
import { PROBLEM_TYPE, toProblem } from './problem.ts'
import { auditRoutes } from './routes/audit-routes.ts'
import { clientRoutes } from './routes/client-routes.ts'
import { roleRoutes } from './routes/role-routes.ts'
import { sqlRoutes } from './routes/sql-routes.ts'
import { tokenRoutes } from './routes/token-routes.ts'

const BODY_BYTES_MAX = 16 * 1024 ** 2
const SOCKET_MODE = 0o600

export interface ControlSocket {
  /** Takes no new requests, and waits for the running ones. */
  stop(): Promise<void>
}

/** The caller holds the data directory's lock: a socket that is there is left over. */
export async function listenControlSocket(
  dataDir: string,
  parts: ControlParts,
): Promise<ControlSocket> {
  const app = buildControlApp(parts)
  const socket = reachableSocketPath(dataDir)
  await rm(socket, { force: true })
  await app.listen({ path: socket })
  await chmod(socket, SOCKET_MODE)
  return { stop: () => app.close() }
}

/** The routes alone, for tests without a socket. */
export function buildControlApp(parts: ControlParts): FastifyInstance {
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

  app.get('/api/v1/status', () => parts.status())
  roleRoutes(app, parts)
  clientRoutes(app, parts)
  tokenRoutes(app, parts)
  auditRoutes(app, parts)
  sqlRoutes(app, parts)
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
