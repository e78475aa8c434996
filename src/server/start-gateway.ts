/**
 * The composition root: builds each part once, in the order in which they need each other, and
 * stops them in the reverse order. A start that fails half-way stops what it started.
 */
import { GatewayError } from '../base/gateway-error.ts'
import type { Log } from '../base/log.ts'
import type { EngineLayer } from '../engine/layers.ts'
import { openExecution } from '../execution/open-execution.ts'
import { createGate } from '../gate/authorize.ts'
import { postgresCatalogue } from '../gate/postgres-catalogue/postgres-catalogue.ts'
import type { Identity } from '../identity/identity.ts'
import { openLoads } from '../loads/open-loads.ts'
import { UploadStore } from '../loads/upload-store.ts'
import { listenControlSocket } from '../protocol/http/listen-control-socket.ts'
import { describeNewLink } from '../protocol/http/one-time-url.ts'
import { isNoRoom } from '../storage/audit/audit-failure.ts'
import type { Config } from './config/config-keys.ts'
import { dataLayout } from './data-layout.ts'
import { listenForBrowsers } from './listen-for-browsers.ts'
import { listenForDrivers } from './listen-for-drivers.ts'
import type { Doors } from './listen-for-drivers.ts'
import { openEngine } from './open-engine.ts'
import { prepareOperations } from './open-operations.ts'
import { openServerTls } from './open-server-tls.ts'
import { openStores } from './open-stores.ts'
import type { LoadProgress } from './sample-data.ts'
import { recordEndedTokens } from './record-ended-tokens.ts'
import { StartedParts } from './started-parts.ts'

/** What uploads leave of the disk: tables, metadata and audit need some. */
const FREE_BYTES_MIN = 512 * 1024 ** 2

export interface Gateway {
  /** Open doors, with a host name that the certificate holds. */
  readonly doors: Doors
  /** Where the first user is made, once; undefined when there are users. A secret. */
  readonly setupUrl: string | undefined
  readonly caFile: string | undefined
  /** What is around the engine, and what this system does not offer. */
  readonly engineLayers: readonly EngineLayer[]
  /** SHA-256 of the CA's certificate. */
  readonly fingerprint: string
  /** Takes nobody in, gives running statements the grace time, then ends them and closes all. */
  stop(): Promise<void>
}

export interface StartOptions {
  readonly version: string
  readonly log: Log
  readonly onLoadProgress: LoadProgress
}

/**
 * @param signal Aborted: what was started is stopped, and the error is the signal's reason.
 * @throws GatewayError that says what to do; nothing is left running.
 */
export async function startGateway(
  config: Config,
  options: StartOptions,
  signal: AbortSignal,
): Promise<Gateway> {
  const parts = new StartedParts(options.log)
  try {
    return await start(config, options, signal, parts)
  } catch (error) {
    await parts.stop() // a half-started gateway must not keep a port or a lock
    throw isNoRoom(error) ? noRoomToStart(config.dataDir, error) : error
  }
}

function noRoomToStart(dataDir: string, cause: unknown): GatewayError {
  return new GatewayError('disk_full', `there is no room to start on the disk of ${dataDir}`, {
    hint: 'Make room on it, and start again.',
    cause,
  })
}

async function start(
  config: Config,
  { version, log, onLoadProgress }: StartOptions,
  signal: AbortSignal,
  parts: StartedParts,
): Promise<Gateway> {
  const startedAt = new Date().toISOString()
  const layout = dataLayout(config.dataDir)
  const stores = await openStores(config, layout, log, parts)
  const { identity } = stores
  const tls = await openServerTls(config, layout.tlsDir, log)
  parts.add('certificates', () => tls.stop())
  const operationsParts = { version, startedAt, config, layout, stores, tls, log }
  const prepared = prepareOperations(operationsParts, parts)
  const { audit } = prepared
  parts.add('record of ended tokens', recordEndedTokens(identity, audit, log))
  const uploads = await UploadStore.open(layout.uploadsDir, {
    bytesMax: config['load.sizeMax'],
    freeBytesMin: FREE_BYTES_MIN,
  })
  const engineRequest = { config, layout, identity, log, onLoadProgress }
  const { engine, catalog } = await openEngine(engineRequest, signal, parts)
  signal.throwIfAborted()

  const gate = createGate({
    systemRelations: postgresCatalogue({ version, roles: identity }),
    uploadsDirectory: uploads.directory,
    alert: ({ what, roleId }) => log.error({ what, roleId }, 'an attack, or a flaw of the gate'),
  })
  const execution = openExecution(
    { version, engine, identity, gate, catalog, audit, log },
    { sessionsMax: config['limits.sessionsMax'], engineWorkers: config['engine.workers'] },
  )
  const { sessions } = execution
  const loads = openLoads({ execution, uploads, openMax: config['load.openMax'], log })
  parts.add('loads', () => loads.stop())

  const drivers = await listenForDrivers({ version, config, tls, identity, audit, execution, log })
  parts.add('doors of drivers', () => drivers.close(0))
  let { doors } = drivers
  const { caFile, fingerprint } = tls
  const status = () => ({
    version,
    startedAt,
    processId: process.pid,
    doors,
    caFile,
    sessions: sessions.sessions.length,
    engineGeneration: engine.generation,
    engineLayers: engine.layers,
  })
  let phase: 'starting' | 'serving' | 'stopping' = 'starting'
  const operations = prepared.open({
    engine,
    gate,
    sessions,
    poolLoad: () => execution.poolLoad(),
    phase: () => phase,
  })
  const apiParts = { identity, audit, catalog, execution, loads, status, operations, log }
  const browsers = await listenForBrowsers(config, tls, apiParts)
  parts.add('door of browsers', () => browsers.close(0))
  doors = { ...doors, ...browsers.doors }
  const setupUrl = await makeSetupUrl(identity, doors)
  const control = await listenControlSocket(config.dataDir, apiParts)
  phase = 'serving'
  parts.add('sessions of all doors', async () => {
    phase = 'stopping'
    const grace = config['shutdown.grace']
    const reason = new GatewayError('admin_shutdown', 'the gateway is shutting down')
    await Promise.all([
      drivers.close(grace),
      browsers.close(grace),
      control.stop(),
      sessions.endAll(grace, reason),
    ])
  })

  const { layers } = engine
  return { doors, setupUrl, caFile, fingerprint, engineLayers: layers, stop: () => parts.stop() }
}

/** Each start makes another one, while there is no user. */
async function makeSetupUrl(identity: Identity, doors: Doors): Promise<string | undefined> {
  const link = await identity.makeSetupLink()
  return link && describeNewLink(link, doors).url
}
