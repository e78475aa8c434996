/**
 * Joins without a condition lose their brackets in print: the engine writes `a CROSS JOIN b` as `a , b`,
 * so `a CROSS JOIN b LEFT JOIN c ON …` would become `a , b LEFT JOIN c ON …`, which is another
 * statement. A condition that is always true keeps the tree as it is.
 */
import { NO_LOCATION } from './engine-json.ts'
import type { JsonObject } from './engine-json.ts'
import { castNode, nodeOf, textConstant } from './tree-node.ts'

/** Gives a CROSS JOIN inside of a join or PIVOT `ON true`, in place; a list `a, b, c` stays one. */
export function makePrintable(outer: JsonObject): void {
  const left = isCross(outer) ? [] : [nodeOf(outer, 'left')]
  for (const side of [nodeOf(outer, 'source'), nodeOf(outer, 'right'), ...left].filter(isCross)) {
    side['ref_type'] = 'REGULAR'
    side['condition'] = castNode(textConstant('t', { query_location: NO_LOCATION }), {
      id: 'BOOLEAN',
      type_info: null,
    })
  }
}

function isCross(node: JsonObject | undefined): node is JsonObject {
  return node?.['type'] === 'JOIN' && node['ref_type'] === 'CROSS'
}
