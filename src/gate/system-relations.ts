/**
 * The seam for catalogue relations (`pg_catalog`, `information_schema`, `sqream_catalog`).
 *
 * Whoever implements it answers for what they show: a replacement is trusted and not walked, so it
 * must hold only what `reader` may see. Without it these names do not exist.
 */
import type { CatalogSnapshot } from '../catalog/catalog-snapshot.ts'
import type { Introspection } from '../engine/engine.ts'
import type { Authority } from '../identity/authority.ts'
import type { Principal } from '../identity/principal.ts'
import type { JsonObject } from './engine-json.ts'

export interface SystemRelations {
  /** For one statement; undefined when it names nothing of the catalogue. */
  open(
    text: string,
    reader: SystemReader,
    introspection: Introspection,
  ): Promise<SystemNames | undefined>
}

/** The catalogue as one statement may use it. */
export interface SystemNames {
  /**
   * The statement, with spellings that the engine's parser cannot read left out. As long as it was,
   * so that positions stay.
   */
  readonly text: string
  /**
   * A SUBQUERY of the engine's syntax tree that stands for the relation; undefined when `parts`
   * (one to three, as written) names none. The gate gives it the alias of the reference it replaces.
   * Asked before tables of the same name.
   */
  relation(parts: readonly string[]): JsonObject | undefined
  /**
   * An expression that stands for a call or cast whose parts were checked, and the name that
   * PostgreSQL gives such a result column; undefined for what is not the catalogue's.
   *
   * @param spelling the client's text from where the expression begins.
   */
  expression(node: JsonObject, spelling: string): SystemExpression | undefined
  /** The name that PostgreSQL gives a result column without one; undefined where it has its own. */
  columnName(item: JsonObject): string | undefined
  /** Whether a type may be named in a cast, because `expression` takes all such casts. */
  castsTo(type: JsonObject): boolean
  /**
   * Puts the rows into the statement's regenerated text, in the places that replacements hold open.
   * `personal`: they name the principal.
   */
  fill(text: string): { readonly text: string; readonly personal: boolean }
}

export interface SystemExpression {
  readonly node: JsonObject
  readonly name: string
}

export interface SystemReader {
  readonly authority: Authority
  readonly principal: Principal
  readonly catalog: CatalogSnapshot
  readonly database: string
  readonly searchPath: readonly string[]
}
