/** The engine, brought in line with the metadata, and at the first start filled with samples. */
import { realpathSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { present } from '../base/assert.ts'
import type { Log } from '../base/log.ts'
import type { CatalogSnapshot } from '../catalog/catalog-snapshot.ts'
import { openCatalog } from '../catalog/open-catalog.ts'
import type { Catalog } from '../catalog/open-catalog.ts'
import { startEngine } from '../engine/client/start-engine.ts'
import type { Engine } from '../engine/engine.ts'
import { locationKey } from '../identity/object-key.ts'
import type { OpenIdentity } from '../identity/open-identity.ts'
import type { Config } from './config/config-keys.ts'
import type { DataLayout } from './data-layout.ts'
import { checkAttachedNames, realAttached } from './config/attached-databases.ts'
import { SAMPLES_LOCATION, realLocations } from './config/locations.ts'
import { engineLimits } from './engine-limits.ts'
import { areSamplesLoaded, copySampleFiles, loadSampleTables } from './sample-data.ts'
import type { LoadProgress } from './sample-data.ts'
import type { StartedParts } from './started-parts.ts'

export interface EngineRequest {
  readonly config: Config
  readonly layout: DataLayout
  readonly identity: OpenIdentity
  readonly log: Log
  readonly onLoadProgress: LoadProgress
}

/** @throws GatewayError when the engine does not start, or the signal's reason. */
export async function openEngine(
  { config, layout, identity, log, onLoadProgress }: EngineRequest,
  signal: AbortSignal,
  parts: StartedParts,
): Promise<{ engine: Engine; catalog: Catalog }> {
  const { samplesDir } = layout
  await mkdir(samplesDir, { recursive: true, mode: 0o700 })
  const wantsSamples = config.sampleData && !(await areSamplesLoaded(samplesDir))
  if (wantsSamples) await copySampleFiles(samplesDir)
  signal.throwIfAborted()
  const engine = await startEngine({
    dataDirectory: layout.engineDir,
    tempDirectory: layout.engineTempDir,
    allowedDirectories: [samplesDir, layout.uploadsDir],
    locations: [
      { name: SAMPLES_LOCATION, directory: realpathSync(samplesDir) },
      ...realLocations(config),
    ],
    attached: realAttached(config),
    limits: engineLimits(config),
    fence: {
      layersRequired: config['engine.layersRequired'],
      layersOff: config['engine.layersOff'],
      fileBytesMax: config['engine.fileSizeMax'],
    },
    log,
  })
  parts.add('engine', () => engine.stop())

  const catalog = openCatalog(engine)
  const found = await catalog.current()
  checkAttachedNames(found)
  await settleGrants(identity, found, config)
  if (wantsSamples) {
    const request = { samplesDir, engine, catalog: found, onProgress: onLoadProgress }
    await loadSampleTables(request, signal)
  }
  return { engine, catalog }
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
  const { databases, schemas, tables, sequences, functions, locations } = catalog
  const ids = [...databases, ...schemas, ...tables, ...sequences, ...functions].map(({ id }) => id)
  await identity.sweepGrants(new Set([...ids, ...locations.map(({ name }) => locationKey(name))]))
}
