/** What is computed once, of nothing that is stored: no aggregate, no window, no `unnest`. */
import type { JsonObject } from './engine-json.ts'
import { nodesOf } from './tree-node.ts'

/** A plan of one row of expressions, and nothing beneath. */
export function givesOneRow(plan: JsonObject): boolean {
  const [row, other] = nodesOf(plan, 'children')
  return (
    plan['type'] === 'LOGICAL_PROJECTION' &&
    row?.['type'] === 'LOGICAL_DUMMY_SCAN' &&
    other === undefined &&
    nodesOf(row, 'children').length === 0
  )
}
