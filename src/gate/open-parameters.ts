/**
 * Parameters without a declared type: where they stand, and what to take them for when the engine
 * cannot infer a type.
 *
 * PostgreSQL takes such a parameter for text; beside an arithmetic operator that would be an error
 * for every value, so there it is a whole number. A value that does not fit is refused when it
 * comes: nothing is converted in silence.
 */
import type { JsonObject } from './engine-json.ts'
import { nodeOf, nodesOf, textOf } from './tree-node.ts'

/** `inferred`: beside something that has a type. A number that stands so once is left alone. */
export type Place = 'inferred' | 'argument' | 'arithmetic' | 'anywhere'

const WEIGHT: Readonly<Record<Place, number>> = {
  inferred: 3,
  argument: 2,
  arithmetic: 1,
  anywhere: 0,
}

const ARITHMETIC: ReadonlySet<string> = new Set(['+', '-', '*', '/', '%', '//'])

export class OpenParameters {
  readonly #nodes: JsonObject[] = []
  readonly #places = new Map<JsonObject, Place>()

  add(node: JsonObject): void {
    this.#nodes.push(node)
  }

  stands(node: JsonObject, place: Place): void {
    this.#places.set(node, place)
  }

  /** Notes where the operands of a node stand. */
  operandsOf(node: JsonObject): void {
    for (const operand of operandsIn(node)) this.stands(operand, placeIn(node))
  }

  /**
   * The parameters to type now, each with its type; they are not given again.
   * @param all also those whose type is usually inferred, or known to a function.
   */
  take(all: boolean): { readonly node: JsonObject; readonly type: 'VARCHAR' | 'BIGINT' }[] {
    const open = this.#nodes.filter((node) => node['class'] === 'PARAMETER')
    const strongest = new Map<string, Place>()
    for (const node of open) {
      const number = textOf(node, 'identifier')
      const place = this.#places.get(node) ?? 'anywhere'
      const known = strongest.get(number)
      if (known === undefined || WEIGHT[place] > WEIGHT[known]) strongest.set(number, place)
    }
    return open.flatMap((node) => {
      const place = strongest.get(textOf(node, 'identifier')) ?? 'anywhere'
      if (!all && (place === 'inferred' || place === 'argument')) return []
      return [{ node, type: place === 'arithmetic' ? 'BIGINT' : 'VARCHAR' }]
    })
  }
}

function placeIn(node: JsonObject): Place {
  if (node['class'] === 'FUNCTION') {
    const name = textOf(node, 'function_name')
    if (ARITHMETIC.has(name)) return 'arithmetic'
    return node['is_operator'] === true ? 'anywhere' : 'argument'
  }
  const inferring = !['OPERATOR_IS_NULL', 'OPERATOR_IS_NOT_NULL'].includes(textOf(node, 'type'))
  return inferring ? 'inferred' : 'anywhere'
}

const OPERANDS = ['left', 'right', 'input', 'lower', 'upper', 'child', 'else_expr']

function operandsIn(node: JsonObject): JsonObject[] {
  const branches = nodesOf(node, 'case_checks').map((branch) => nodeOf(branch, 'then_expr'))
  const single = OPERANDS.map((name) => nodeOf(node, name))
  return [...single, ...branches, ...nodesOf(node, 'children')].filter(
    (operand) => operand !== undefined,
  )
}
