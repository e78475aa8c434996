/**
 * Stubs: tables without rows that stand for views while a plan is made.
 *
 * The engine puts the query of a view in the place of its name, so a plan shows what the view reads
 * and not what is read of the view. Over a stub of the same columns it shows just that. What runs
 * has the view (security design, section 3.7).
 */
import type { TableEntry } from '../catalog/catalog-snapshot.ts'
import type { StubTable } from '../engine/engine.ts'
import { isObject } from './engine-json.ts'
import type { Json, JsonObject } from './engine-json.ts'
import { textOf } from './tree-node.ts'

export function stubOf(view: TableEntry): StubTable {
  return { name: stubName(view), columns: view.columns }
}

const STUB = 'stub '

/** In `temp.main`; a temporary table of a client cannot have such a name (`new-name.ts`). */
export function stubName({ id }: TableEntry): string {
  return `${STUB}${id}`
}

export function isStubName(name: string): boolean {
  return name.toLowerCase().startsWith(STUB)
}

/** A copy of `tree` in which the nodes that name views name their stubs; itself where none does. */
export function withStubs(
  tree: JsonObject,
  views: ReadonlyMap<JsonObject, TableEntry>,
): JsonObject {
  return views.size === 0 ? tree : (copied(tree, views) as JsonObject)
}

function copied(value: Json, views: ReadonlyMap<JsonObject, TableEntry>): Json {
  if (Array.isArray(value)) return value.map((item) => copied(item, views))
  if (!isObject(value)) return value
  const view = views.get(value)
  if (view) return stubNode(value, view)
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name, copied(part, views)]),
  )
}

function stubNode(node: JsonObject, view: TableEntry): JsonObject {
  return {
    ...node,
    catalog_name: 'temp',
    schema_name: 'main',
    table_name: stubName(view),
    alias: textOf(node, 'alias') || view.name,
  }
}
