/**
 * The BLUE door: gRPC over TLS, as the BLUE connectors speak it.
 *
 * The sockets are ours, so that strangers are bounded and a renewed certificate is shown to the next
 * connection; what comes over them is gRPC's.
 */
import { createServer } from 'node:tls'
import type { SecureContextOptions } from 'node:tls'
import type { Socket } from 'node:net'
import { Server, ServerCredentials } from '@grpc/grpc-js'
import { followCertificate, TLS_OPTIONS } from '../follow-certificate.ts'
import { listenOn } from '../listen-on.ts'
import { peerAddress } from '../peer-address.ts'
import { authenticationCalls } from './authentication-calls.ts'
import { BlueConnections } from './blue-connections.ts'
import { answering } from './blue-calls.ts'
import { BLUE_LIMITS } from './blue-limits.ts'
import type { BlueLimits } from './blue-limits.ts'
import { BlueLogins } from './blue-logins.ts'
import type { BluePorts } from './blue-ports.ts'
import { AUTHENTICATION_SERVICE, QUERY_SERVICE } from './blue-services.ts'
import { queryCalls } from './query-calls.ts'
import { reapSessions } from './reap-sessions.ts'

export interface BlueDoorOptions {
  readonly host: string
  /** 0 = any free port. */
  readonly port: number
  /** The certificate in force; a new object when it was renewed. */
  readonly tls: () => SecureContextOptions
  readonly limits?: Partial<BlueLimits>
  readonly ports: BluePorts
}

export interface BlueDoor {
  readonly port: number
  /** Takes nobody in any more. Sessions go on, until those who watch over all of them end them. */
  stopTaking(): void
  /** Closes all connections. */
  close(): void
}

/** Messages are about a megabyte; a window that holds some of them keeps a slow line busy. */
const WINDOW_BYTES = 8 * 1024 * 1024
/** Of one connection: a client has one for each of its cursors. */
const STREAMS_MAX = 32
const CONNECTIONS_MAX = 10_000

/** @throws Error of the system when the address cannot be listened on. */
export async function listenBlue(options: BlueDoorOptions): Promise<BlueDoor> {
  const limits = { ...BLUE_LIMITS, ...options.limits }
  let stopping = false
  const parts = {
    ports: options.ports,
    connections: new BlueConnections(limits),
    logins: new BlueLogins(),
    isStopping: () => stopping,
  }
  const grpc = new Server({
    'grpc.max_receive_message_length': limits.messageBytesMax,
    'grpc.max_concurrent_streams': STREAMS_MAX,
    'grpc-node.flow_control_window': WINDOW_BYTES,
    'grpc.enable_channelz': 0,
  })
  const { log } = options.ports
  grpc.addService(AUTHENTICATION_SERVICE, handlers(authenticationCalls(parts), log))
  grpc.addService(QUERY_SERVICE, handlers(queryCalls(parts), log))
  const injector = grpc.createConnectionInjector(ServerCredentials.createInsecure())

  const shown = options.tls()
  const server = createServer({
    ...TLS_OPTIONS,
    ...shown,
    ALPNProtocols: ['h2'],
    handshakeTimeout: limits.loginMs,
  })
  server.maxConnections = CONNECTIONS_MAX
  followCertificate(server, shown, options.tls)
  server.prependListener('connection', (socket: Socket) => parts.connections.admit(socket))
  server.on('secureConnection', (socket) => {
    socket.on('error', () => undefined) // `close` follows, and that is what we act on
    parts.connections.add(socket, socket.getProtocol() ?? undefined)
    injector.injectConnection(socket)
  })
  server.on('tlsClientError', (error, socket) => {
    const address = peerAddress(socket.remoteAddress)
    log.info({ error: error.message, address }, 'TLS failed')
  })
  const port = await listenOn(server, options)
  const stopReaping = reapSessions(parts.logins, limits)
  function stopTaking(): void {
    stopping = true
    server.close()
  }

  return {
    port,
    stopTaking,
    close() {
      stopTaking()
      stopReaping()
      grpc.forceShutdown()
      parts.connections.close()
    },
  }
}

type Calls = ReturnType<typeof authenticationCalls> | ReturnType<typeof queryCalls>

function handlers(calls: Calls, log: BluePorts['log']) {
  return Object.fromEntries(
    Object.entries(calls).map(([name, answer]) => [name, answering(answer as never, log)]),
  )
}
