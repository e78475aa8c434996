/**
 * Constants that the engine prints as something else: `1e5`, a double, as `100000.0`, which reads as
 * a decimal; `5.`, a decimal, as `5`, which reads as an integer. Arithmetic would change with them.
 */
import type { JsonObject } from './engine-json.ts'
import { castNode, nodeOf, replaceNode, textConstant, textOf } from './tree-node.ts'

/** Turns such a constant into a cast of its text, in place. @returns whether it was one. */
export function replaceInexactConstant(node: JsonObject): boolean {
  const value = nodeOf(node, 'value')
  const type = value && nodeOf(value, 'type')
  if (!value || !type || value['is_null'] === true) return false
  const id = textOf(type, 'id')
  if (id !== 'DOUBLE' && id !== 'DECIMAL') return false
  const text = JSON.stringify(value['value'])
  const inexact = id === 'DOUBLE' ? !/e/i.test(text) : nodeOf(type, 'type_info')?.['scale'] === 0
  if (inexact) replaceNode(node, castNode(textConstant(text, node), type))
  return inexact
}
