/**
 * Walks every node of the engine's syntax tree, refuses what `tree-shapes.ts` does not know, and
 * shows the rest to a visitor.
 *
 * Knows which names are common table expressions where; knows no catalogue and no rights. Children
 * are visited before their parent, so a visitor may replace a node in place.
 */
import { GatewayError } from '../base/gateway-error.ts'
import { DUPLICATING_FUNCTIONS } from './allowed-functions.ts'
import { isObject, isRawNumber } from './engine-json.ts'
import type { Json, JsonObject } from './engine-json.ts'
import { EXPRESSIONS, MODIFIERS, OPERATORS, PARTS, QUERIES, TABLES } from './tree-shapes.ts'
import type { Part, Role, Shape } from './tree-shapes.ts'
import { nodeOf, textOf } from './tree-node.ts'

/** Lower-case names of the common table expressions that a node can see. */
export type CteScope = ReadonlySet<string>

const NO_CTES: CteScope = new Set()

export interface TreeVisitor {
  /** Before anything inside the query node is visited. */
  enterQuery(node: JsonObject): void
  expression(node: JsonObject): void
  /** A function that stands in FROM. */
  tableFunction(node: JsonObject): void
  table(node: JsonObject, ctes: CteScope): void
  type(type: JsonObject): void
}

/** Expressions in one list, such as IN or VALUES. */
const listItemsMax = 20_000

/**
 * Lambdas inside one another count 1 each, macros that write an argument twice 2 each: with both
 * the planner's work grows exponentially (20 lambdas took 3 s, 30 no end was seen of).
 */
const expansionMax = 8

/** Subqueries as values, inside one another: planning 16 took 0.1 s, 30 over 25 s. */
const subqueryDepthMax = 16

/** @throws GatewayError `feature_not_supported` for what is not on the allow-list. */
export function walkStatement(statement: Json | undefined, visitor: TreeVisitor): void {
  new Walk(visitor).role(statement, 'statement', NO_CTES)
}

class Walk {
  readonly #visitor: TreeVisitor
  /** What is open around the present node. */
  #expansion = 0
  #subqueryDepth = 0

  constructor(visitor: TreeVisitor) {
    this.#visitor = visitor
  }

  role(value: Json | undefined, role: Role, ctes: CteScope): void {
    if (value === null || value === undefined) return
    if (role === 'leaf') return leaf(value)
    if (role === 'absent') return absent(value)
    if (Array.isArray(value)) {
      if (value.length > listItemsMax) throw listTooLong()
      for (const item of value) this.role(item, role, ctes)
      return
    }
    if (!isObject(value)) throw unknown(`a ${role}`)
    switch (role) {
      case 'expression':
        return this.#expression(value, ctes)
      case 'tableFunction':
        if (value['class'] !== 'FUNCTION') throw unknown('a table function of this form')
        this.#properties(value, shapeOf(EXPRESSIONS, 'FUNCTION', 'expression'), ctes)
        return this.#visitor.tableFunction(value)
      case 'table':
        this.#properties(value, shapeOf(TABLES, textOf(value, 'type'), 'table'), ctes)
        return this.#visitor.table(value, ctes)
      case 'query':
        return this.#query(value, ctes)
      case 'modifier':
        return this.#properties(value, shapeOf(MODIFIERS, textOf(value, 'type'), 'clause'), ctes)
      case 'type':
        return this.#visitor.type(value)
      case 'value':
        return this.#value(value)
      default:
        return this.#properties(value, PARTS[role satisfies Part], ctes)
    }
  }

  #expression(node: JsonObject, ctes: CteScope): void {
    const kind = textOf(node, 'class')
    const shape = shapeOf(EXPRESSIONS, kind, 'expression')
    if (kind === 'OPERATOR' && !OPERATORS.has(textOf(node, 'type'))) {
      throw unknown(`the operator ${textOf(node, 'type')}`)
    }
    const expansion = expansionOf(node)
    this.#expansion += expansion
    if (this.#expansion > expansionMax) throw tooNested('lambdas, or calls such as nullif,')
    const depth = kind === 'SUBQUERY' ? 1 : 0
    this.#subqueryDepth += depth
    if (this.#subqueryDepth > subqueryDepthMax) throw tooNested('subqueries')
    this.#properties(node, shape, ctes)
    this.#subqueryDepth -= depth
    this.#expansion -= expansion
    this.#visitor.expression(node)
  }

  /** A common table expression sees those before it, and itself only when it is recursive. */
  #query(node: JsonObject, outer: CteScope): void {
    const kind = textOf(node, 'type')
    const shape = shapeOf(QUERIES, kind, 'query')
    this.#visitor.enterQuery(node)
    const scope = new Set(outer)
    const { map, ...rest } = nodeOf(node, 'cte_map') ?? {}
    if (Object.keys(rest).length > 0) throw unknown('common table expressions of this form')
    for (const entry of Array.isArray(map) ? map.filter(isObject) : []) {
      this.role(entry, 'cteEntry', scope)
      scope.add(textOf(entry, 'key').toLowerCase())
    }
    if (kind === 'RECURSIVE_CTE_NODE') scope.add(textOf(node, 'cte_name').toLowerCase())
    this.#properties(node, shape, scope, 'cte_map')
  }

  #properties(node: JsonObject, shape: Shape, ctes: CteScope, done?: string): void {
    for (const name in node) {
      const role = shape[name]
      // The shapes are plain objects: what they inherit is no role.
      if (typeof role !== 'string') throw unknown(`the property ${name}`)
      if (name !== done) this.role(node[name], role, ctes)
    }
  }

  /** A constant: its type, and a plain value (or the two halves of a very large number). */
  #value(value: JsonObject): void {
    for (const name in value) {
      const part = value[name]
      if (part === undefined) continue
      if (name === 'type') this.role(part, 'type', NO_CTES)
      else if (name === 'is_null' || !isObject(part)) leaf(part)
      else for (const half of Object.values(part)) leaf(half)
    }
  }
}

function absent(value: Json): void {
  const empty = value === null || value === '' || (Array.isArray(value) && value.length === 0)
  if (!empty) throw unknown('AT, or a PIVOT over a named type')
}

function leaf(value: Json): void {
  if (Array.isArray(value)) {
    if (value.length > listItemsMax) throw listTooLong()
    value.forEach(leaf)
  } else if (typeof value === 'object' && value !== null && !isRawNumber(value)) {
    throw unknown('a nested value')
  }
}

function expansionOf(node: JsonObject): number {
  if (node['class'] === 'LAMBDA') return 1
  if (node['class'] !== 'FUNCTION') return 0
  return DUPLICATING_FUNCTIONS.has(textOf(node, 'function_name').toLowerCase()) ? 2 : 0
}

function tooNested(what: string): GatewayError {
  return new GatewayError(
    'statement_too_complex',
    `statement too complex: too many ${what} inside one another`,
  )
}

function shapeOf(shapes: Readonly<Record<string, Shape>>, kind: string, what: string): Shape {
  const shape = Object.hasOwn(shapes, kind) ? shapes[kind] : undefined
  if (!shape) throw unknown(`the ${what} ${kind}`)
  return shape
}

function unknown(what: string): GatewayError {
  return new GatewayError('feature_not_supported', `this statement is not supported: ${what}`)
}

function listTooLong(): GatewayError {
  return new GatewayError(
    'statement_too_complex',
    `statement too complex: more than ${listItemsMax.toLocaleString('en')} items in one list`,
  )
}
