/**
 * Real tables to begin with: copied to `<data>/samples` and loaded into `master.public` once.
 *
 * Source: the npm package vega-datasets, whose readme names the origin and licence of each file.
 * A marker in the samples directory says that it was done: a sample table that somebody drops stays
 * dropped. Before that, a start that was killed is taken up again, table by table.
 */
import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { access, copyFile, mkdir, open, rename } from 'node:fs/promises'
import path from 'node:path'
import type { CatalogSnapshot } from '../catalog/catalog-snapshot.ts'
import type { Engine } from '../engine/engine.ts'
import { flushDirectory } from '../storage/flush-directory.ts'
import { writeDurably } from './write-durably.ts'

const DATABASE = 'master'
const SCHEMA = 'public'

const SAMPLES = [
  { table: 'flights', file: 'flights-3m.parquet', format: 'parquet' },
  { table: 'airports', file: 'airports.csv', format: 'csv' },
  { table: 'seattle_weather', file: 'seattle-weather.csv', format: 'csv' },
] as const

const MARKER = '.loaded'

/** Told before and after each table, for a person who waits. */
export type LoadProgress = (event: {
  readonly table: string
  /** Undefined: the load begins. */
  readonly rows?: number
  readonly seconds?: number
}) => void

/**
 * Copies the files, each whole or not at all. For before the engine starts, which is then allowed
 * to read the directory.
 */
export async function copySampleFiles(samplesDir: string): Promise<void> {
  await mkdir(samplesDir, { recursive: true, mode: 0o700 })
  const source = new URL('../data/', import.meta.resolve('vega-datasets'))
  for (const { file } of SAMPLES) {
    const target = path.join(samplesDir, file)
    if (await exists(target)) continue
    await copyFile(new URL(file, source), `${target}.new`, constants.COPYFILE_FICLONE)
    const handle = await open(`${target}.new`, 'r+')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(`${target}.new`, target)
  }
  await flushDirectory(samplesDir)
}

export async function areSamplesLoaded(samplesDir: string): Promise<boolean> {
  return await exists(path.join(samplesDir, MARKER))
}

/** Loads what is not there yet. @throws GatewayError as `loadFile`; tables before it stay. */
export async function loadSampleTables(
  parts: {
    readonly samplesDir: string
    readonly engine: Pick<Engine, 'loadFile'>
    readonly catalog: CatalogSnapshot
    readonly onProgress: LoadProgress
  },
  signal: AbortSignal,
): Promise<void> {
  const { samplesDir, engine, catalog, onProgress } = parts
  for (const { table, file, format } of SAMPLES) {
    if (catalog.table(DATABASE, SCHEMA, table)) continue
    onProgress({ table })
    const started = Date.now()
    const request = {
      database: DATABASE,
      schema: SCHEMA,
      table,
      tableId: randomUUID(),
      path: path.join(samplesDir, file),
      format,
    }
    const { rows } = await engine.loadFile(request, signal)
    onProgress({ table, rows, seconds: (Date.now() - started) / 1000 })
  }
  await writeDurably(path.join(samplesDir, MARKER), '', 0o600)
}

async function exists(file: string): Promise<boolean> {
  return await access(file).then(
    () => true,
    () => false,
  )
}
