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
  const text = JSON.stringify(value['value'])
  if (!isInexact(type, text)) return false
  const cast = castNode(textConstant(text, node), type)
  replaceNode(node, cast)
  return true
}

function isInexact(type: JsonObject, text: string): boolean {
  if (textOf(type, 'id') === 'DOUBLE') return !/e/i.test(text)
  if (textOf(type, 'id') !== 'DECIMAL') return false
  return nodeOf(type, 'type_info')?.['scale'] === 0 && /^-?[0-9]+$/.test(text)
}
