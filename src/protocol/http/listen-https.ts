/**
 * The HTTPS door: the API for users and clients, and the console's files.
 *
 * Strangers get little: few connections, little time, short bodies. A renewed certificate is shown
 * to the next connection.
 */
import type { Server as HttpServer } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { SecureContextOptions } from 'node:tls'
import type { FastifyInstance } from 'fastify'
import { GatewayError } from '../../base/gateway-error.ts'
import type { ApiParts } from './api-parts.ts'
import { buildApi } from './build-api.ts'
import { challengeStrangers } from './challenge-strangers.ts'
import { consoleFiles } from './console-files.ts'
import { SECURITY_HEADERS, guardBrowsers } from './guard-browsers.ts'
import { PROBLEM_TYPE, toProblem } from './problem.ts'
import { callerProver, isActivity } from './prove-caller.ts'
import { followCertificate, TLS_OPTIONS } from '../follow-certificate.ts'
import { StrangerConnections } from '../stranger-connections.ts'
import type { StrangerLimits } from '../stranger-connections.ts'

/** Between requests; browsers open a new connection when they come back later. */
const KEEP_ALIVE_MS = 15_000
const HEADER_BYTES_MAX = 16 * 1024
const CONNECTIONS_MAX = 10_000

export interface HttpsOptions {
  readonly host: string
  /** 0 = any free port. */
  readonly port: number
  /** The certificate in force; a new object when it was renewed. */
  readonly tls: () => SecureContextOptions
  readonly limits: StrangerLimits
  /** Where the console's built files are; they may be missing. */
  readonly consoleDirectory: string
  readonly parts: ApiParts
}

export interface HttpsDoor {
  readonly port: number
  /** Takes no new requests, gives running ones `graceMs`, then ends them. */
  close(graceMs: number): Promise<void>
}

/** @throws Error of the system when the address cannot be listened on. */
export async function listenHttps(options: HttpsOptions): Promise<HttpsDoor> {
  const strangers = new StrangerConnections(options.limits)
  const app = buildApi(options.parts, callerProver(options.parts), {
    kind: 'http',
    options: {
      serverFactory: (handler) => secureServer(options, strangers).on('request', handler),
      clientErrorHandler: answerBadRequest,
    },
    guard: (guarded) => {
      guarded.addHook('onRequest', (request, _, done) => {
        strangers.startRequest(request.socket)
        done()
      })
      guardBrowsers(guarded)
      challengeStrangers(guarded)
    },
  })
  welcomeProven(app, options.parts, strangers)
  consoleFiles(app, options.consoleDirectory)
  await app.listen({ host: options.host, port: options.port })
  return {
    port: (app.server.address() as AddressInfo).port,
    close: (graceMs) => close(app, strangers, graceMs),
  }
}

function secureServer(options: HttpsOptions, strangers: StrangerConnections): HttpServer {
  const shown = options.tls()
  const server = createServer({
    ...TLS_OPTIONS,
    ...shown,
    ALPNProtocols: ['http/1.1'],
    handshakeTimeout: options.limits.loginMs,
    headersTimeout: options.limits.loginMs,
    requestTimeout: 0, // a stranger's time is bounded as a whole; who was proven may send for long
    keepAliveTimeout: KEEP_ALIVE_MS,
    maxHeaderSize: HEADER_BYTES_MAX,
  })
  server.maxConnections = CONNECTIONS_MAX
  followCertificate(server, shown, options.tls)
  server.prependListener('connection', (socket: Socket) => strangers.admit(socket))
  return server
}

/** Once a caller was proven: the connection is no stranger's, and a session at work is not idle. */
function welcomeProven(
  app: FastifyInstance,
  { identity }: Pick<ApiParts, 'identity'>,
  strangers: StrangerConnections,
): void {
  app.addHook('onRequest', (request, reply, done) => {
    if (request.caller) {
      strangers.welcome(request.socket)
      const { consoleSession } = request.caller
      if (consoleSession && isActivity(request)) {
        reply.raw.once('close', identity.holdConsoleSession(consoleSession.id))
      }
    }
    done()
  })
}

async function close(
  app: FastifyInstance,
  strangers: StrangerConnections,
  graceMs: number,
): Promise<void> {
  const timer = setTimeout(() => {
    app.server.closeAllConnections()
    strangers.destroyAll()
  }, graceMs)
  await app.close()
  clearTimeout(timer)
}

/** What is no HTTP at all, or too long, or too slow. */
function answerBadRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const problem = toProblem(
    new GatewayError('protocol_violation', 'this is no request that can be read'),
  )
  const body = JSON.stringify(problem)
  const headers = { ...SECURITY_HEADERS, 'content-type': PROBLEM_TYPE, connection: 'close' }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const length = `content-length: ${Buffer.byteLength(body)}\r\n`
  socket.end(`HTTP/1.1 400 Bad Request\r\n${lines.join('')}${length}\r\n${body}`)
}
