/**
 * What a call of a function of users becomes: an expression of the engine, written out by the gate.
 *
 *   f(a, b)   list_extract(list_transform([struct_pack(p1 := CAST(a AS t1), p2 := CAST(b AS t2))],
 *               lambda "function arguments": CAST(body AS type)), 1)
 *
 * where the body has `struct_extract("function arguments", 'p1')` in the place of its first
 * parameter. So each argument is converted to its declared type and computed once for each row,
 * whatever the body does with it: that is what a call means. Written into the body itself, an
 * argument such as `random()` would be another one at each place; as a subquery, one for all rows.
 * Names in arguments cannot be caught by the body, nor those of the body by the statement.
 *
 *   f()       CAST(body AS type)
 */
import { assert, present } from '../base/assert.ts'
import type { FunctionEntry } from '../catalog/catalog-snapshot.ts'
import { isObject, NO_LOCATION } from './engine-json.ts'
import type { Json, JsonObject } from './engine-json.ts'
import { castNode, columnNode, nodeOf, nodesOf, textConstant } from './tree-node.ts'

/** No name that people choose: a lambda's parameter goes before columns, and hides them. */
export const ARGUMENTS = 'function arguments'

/** A function, with the expression that its calls become. */
export interface CallableFunction {
  readonly entry: FunctionEntry
  readonly expression: JsonObject
  /** Nodes in it. */
  readonly size: number
}

/** The expression for a call with NULLs, to be checked and printed as a query of its own. */
export function callWithNulls(
  parameters: readonly JsonObject[],
  body: JsonObject,
  returns: JsonObject,
): JsonObject {
  const result = castNode(body, returns)
  if (parameters.length === 0) return result
  const fields = parameters.map((type, index) => ({
    ...castNode(NULL_NODE, type),
    alias: fieldName(index),
  }))
  const rows = functionNode('list_value', [functionNode('struct_pack', fields)])
  const lambda: JsonObject = {
    class: 'LAMBDA',
    type: 'LAMBDA',
    alias: '',
    query_location: NO_LOCATION,
    lhs: columnNode([ARGUMENTS]),
    expr: result,
  }
  return functionNode('list_extract', [functionNode('list_transform', [rows, lambda]), ONE])
}

/** What stands in the body for its parameter of this index, from 0. */
export function parameterNode(index: number, location: Json): JsonObject {
  const node = functionNode('struct_extract', [
    columnNode([ARGUMENTS]),
    textConstant(fieldName(index), NOWHERE),
  ])
  return { ...node, query_location: location }
}

/** `values` in the places of the NULLs; nothing in the result is shared with `callable`. */
export function callNode(
  { entry, expression }: CallableFunction,
  values: readonly JsonObject[],
): JsonObject {
  const call = copyOf(expression) as JsonObject
  if (entry.parameters.length === 0) return call
  const [transform] = nodesOf(call, 'children')
  const [rows] = nodesOf(present(transform, 'list_transform'), 'children')
  const [pack] = nodesOf(present(rows, 'list_value'), 'children')
  const fields = nodesOf(present(pack, 'struct_pack'), 'children')
  assert(fields.length === values.length, 'one value for each parameter')
  for (const [index, field] of fields.entries()) {
    assert(nodeOf(field, 'child')?.['class'] === 'CONSTANT', 'NULL in place of an argument')
    field['child'] = present(values[index], 'a value')
  }
  return call
}

/** Places in another text mean nothing in this one. */
export function withoutPlaces(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutPlaces)
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [
      name,
      name === 'query_location' ? NO_LOCATION : withoutPlaces(part),
    ]),
  )
}

export function sizeOf(value: Json): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + sizeOf(item), 0)
  if (!isObject(value)) return 0
  return 1 + sizeOf(Object.values(value))
}

function copyOf(value: Json): Json {
  if (Array.isArray(value)) return value.map(copyOf)
  if (!isObject(value)) return value // a number with its spelling stays the object that it is
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, copyOf(part)]))
}

function fieldName(index: number): string {
  return `p${index + 1}`
}

export function functionNode(name: string, children: JsonObject[]): JsonObject {
  return {
    class: 'FUNCTION',
    type: 'FUNCTION',
    alias: '',
    query_location: NO_LOCATION,
    function_name: name,
    schema: '',
    children,
    filter: null,
    order_bys: { type: 'ORDER_MODIFIER', orders: [] },
    distinct: false,
    is_operator: false,
    export_state: false,
    catalog: '',
  }
}

const NOWHERE: JsonObject = { alias: '', query_location: NO_LOCATION }

export const NULL_NODE: JsonObject = {
  class: 'CONSTANT',
  type: 'VALUE_CONSTANT',
  ...NOWHERE,
  value: { type: { id: 'NULL', type_info: null }, is_null: true },
}

const ONE: JsonObject = {
  class: 'CONSTANT',
  type: 'VALUE_CONSTANT',
  ...NOWHERE,
  value: { type: { id: 'INTEGER', type_info: null }, is_null: false, value: 1 },
}
