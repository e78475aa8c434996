/**
 * The seam for catalogue relations (`pg_catalog`, `information_schema`, `sqream_catalog`).
 *
 * Whoever implements it answers for what they show: a replacement is trusted and not walked, so it
 * must hold only what `reader` may see. Without it these names do not exist.
 */
import type { CatalogSnapshot } from '../catalog/catalog-snapshot.ts'
import type { Authority } from '../identity/authority.ts'
import type { JsonObject } from './engine-json.ts'

export interface SystemRelations {
  /**
   * A table reference of the engine's syntax tree (BASE_TABLE with a full name, or SUBQUERY) that
   * stands for the relation; undefined when `parts` (one to three, as written) names none. The gate
   * gives it the alias of the reference it replaces. Asked before tables of the same name.
   */
  replacementFor(parts: readonly string[], reader: SystemReader): JsonObject | undefined
  /** Whether replacements may read this table of the engine, all columns. */
  owns(database: string, schema: string, table: string): boolean
}

export interface SystemReader {
  readonly authority: Authority
  readonly catalog: CatalogSnapshot
  readonly database: string
  readonly searchPath: readonly string[]
}
