/**
 * Parameters without a declared type: where they stand, and what to take them for when the engine
 * cannot infer a type.
 *
 * PostgreSQL takes such a parameter for text; beside an arithmetic operator that would be an error
 * for every value, so there it is a whole number. A value that does not fit is refused when it
 * comes: nothing is converted in silence.
 */
import type { TableEntry } from '../catalog/catalog-snapshot.ts'
import type { JsonObject } from './engine-json.ts'
import { isPlainType, listType, plainType } from './parameter-types.ts'
import { nodeOf, nodesOf, textOf, textsOf } from './tree-node.ts'

/** `inferred`: beside something that has a type, or an argument of a function. */
type Place = 'inferred' | 'arithmetic' | 'anywhere'

const ARITHMETIC: ReadonlySet<string> = new Set(['+', '-', '*', '/', '%', '//'])

export interface TypedParameter {
  readonly node: JsonObject
  readonly type: JsonObject
}

export class OpenParameters {
  readonly #nodes: JsonObject[] = []
  readonly #places = new Map<JsonObject, Place>()
  /** In `column = ANY ($1)`: the column's name. */
  readonly #listsOf = new Map<JsonObject, string>()

  add(node: JsonObject): void {
    this.#nodes.push(node)
  }

  get any(): boolean {
    return this.#nodes.some((node) => node['class'] === 'PARAMETER')
  }

  /** LIMIT and OFFSET know what they take. */
  counts(node: JsonObject): void {
    this.#places.set(node, 'inferred')
  }

  /** Notes where the parameters among the operands of a node stand. */
  operandsOf(node: JsonObject): void {
    if (this.#nodes.length === 0) return
    for (const operand of operandsIn(node)) this.#places.set(operand, placeIn(node))
    if (node['class'] === 'SUBQUERY') this.#anyOf(node)
  }

  /**
   * The parameters to type now; once typed they are not given again.
   *
   * @param all also those whose type is usually inferred.
   * @param tables of the statement, for the type of `column = ANY ($1)`.
   */
  take(all: boolean, tables: ReadonlySet<TableEntry>): TypedParameter[] {
    return this.#nodes.flatMap((node) => {
      if (node['class'] !== 'PARAMETER') return []
      const column = this.#listsOf.get(node)
      if (column !== undefined) return [{ node, type: listType(typeOfColumn(column, tables)) }]
      const place = this.#places.get(node) ?? 'anywhere'
      if (place === 'inferred' && !all) return []
      return [{ node, type: plainType(place === 'arithmetic' ? 'BIGINT' : 'VARCHAR') }]
    })
  }

  /** The engine reads `x = ANY ($1)` as `x = ANY (SELECT unnest($1))`. */
  #anyOf(node: JsonObject): void {
    const query = nodeOf(nodeOf(node, 'subquery') ?? {}, 'node') ?? {}
    const [unnest] = nodesOf(query, 'select_list')
    const [list] = unnest && textOf(unnest, 'function_name') === 'unnest' ? operandsIn(unnest) : []
    const column = textsOf(nodeOf(node, 'child') ?? {}, 'column_names').at(-1)
    if (list && column !== undefined) this.#listsOf.set(list, column)
  }
}

function placeIn(node: JsonObject): Place {
  if (node['class'] === 'FUNCTION' && node['is_operator'] === true) {
    return ARITHMETIC.has(textOf(node, 'function_name')) ? 'arithmetic' : 'anywhere'
  }
  const isNullTest = ['OPERATOR_IS_NULL', 'OPERATOR_IS_NOT_NULL'].includes(textOf(node, 'type'))
  return isNullTest ? 'anywhere' : 'inferred'
}

const OPERANDS = ['left', 'right', 'input', 'lower', 'upper', 'child', 'else_expr']

/** The parameters right inside a node. */
function operandsIn(node: JsonObject): JsonObject[] {
  const branches = nodesOf(node, 'case_checks').map((branch) => nodeOf(branch, 'then_expr'))
  const single = OPERANDS.map((name) => nodeOf(node, name))
  return [...single, ...branches, ...nodesOf(node, 'children')].filter(
    (operand) => operand?.['class'] === 'PARAMETER',
  ) as JsonObject[]
}

/** Text where the column is not of a table, or not of a type that needs no more than its name. */
function typeOfColumn(name: string, tables: ReadonlySet<TableEntry>): string {
  const types = [...tables].flatMap(({ columns }) =>
    columns.flatMap((column) =>
      column.name.toLowerCase() === name.toLowerCase() ? [column.typeName] : [],
    ),
  )
  return types.find(isPlainType) ?? 'VARCHAR'
}
