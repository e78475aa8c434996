/** The doors that drivers come through, on the configured address. */
import { hostname } from 'node:os'
import type { AuditLog } from '../audit/audit-log.ts'
import { GatewayError } from '../base/gateway-error.ts'
import type { Log } from '../base/log.ts'
import type { Execution } from '../execution/open-execution.ts'
import type { Identity } from '../identity/identity.ts'
import { listenBlue } from '../protocol/blue/listen-blue.ts'
import type { BlueDoor } from '../protocol/blue/listen-blue.ts'
import { listenPgWire } from '../protocol/pgwire/listen-pgwire.ts'
import type { ServerTls } from './certificates/server-tls.ts'
import type { Config } from './config/config-keys.ts'
import { isLoopback } from './config/parse-config.ts'
import { pgWireLimitsOf } from './pgwire-limits-of.ts'
import { recordRefusedLogin } from './record-refused-login.ts'

export type Doors = Readonly<Record<string, { readonly host: string; readonly port: number }>>

export interface DoorRequest {
  readonly version: string
  readonly config: Config
  readonly tls: ServerTls
  readonly identity: Identity
  readonly audit: AuditLog
  readonly execution: Execution
  readonly log: Log
}

export interface OpenDoors {
  readonly doors: Doors
  /** Takes nobody in, gives busy sessions `graceMs`, then ends them. A second call does nothing. */
  close(graceMs: number): Promise<void>
}

/** @throws GatewayError `object_in_use` when an address cannot be had. */
export async function listenForDrivers(request: DoorRequest): Promise<OpenDoors> {
  const { config, tls, identity, audit, execution, log } = request
  const port = config['pg.port']
  const pg = await listenPgWire({
    host: config.listen,
    port,
    tls: () => tls.certificate(),
    allowPlaintextOnLoopback: config['tls.allowPlaintextOnLoopback'],
    limits: pgWireLimitsOf(config),
    ports: {
      identity,
      openExecutor: (session) => execution.openExecutor(session),
      recordRefusal: (refusal) => recordRefusedLogin(audit, refusal),
      log,
    },
  }).catch((cause: unknown) => {
    throw cannotListen('pg.port', config.listen, port, cause)
  })
  const grpc = await listenForBlue(request).catch(async (thrown: unknown) => {
    await pg.close(0)
    throw thrown
  })
  const host = shownHost(config)
  return {
    doors: { pg: { host, port: pg.port }, grpc: { host, port: grpc.port } },
    // sessions of the gRPC door are ended with all others: they are tied to no connection
    close: async (graceMs) => {
      grpc.stopTaking()
      await pg.close(graceMs)
      if (graceMs === 0) grpc.close()
    },
  }
}

async function listenForBlue(request: DoorRequest): Promise<BlueDoor> {
  const { version, config, tls, identity, audit, execution, log } = request
  const port = config['grpc.port']
  return await listenBlue({
    host: config.listen,
    port,
    tls: () => tls.certificate(),
    limits: {
      loginMs: config['limits.loginTime'],
      unauthenticatedMax: config['limits.unauthenticatedMax'],
      unauthenticatedPerAddressMax: config['limits.unauthenticatedPerAddressMax'],
      messageBytesMax: config['limits.messageSizeMax'],
      sessionIdleMs: config['grpc.sessionIdleTime'],
      sessionLostMs: config['grpc.sessionLostTime'],
    },
    ports: {
      version,
      identity,
      openParallel: (session) => execution.openParallel(session),
      recordRefusal: (refusal) => recordRefusedLogin(audit, refusal),
      log,
    },
  }).catch((cause: unknown) => {
    throw cannotListen('grpc.port', config.listen, port, cause)
  })
}

/** A name rather than an address: libpq before 15 verifies addresses as if they were names. */
export function shownHost(config: Config): string {
  const { listen } = config
  if (isLoopback(listen)) return 'localhost'
  return listen === '0.0.0.0' || listen === '::' ? (config['tls.names'][0] ?? hostname()) : listen
}

export function cannotListen(
  setting: string,
  address: string,
  port: number,
  cause: unknown,
): GatewayError {
  const { code, message } = cause as NodeJS.ErrnoException
  const reason = code === 'EADDRINUSE' ? 'another program has it' : message
  return new GatewayError('object_in_use', `cannot listen on ${address}, port ${port}: ${reason}`, {
    hint: `Choose another ${setting} (0 = any free one), or end the other program.`,
    cause,
  })
}
