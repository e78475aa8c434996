/**
 * Writes out every call of a function of users in a syntax tree, before the tree is checked.
 *
 * So there is no such function in the engine, and no name of one can stand for anything else; and
 * whatever a body does is checked as if the client had written it, by the walk and in the plan.
 * Bodies are kept without calls of other functions: nothing here expands what it has written.
 */
import { GatewayError } from '../base/gateway-error.ts'
import type { FunctionEntry } from '../catalog/catalog-snapshot.ts'
import type { CallableFunction } from './function-call.ts'
import { callNode } from './function-call.ts'
import type { CallableFunctions } from './callable-functions.ts'
import { isObject } from './engine-json.ts'
import type { Json, JsonObject } from './engine-json.ts'
import { functionPlace } from './function-name.ts'
import type { FunctionNames } from './function-name.ts'
import { refusalAt } from './refusals.ts'
import { nodeOf, nodesOf, replaceNode, textOf } from './tree-node.ts'

/** All that calls may add to one statement. */
const addedNodesMax = 40_000

/**
 * Changes `tree` in place.
 *
 * @param text that the tree was read from, for places in errors.
 * @returns the functions that were called.
 * @throws GatewayError `undefined_function` for another number of arguments, `feature_not_supported`,
 *         `statement_too_complex`.
 */
export function expandCalls(
  tree: JsonObject,
  callable: CallableFunctions,
  names: FunctionNames,
  text: string,
): ReadonlySet<FunctionEntry> {
  if (callable.size === 0) return new Set()
  const expansion = new Expansion(callable, names, text)
  expansion.visit(tree)
  return expansion.called
}

class Expansion {
  readonly called = new Set<FunctionEntry>()
  readonly #callable: CallableFunctions
  readonly #names: FunctionNames
  readonly #text: string
  #added = 0

  constructor(callable: CallableFunctions, names: FunctionNames, text: string) {
    this.#callable = callable
    this.#names = names
    this.#text = text
  }

  /** Arguments before the call that they stand in. */
  visit(value: Json): void {
    if (Array.isArray(value)) {
      for (const item of value) this.visit(item)
    } else if (isObject(value)) {
      this.#node(value)
    }
  }

  #node(node: JsonObject): void {
    const unnamed = nodesOf(node, 'select_list').flatMap((item) => {
      const called = textOf(item, 'alias') === '' ? this.#functionOf(item) : undefined
      return called ? [{ item, name: called.entry.name }] : []
    })
    if (textOf(node, 'type') === 'TABLE_FUNCTION') this.#notInFrom(nodeOf(node, 'function'))
    for (const part of Object.values(node)) this.visit(part)
    const called = this.#functionOf(node)
    if (called) this.#expand(node, called)
    for (const { item, name } of unnamed) item['alias'] = name // as PostgreSQL names such a column
  }

  #functionOf(node: JsonObject): CallableFunction | undefined {
    if (node['class'] !== 'FUNCTION' && node['class'] !== 'WINDOW') return undefined
    const parts = ['catalog', 'schema', 'function_name'].map((part) => textOf(node, part))
    const place = functionPlace(parts, this.#names.database)
    const entry = place && this.#names.catalog.function(place.database, place.name)
    return entry && this.#callable.get(entry.id)
  }

  #expand(node: JsonObject, called: CallableFunction): void {
    const { entry, size } = called
    const orders = nodesOf(nodeOf(node, 'order_bys') ?? {}, 'orders')
    const asAggregate = node['distinct'] === true || node['filter'] !== null || orders.length > 0
    if (node['class'] === 'WINDOW' || asAggregate || node['export_state'] === true) {
      throw this.#refused(node, `"${entry.name}" is not an aggregate`)
    }
    const values = nodesOf(node, 'children')
    if (values.some((value) => textOf(value, 'alias') !== '')) {
      throw this.#refused(node, 'an argument by its name is not supported')
    }
    if (values.length !== entry.parameters.length) throw this.#otherNumber(node, entry, values)
    this.#added += size
    if (this.#added > addedNodesMax) {
      throw new GatewayError(
        'statement_too_complex',
        'statement too complex: the functions that it calls are too large together',
      )
    }
    const { alias = '', query_location: location } = node
    replaceNode(node, {
      ...callNode(called, values),
      alias,
      ...(location !== undefined && { query_location: location }),
    })
    this.called.add(entry)
  }

  #notInFrom(node: JsonObject | undefined): void {
    const called = node && this.#functionOf(node)
    if (called)
      throw this.#refused(node, `the function ${called.entry.name} in FROM is not supported`)
  }

  #otherNumber(node: JsonObject, { name, parameters }: FunctionEntry, values: readonly unknown[]) {
    return refusalAt(
      node,
      this.#text,
      'undefined_function',
      `function ${name} with ${counted(values.length)} does not exist`,
      `It has ${counted(parameters.length)}.`,
    )
  }

  #refused(node: JsonObject, message: string): GatewayError {
    return refusalAt(node, this.#text, 'feature_not_supported', message)
  }
}

function counted(count: number): string {
  return count === 1 ? '1 argument' : `${count} arguments`
}
