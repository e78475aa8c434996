/** What exists for one session outside of a transaction with definitions of its own. */
import { buildSnapshot } from '../catalog/build-snapshot.ts'
import type { CatalogSnapshot } from '../catalog/catalog-snapshot.ts'
import type { Catalog } from '../catalog/open-catalog.ts'
import type { Engine, EngineSession, Introspection } from '../engine/engine.ts'

export interface SeenDefinitions {
  readonly catalog: CatalogSnapshot
  /** What sees the same. */
  readonly introspection: Introspection
}

interface Read {
  readonly temporaries: number
  readonly catalogVersion: number
  readonly catalog: CatalogSnapshot
}

export class SessionDefinitions {
  readonly #committed: Catalog
  readonly #engine: Pick<Engine, 'catalogVersion' | 'introspection'>
  readonly #session: Pick<EngineSession, 'temporaries' | 'readDefinitions' | 'introspection'>
  /** With the session's temporary tables, as they were last. */
  #read: Read | undefined

  constructor(
    { catalog, engine }: { readonly catalog: Catalog; readonly engine: Engine },
    session: Pick<EngineSession, 'temporaries' | 'readDefinitions' | 'introspection'>,
  ) {
    this.#committed = catalog
    this.#engine = engine
    this.#session = session
  }

  /** The committed definitions, and the session's temporary tables. */
  async current(): Promise<SeenDefinitions> {
    if (this.#session.temporaries === 0) {
      const catalog = await this.#committed.current()
      return { catalog, introspection: this.#engine.introspection }
    }
    return { catalog: await this.#withTemporaries(), introspection: this.#session.introspection }
  }

  async #withTemporaries(): Promise<CatalogSnapshot> {
    const { temporaries } = this.#session
    const { catalogVersion } = this.#engine
    const known = this.#read
    if (known?.temporaries === temporaries && known.catalogVersion === catalogVersion) {
      return known.catalog
    }
    const catalog = buildSnapshot(await this.#session.readDefinitions())
    // one that was defined meanwhile makes it stale at once: then it is read again
    this.#read = { temporaries, catalogVersion, catalog }
    return catalog
  }
}
