/**
 * The PostgreSQL door: listens, lets clients in one by one, and sees them out at the end.
 *
 * It obeys the PostgreSQL frontend/backend protocol, version 3.0.
 */
import { createServer } from 'node:net'
import type { Socket } from 'node:net'
import type { SecureContextOptions } from 'node:tls'
import { GatewayError } from '../../base/gateway-error.ts'
import { ByteWriter } from '../../base/byte-writer.ts'
import { Antechamber } from '../antechamber.ts'
import { listenOn } from '../listen-on.ts'
import { peerAddress } from '../peer-address.ts'
import { CancelRegistry } from './cancel-registry.ts'
import { writeErrorResponse } from './codec/error-response.ts'
import { Connection } from './connection.ts'
import type { ConnectionOptions } from './connection.ts'
import { PGWIRE_LIMITS } from './pgwire-limits.ts'
import type { PgWireLimits } from './pgwire-limits.ts'
import type { PgWirePorts } from './pgwire-ports.ts'
import { responseFields } from './response-fields.ts'
import { secureContexts } from './upgrade-to-tls.ts'

export interface PgWireOptions {
  readonly host: string
  /** 0 = any free port. */
  readonly port: number
  /** The certificate in force; a new object when it was renewed. */
  readonly tls: () => SecureContextOptions
  /** Lets clients on this machine send their token without TLS. */
  readonly allowPlaintextOnLoopback?: boolean
  /** Settings that every session starts with, such as `statement_timeout`. */
  readonly settingDefaults?: Readonly<Record<string, string>>
  readonly limits?: Partial<PgWireLimits>
  readonly ports: PgWirePorts
}

export interface PgWireDoor {
  readonly port: number
  /** Takes nobody in any more, gives busy sessions `graceMs` to finish, then ends them (57P01). */
  close(graceMs: number): Promise<void>
}

/** @throws Error of the system when the address cannot be listened on. */
export async function listenPgWire(options: PgWireOptions): Promise<PgWireDoor> {
  const limits = { ...PGWIRE_LIMITS, ...options.limits }
  const antechamber = new Antechamber(
    limits.unauthenticatedMax,
    limits.unauthenticatedPerAddressMax,
  )
  const connectionOptions: ConnectionOptions = {
    ports: options.ports,
    settingDefaults: options.settingDefaults ?? {},
    secureContext: secureContexts(options.tls),
    allowPlaintextOnLoopback: options.allowPlaintextOnLoopback ?? false,
    limits,
    cancelKeys: new CancelRegistry(),
  }
  const connections = new Map<Connection, Promise<void>>()

  const server = createServer({ pauseOnConnect: true }, (socket) => {
    const leave = antechamber.enter(peerAddress(socket.remoteAddress))
    if (!leave) return turnAway(socket)
    const connection = new Connection(socket, connectionOptions)
    const served = connection.serve(leave).finally(() => {
      leave()
      connections.delete(connection)
    })
    connections.set(connection, served)
  })

  const port = await listenOn(server, options)

  async function close(graceMs: number): Promise<void> {
    server.close()
    const deadline = Date.now() + graceMs
    for (;;) {
      const timeIsUp = Date.now() >= deadline
      for (const connection of connections.keys()) {
        if (connection.idle || timeIsUp) connection.end(shuttingDown())
      }
      if (timeIsUp || connections.size === 0) break
      await new Promise((resolve) => setTimeout(resolve, POLL_MS))
    }
    await Promise.all(connections.values())
  }

  return { port, close }
}

/** Between looks at which sessions have become idle. */
const POLL_MS = 20

/** How long one who is turned away may take to read why. */
const TURN_AWAY_MS = 500

/** Too many strangers: this one is told in plain text, which drivers expect even before TLS. */
function turnAway(socket: Socket): void {
  const error = new GatewayError('too_many_connections', 'too many connections are logging in', {
    hint: 'Try again in a moment.',
    safeToRetry: true,
  })
  const out = new ByteWriter(512)
  writeErrorResponse(out, responseFields(error, 'FATAL'))
  socket.on('error', () => undefined)
  socket.resume() // what it sent is thrown away: unread, it would make the system drop our answer
  socket.end(out.take())
  setTimeout(() => socket.destroy(), TURN_AWAY_MS).unref()
}

function shuttingDown(): GatewayError {
  return new GatewayError('admin_shutdown', 'terminating connection due to administrator command')
}
