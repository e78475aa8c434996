/**
 * The gateway's view of what exists: the engine's committed definitions, read again whenever the
 * engine's version has moved.
 */
import type { Engine } from '../engine/engine.ts'
import { buildSnapshot } from './build-snapshot.ts'
import type { CatalogSnapshot } from './catalog-snapshot.ts'

export interface Catalog {
  /** The committed definitions, no older than the engine's version at the time of the call. */
  current(): Promise<CatalogSnapshot>
}

export function openCatalog(engine: Pick<Engine, 'catalogVersion' | 'readDefinitions'>): Catalog {
  let snapshot: CatalogSnapshot | undefined
  let reading: Promise<CatalogSnapshot> | undefined

  /** Callers that come while a reading is under way share it only if it began at their version. */
  async function read(): Promise<CatalogSnapshot> {
    const wanted = engine.catalogVersion
    for (;;) {
      reading ??= engine
        .readDefinitions()
        .then((definitions) => (snapshot = buildSnapshot(definitions)))
        .finally(() => (reading = undefined))
      const found = await reading
      if (found.version >= wanted) return found
    }
  }

  return {
    current: async () => (snapshot?.version === engine.catalogVersion ? snapshot : await read()),
  }
}
