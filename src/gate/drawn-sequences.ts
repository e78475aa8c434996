/**
 * The sequences that one statement draws from, itself or through the defaults of the table that it
 * writes to. Each needs USAGE or, as in PostgreSQL, UPDATE.
 */
import type {
  CatalogSnapshot,
  ColumnEntry,
  SequenceEntry,
  TableEntry,
  OwnSequence,
} from '../catalog/catalog-snapshot.ts'
import { drawnByDefault } from '../catalog/drawn-by-default.ts'
import type { Authority } from '../identity/authority.ts'
import type { Requirement } from '../identity/permission.ts'
import { notSupported } from './refusals.ts'
import { needToDraw } from './requirements.ts'

export class DrawnSequences {
  readonly #drawn = new Set<SequenceEntry>()
  /** The engine binds every default of a write's target, whether it comes to that or not. */
  readonly #bound: OwnSequence[] = []

  add(sequence: SequenceEntry): void {
    this.#drawn.add(sequence)
  }

  /** Columns that a write may leave to their defaults. */
  addDefaultsOf(columns: readonly ColumnEntry[], catalog: CatalogSnapshot): void {
    for (const column of columns) {
      for (const sequence of drawnByDefault(column, catalog)) this.add(sequence)
    }
  }

  /** What the plan of a write to it shows. */
  bindsDefaultsOf({ columns }: TableEntry, catalog: CatalogSnapshot): void {
    for (const column of columns) {
      for (const sequence of drawnByDefault(column, catalog)) this.#bound.push(placeOf(sequence))
      if (column.identity) this.#bound.push(column.identity.sequence)
    }
  }

  get any(): boolean {
    return this.#drawn.size > 0
  }

  /** Whether the engine's plan may show it, by the engine's own spelling of its name. */
  has(database: string, schema: string, name: string): boolean {
    return [...[...this.#drawn].map(placeOf), ...this.#bound].some(
      (one) => one.name === name && one.schema === schema && one.database === database,
    )
  }

  requires(authority: Authority): Requirement[] {
    return [...this.#drawn].flatMap((sequence) => needToDraw(sequence, authority))
  }

  /** @throws GatewayError `feature_not_supported`: the engine knows no default across databases. */
  mustBeIn(database: string): void {
    if ([...this.#drawn].every(({ schema }) => schema.database.name === database)) return
    throw notSupported('a default from a sequence of another database')
  }
}

function placeOf({ schema, name }: SequenceEntry): OwnSequence {
  return { database: schema.database.name, schema: schema.name, name }
}
