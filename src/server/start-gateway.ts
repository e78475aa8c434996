/**
 * The composition root: builds each part once, in the order in which they need each other, and
 * stops them in the reverse order. A start that fails half-way stops what it started.
 */
import { access, mkdir } from 'node:fs/promises'
import { hostname } from 'node:os'
import path from 'node:path'
import { present } from '../base/assert.ts'
import { GatewayError } from '../base/gateway-error.ts'
import type { Log } from '../base/log.ts'
import { openCatalog } from '../catalog/open-catalog.ts'
import type { CatalogSnapshot } from '../catalog/catalog-snapshot.ts'
import { startEngine } from '../engine/client/start-engine.ts'
import { openExecution } from '../execution/open-execution.ts'
import { createGate } from '../gate/create-gate.ts'
import { openIdentity } from '../identity/open-identity.ts'
import type { OpenIdentity } from '../identity/open-identity.ts'
import { listenControlSocket } from '../protocol/http/listen-control-socket.ts'
import { listenPgWire } from '../protocol/pgwire/listen-pgwire.ts'
import { openAuditLog } from '../storage/audit/open-audit-log.ts'
import { lockDataDirectory } from '../storage/data-directory-lock.ts'
import { openMetadata } from '../storage/open-metadata.ts'
import { openKeyRing } from '../storage/secrets/open-key-ring.ts'
import type { Config } from './config/config-keys.ts'
import { dataLayout } from './data-layout.ts'
import { engineLimits } from './engine-limits.ts'
import { openServerTls } from './open-server-tls.ts'
import { pgWireLimitsOf } from './pgwire-limits-of.ts'
import { recordRefusedLogin } from './record-refused-login.ts'
import { areSamplesLoaded, copySampleFiles, loadSampleTables } from './sample-data.ts'
import type { LoadProgress } from './sample-data.ts'
import { StartedParts } from './started-parts.ts'

/** The chain runs over years, so its key is made from the first root key for ever. */
const AUDIT_ROOT_KEY = 1
const DAY_MS = 86_400_000

export interface Gateway {
  /** Open doors, with a host name that the certificate holds. */
  readonly doors: Readonly<Record<string, { readonly host: string; readonly port: number }>>
  readonly caFile: string | undefined
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
    await parts.stop()
    throw error
  }
}

async function start(
  config: Config,
  { version, log, onLoadProgress }: StartOptions,
  signal: AbortSignal,
  parts: StartedParts,
): Promise<Gateway> {
  const startedAt = new Date()
  const layout = dataLayout(config.dataDir)
  const lock = await lockDataDirectory(config.dataDir)
  parts.add('lock', () => lock.release())

  const keys = await openKeyRing({
    directory: config.secretsDir,
    dataDirectory: config.dataDir,
    create: !(await exists(layout.metadataFile)),
  })
  const metadata = await openMetadata({ file: layout.metadataFile, log })
  parts.add('metadata', () => metadata.close())
  const audit = await openAuditLog({
    directory: layout.auditDir,
    key: keys.key('audit chain', AUDIT_ROOT_KEY),
    anchorFile: path.join(config.secretsDir, 'audit-anchor.json'), // not beside what it guards
    retentionDays: Math.ceil(config['audit.retention'] / DAY_MS),
    clock: Date.now,
    log,
  })
  parts.add('audit', () => audit.stop())
  const identity = await openIdentity({
    store: metadata.identityStore,
    secrets: keys,
    settings: { tokensShow: config['tokens.show'], tokenLifetime: tokenLifetime(config) },
    clock: Date.now,
    log,
  })
  parts.add('identity', () => identity.stop())
  const tls = await openServerTls(config, layout.tlsDir, log)
  parts.add('certificates', () => tls.stop())

  const wantsSamples = config.sampleData && !(await areSamplesLoaded(layout.samplesDir))
  await mkdir(layout.samplesDir, { recursive: true, mode: 0o700 })
  if (wantsSamples) await copySampleFiles(layout.samplesDir)
  signal.throwIfAborted()
  const engine = await startEngine({
    dataDirectory: layout.engineDir,
    tempDirectory: layout.engineTempDir,
    allowedDirectories: [layout.samplesDir],
    limits: engineLimits(config),
    log,
  })
  parts.add('engine', () => engine.stop())
  const catalog = openCatalog(engine)
  await settleGrants(identity, await catalog.current(), config)
  if (wantsSamples) {
    const { samplesDir } = layout
    const snapshot = await catalog.current()
    await loadSampleTables(
      { samplesDir, engine, catalog: snapshot, onProgress: onLoadProgress },
      signal,
    )
  }

  const gate = createGate()
  const execution = openExecution(
    { engine, identity, gate, catalog, audit, log },
    { sessionsMax: config['limits.sessionsMax'] },
  )
  const grace = config['shutdown.grace']
  const shuttingDown = new GatewayError('admin_shutdown', 'the gateway is shutting down')
  parts.add('sessions', () => execution.sessions.endAll(0, shuttingDown))

  signal.throwIfAborted()
  const pg = await listenPgWire({
    host: config.listen,
    port: config['pg.port'],
    tls: () => tls.certificate(),
    allowPlaintextOnLoopback: config['tls.allowPlaintextOnLoopback'],
    limits: pgWireLimitsOf(config),
    ports: {
      identity,
      openExecutor: (request) => execution.openExecutor(request),
      recordRefusal: (refusal) => recordRefusedLogin(audit, refusal),
      log,
    },
  }).catch((cause: unknown) => {
    throw cannotListen('pg.port', config, cause)
  })
  parts.add('PostgreSQL door', () => pg.close(grace))

  const doors = { pg: { host: shownHost(config), port: pg.port } }
  const control = await listenControlSocket(config.dataDir, {
    identity,
    audit,
    catalog,
    execution,
    status: () => ({
      version,
      startedAt: startedAt.toISOString(),
      processId: process.pid,
      doors,
      caFile: tls.caFile,
      sessions: execution.sessions.sessions.length,
      engineGeneration: engine.generation,
    }),
    log,
  })
  parts.add('control socket', () => control.stop())

  return { doors, caFile: tls.caFile, fingerprint: tls.fingerprint, stop: () => parts.stop() }
}

/** The first grants of all, and none left on objects that a crash took away (design, decision 15). */
async function settleGrants(
  identity: OpenIdentity,
  catalog: CatalogSnapshot,
  config: Config,
): Promise<void> {
  const schema = present(catalog.schema('master', 'public'), 'the engine makes master.public')
  await identity.bootstrap({
    databaseId: schema.database.id,
    schemaId: schema.id,
    publicCreate: config['permissions.publicCreate'],
  })
  const { databases, schemas, tables } = catalog
  await identity.sweepGrants(new Set([...databases, ...schemas, ...tables].map(({ id }) => id)))
}

function tokenLifetime(config: Config): { defaultMs?: number; maxMs?: number } {
  const { 'tokens.lifetimeDefault': defaultMs, 'tokens.lifetimeMax': maxMs } = config
  return { ...(defaultMs !== undefined && { defaultMs }), ...(maxMs !== undefined && { maxMs }) }
}

/**
 * A name before an address: drivers older than five years verify addresses as if they were names.
 */
function shownHost(config: Config): string {
  const isEverywhere = config.listen === '0.0.0.0' || config.listen === '::'
  if (isEverywhere) return config['tls.names'][0] ?? hostname()
  return config.listen === '127.0.0.1' || config.listen === '::1' ? 'localhost' : config.listen
}

function cannotListen(setting: string, config: Config, cause: unknown): GatewayError {
  const { code, message } = cause as NodeJS.ErrnoException
  const reason = code === 'EADDRINUSE' ? 'another program has it' : message
  return new GatewayError(
    'object_in_use',
    `cannot listen on ${config.listen}, port ${String(config['pg.port'])}: ${reason}`,
    {
      hint: `Choose another ${setting}, such as 0 for any free one, or end the other program.`,
      cause,
    },
  )
}

async function exists(file: string): Promise<boolean> {
  return await access(file).then(
    () => true,
    () => false,
  )
}
