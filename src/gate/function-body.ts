/**
 * The body of a function of users: one expression of its parameters, and of nothing else.
 *
 * It reads no table, so that a function has no rights of its own to lend.
 */
import { GatewayError } from '../base/gateway-error.ts'
import { isObject, NO_LOCATION } from './engine-json.ts'
import type { Json, JsonObject } from './engine-json.ts'
import { ARGUMENTS, functionNode, parameterNode } from './function-call.ts'
import { plainSelect } from './plain-select.ts'
import { notSupported } from './refusals.ts'
import {
  columnNode,
  nodeOf,
  nodesOf,
  replaceNode,
  textConstant,
  textOf,
  textsOf,
} from './tree-node.ts'

/**
 * @param statement `SELECT expression`, as the engine read it. Changed in place: afterwards its
 *        parameters are what calls put in their place (`function-call.ts`).
 * @param parameters names in lower case.
 * @throws GatewayError for any other query.
 */
export function bodyExpression(statement: JsonObject, parameters: readonly string[]): JsonObject {
  const query = nodeOf(statement, 'node') ?? {}
  const [item, second] = nodesOf(query, 'select_list')
  const alone = plainSelect(query) && nodeOf(query, 'from_table')?.['type'] === 'EMPTY'
  if (!alone || !item || second) {
    throw notSupported(
      'a function whose body is not SELECT and one expression',
      'It has no FROM and no other clause, and gives one value.',
    )
  }
  new Body(parameters).visit(item)
  item['alias'] = ''
  return item
}

/** What reads more than the arguments, or makes one value of many rows, or of one many. */
const REFUSED: Readonly<Record<string, string>> = {
  SUBQUERY: 'a query inside a function',
  STAR: '* inside a function',
  WINDOW: 'a window inside a function',
  PARAMETER: 'a parameter by its number inside a function',
  POSITIONAL_REFERENCE: 'a column by its number inside a function',
  DEFAULT: 'DEFAULT inside a function',
}

class Body {
  readonly #parameters: readonly string[]

  constructor(parameters: readonly string[]) {
    this.#parameters = parameters
  }

  visit(value: Json): void {
    if (Array.isArray(value)) {
      for (const item of value) this.visit(item)
      return
    }
    if (!isObject(value)) return
    const kind = textOf(value, 'class')
    if (kind === 'COLUMN_REF') return this.#name(value)
    if (kind === 'LAMBDA') return this.#lambda(value)
    const refused = Object.hasOwn(REFUSED, kind) ? REFUSED[kind] : undefined
    if (refused !== undefined) throw notSupported(refused)
    for (const part of Object.values(value)) this.visit(part)
  }

  /**
   * `x`, or the field `y` of it as `x.y`. Any other name is a lambda's, or the binder has none such.
   * A field is written out: where the function is called, `x.y` may be the column of a table.
   */
  #name(node: JsonObject): void {
    const [name = '', ...fields] = textsOf(node, 'column_names')
    const index = this.#parameters.indexOf(name.toLowerCase())
    if (name.toLowerCase() === ARGUMENTS) {
      throw new GatewayError('undefined_column', `column "${name}" does not exist`)
    }
    if (index < 0 && fields.length === 0) return
    const location = node['query_location'] ?? NO_LOCATION
    const alias = textOf(node, 'alias')
    const whole = index < 0 ? columnNode([name]) : parameterNode(index, location)
    const value = fields.reduce(
      (of, field) => functionNode('struct_extract', [of, textConstant(field, {})]),
      whole,
    )
    replaceNode(node, { ...value, alias, query_location: location })
  }

  #lambda(node: JsonObject): void {
    for (const name of lambdaNames(nodeOf(node, 'lhs') ?? {})) {
      if (name === ARGUMENTS || this.#parameters.includes(name)) {
        throw new GatewayError(
          'invalid_parameter_value',
          `the lambda's "${name}" has the name of a parameter of the function`,
          { hint: 'Give it another name.' },
        )
      }
    }
    this.visit(node['expr'] ?? null)
  }
}

/** `x`, or `(x, i)`, which the engine reads as a row of them. */
function lambdaNames(side: JsonObject): string[] {
  const parts = side['class'] === 'COLUMN_REF' ? [side] : nodesOf(side, 'children')
  return parts.flatMap((part) => textsOf(part, 'column_names')).map((name) => name.toLowerCase())
}
