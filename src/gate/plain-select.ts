/** Whether a query node is [WITH …] SELECT … [FROM …] [WHERE …] and has no other clause. */
import type { JsonObject } from './engine-json.ts'
import { nodeOf, nodesOf } from './tree-node.ts'

/** @param clauses which of the two must be there; otherwise they must not. */
export function plainSelect(
  query: JsonObject,
  clauses: { readonly where?: boolean; readonly ctes?: boolean } = {},
): boolean {
  const { where = false, ctes = false } = clauses
  const empty = ['modifiers', 'group_expressions', 'group_sets'].every(
    (name) => Array.isArray(query[name]) && query[name].length === 0,
  )
  const absent = ['having', 'sample', 'qualify'].every((name) => query[name] === null)
  const map = nodesOf(nodeOf(query, 'cte_map') ?? {}, 'map')
  return (
    query['type'] === 'SELECT_NODE' &&
    empty &&
    absent &&
    (query['where_clause'] !== null) === where &&
    map.length > 0 === ctes
  )
}
