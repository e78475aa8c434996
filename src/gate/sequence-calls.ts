/**
 * `nextval('name')` in a syntax tree: the name is a constant that is looked up here, as any name of
 * the statement, and written in full. What else there is to ask a sequence is refused by name.
 *
 * Source: PostgreSQL manual, Sequence Manipulation Functions; `regclassin` for the name in the string.
 */
import { GatewayError } from '../base/gateway-error.ts'
import type { SequenceEntry } from '../catalog/catalog-snapshot.ts'
import { tokenize } from '../sql/lexer.ts'
import { TokenCursor } from '../sql/token-cursor.ts'
import { isObject } from './engine-json.ts'
import type { Json, JsonObject } from './engine-json.ts'
import type { GateContext } from './gate-context.ts'
import { readName } from './head-cursor.ts'
import { quoteFullName } from './quote-name.ts'
import { noSuchRelation, refusalAt } from './refusals.ts'
import { nodeOf, nodesOf, textConstant, textOf } from './tree-node.ts'
import { findSequence, findTable } from './visible-names.ts'

const CALLS = ['nextval', 'currval', 'lastval', 'setval'] as const
type Call = (typeof CALLS)[number]

const INSTEAD: Readonly<Record<Exclude<Call, 'nextval'>, string>> = {
  currval: 'INSERT … RETURNING tells what was drawn; so does SELECT nextval(…).',
  lastval: 'INSERT … RETURNING tells what was drawn; so does SELECT nextval(…).',
  setval: 'Make another sequence, with START.',
}

/**
 * Changes `tree` in place.
 *
 * @returns the calls of nextval, as they stand in the tree now, with what they draw from.
 * @throws GatewayError `feature_not_supported` for any call where `context` does not let draw;
 *         `undefined_table` for a sequence that is not there or not to be known of.
 */
export function resolveSequenceCalls(
  tree: JsonObject,
  context: GateContext,
): ReadonlyMap<JsonObject, SequenceEntry> {
  const found = new Map<JsonObject, SequenceEntry>()
  const visit = (value: Json): void => {
    if (Array.isArray(value)) return value.forEach(visit)
    if (!isObject(value)) return
    const inFrom =
      textOf(value, 'type') === 'TABLE_FUNCTION' ? nodeOf(value, 'function') : undefined
    if (inFrom && calledBy(inFrom)) throw refused(inFrom, `${calledBy(inFrom)} in FROM`, context)
    const call = calledBy(value)
    if (call) found.set(value, resolve(value, call, context))
    Object.values(value).forEach(visit)
  }
  visit(tree)
  return found
}

function calledBy(node: JsonObject): Call | undefined {
  if (node['class'] !== 'FUNCTION' && node['class'] !== 'WINDOW') return undefined
  const isOurs =
    ['', 'pg_catalog'].includes(textOf(node, 'schema').toLowerCase()) &&
    ['', 'system'].includes(textOf(node, 'catalog').toLowerCase())
  const name = textOf(node, 'function_name').toLowerCase()
  return isOurs ? CALLS.find((call) => call === name) : undefined
}

function resolve(node: JsonObject, call: Call, context: GateContext): SequenceEntry {
  if (call !== 'nextval') throw refused(node, call, context, INSTEAD[call])
  if (context.mayDraw !== true) throw refused(node, 'nextval in this place', context)
  const orders = nodesOf(nodeOf(node, 'order_bys') ?? {}, 'orders')
  const asAggregate = node['distinct'] === true || isObject(node['filter']) || orders.length > 0
  if (node['class'] === 'WINDOW' || asAggregate) {
    throw refused(node, 'nextval as an aggregate', context)
  }
  const [argument, second] = nodesOf(node, 'children')
  const name = argument && !second ? constantName(argument) : undefined
  if (!argument || name === undefined) {
    throw refused(
      node,
      'nextval of anything but a constant name',
      context,
      "Write the sequence as a string: nextval('name').",
    )
  }
  const sequence = sequenceNamed(name, node, context)
  const { schema } = sequence
  node['schema'] = ''
  node['catalog'] = ''
  node['function_name'] = 'nextval'
  const full = quoteFullName(schema.database.name, schema.name, sequence.name)
  node['children'] = [{ ...textConstant(full, argument), alias: '' }]
  return sequence
}

/** `'name'`, `'name'::regclass`, `('name'::text)::regclass`. */
function constantName(argument: JsonObject): string | undefined {
  if (argument['class'] === 'CAST') {
    const type = nodeOf(argument, 'cast_type') ?? {}
    const named = textOf(nodeOf(type, 'type_info') ?? {}, 'name').toLowerCase()
    const isName =
      ['regclass', 'text', 'varchar'].includes(named) || textOf(type, 'id') === 'VARCHAR'
    const child = nodeOf(argument, 'child')
    return isName && child && argument['try_cast'] === false ? constantName(child) : undefined
  }
  const value = argument['class'] === 'CONSTANT' ? (nodeOf(argument, 'value') ?? {}) : {}
  const isText =
    textOf(nodeOf(value, 'type') ?? {}, 'id') === 'VARCHAR' && value['is_null'] === false
  return isText ? textOf(value, 'value') : undefined
}

function sequenceNamed(name: string, node: JsonObject, context: GateContext): SequenceEntry {
  const { text } = context.statement
  const parts = partsOf(name)
  if (!parts) throw refusalAt(node, text, 'invalid_parameter_value', 'invalid name syntax')
  const sequence = findSequence(parts, context)
  if (sequence) return sequence
  if (findTable(parts, context)) {
    throw refusalAt(node, text, 'wrong_object_type', `"${parts.join('.')}" is not a sequence`)
  }
  throw refusalAt(node, text, 'undefined_table', noSuchRelation(parts))
}

function partsOf(name: string): string[] | undefined {
  try {
    const cursor = new TokenCursor(name, tokenize(name))
    const parts = readName(cursor)
    cursor.expectEnd()
    return parts
  } catch (thrown) {
    if (thrown instanceof GatewayError) return undefined
    throw thrown
  }
}

function refused(
  node: JsonObject,
  what: string,
  { statement }: GateContext,
  hint?: string,
): GatewayError {
  return refusalAt(node, statement.text, 'feature_not_supported', `${what} is not supported`, hint)
}
