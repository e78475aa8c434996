/**
 * The source of an INSERT: a query, or VALUES in which DEFAULT may stand for a value.
 *
 * The engine prints VALUES as `SELECT * FROM (VALUES …) AS valueslist`, where DEFAULT has no
 * meaning: the list is taken out of that again.
 */
import { GatewayError } from '../base/gateway-error.ts'
import { isObject } from './engine-json.ts'
import type { JsonObject } from './engine-json.ts'
import { parseOne, verifyTree } from './check-query.ts'
import type { CheckedQuery } from './check-query.ts'
import type { GateContext } from './gate-context.ts'
import type { ParameterTypes } from './parameter-types.ts'
import { notSupported } from './refusals.ts'
import { isBareStar } from './same-tree.ts'
import { TreeCheck } from './tree-check.ts'
import { nodeOf, nodesOf, textOf } from './tree-node.ts'
import { assert } from '../base/assert.ts'

const BEFORE = 'SELECT * FROM ('
const AFTER = ') AS valueslist'

/** A column that the rows go to. */
export interface ValueTarget {
  readonly name: string
  /** The engine's. */
  readonly typeName: string
  /** GENERATED ALWAYS: it takes nothing but DEFAULT. */
  readonly isGenerated: boolean
}

/**
 * @param targets in order.
 * @throws GatewayError `generated_always`.
 */
export async function checkValuesOrQuery(
  context: GateContext,
  parameterTypes: ParameterTypes,
  targets: readonly ValueTarget[],
): Promise<CheckedQuery> {
  const statement = await parseOne(context)
  if (isShow(statement)) throw notSupported('inserting the rows of DESCRIBE or SUMMARIZE')
  if (isDefaultBehindWith(statement)) {
    throw notSupported('DEFAULT in VALUES behind WITH', 'Leave the column out of the list.')
  }
  refuseGenerated(statement, targets)
  const types = await parameterTypes.nodes(context.parameterTypes, context.introspection)
  const check = new TreeCheck(statement, context, types)
  await typeByColumn(check, targets, parameterTypes, context)
  if (!valueRows(statement)) return await verifyTree(check, context)
  const checked = await verifyTree(check, context, { toPlan: withoutDefaults })
  assert(
    checked.text.startsWith(BEFORE) && checked.text.endsWith(AFTER),
    'the engine prints VALUES as it is known to',
  )
  return { ...checked, text: checked.text.slice(BEFORE.length, -AFTER.length) }
}

/** A parameter that is the value of a column has that column's type, as in PostgreSQL. */
async function typeByColumn(
  check: TreeCheck,
  targets: readonly ValueTarget[],
  parameterTypes: ParameterTypes,
  { introspection }: GateContext,
): Promise<void> {
  const query = nodeOf(check.statement, 'node') ?? {}
  const list = valueRows(check.statement)?.['values']
  const rows = Array.isArray(list) ? list : [query['select_list'] ?? null]
  for (const row of rows) {
    for (const [index, value] of (Array.isArray(row) ? row : []).entries()) {
      const target = targets[index]?.typeName
      if (!isObject(value) || value['class'] !== 'PARAMETER' || target === undefined) continue
      const [type] = await parameterTypes.nodes([target], introspection)
      if (type) check.typeParameter(value, type)
    }
  }
}

function refuseGenerated(statement: JsonObject, targets: readonly ValueTarget[]): void {
  const rows = valueRows(statement)?.['values']
  for (const [index, { name, isGenerated }] of targets.entries()) {
    if (!isGenerated) continue
    const defaults =
      Array.isArray(rows) && rows.every((row) => Array.isArray(row) && isDefault(row[index]))
    if (!defaults) throw notDefault(name)
  }
}

/** In PostgreSQL's words. */
export function notDefault(name: string): GatewayError {
  return new GatewayError(
    'generated_always',
    `cannot insert a non-DEFAULT value into column "${name}"`,
    { hint: 'Use OVERRIDING SYSTEM VALUE to override.' },
  )
}

function isShow(statement: JsonObject): boolean {
  const from = nodeOf(nodeOf(statement, 'node') ?? {}, 'from_table')
  return from?.['type'] === 'SHOW_REF'
}

/** The list of rows, when the statement is VALUES and nothing else. */
function valueRows(statement: JsonObject): JsonObject | undefined {
  const query = nodeOf(statement, 'node')
  const from = query && nodeOf(query, 'from_table')
  if (!query || !from || !isBareStar(query)) return undefined
  return from['type'] === 'EXPRESSION_LIST' && textOf(from, 'alias') === 'valueslist'
    ? from
    : undefined
}

/** DEFAULT binds only inside an INSERT: for the plan, NULL stands in its place. It reads nothing. */
function withoutDefaults(statement: JsonObject): JsonObject {
  const list = valueRows(statement) ?? {}
  const rows = Array.isArray(list['values']) ? list['values'] : []
  if (!rows.some((row) => Array.isArray(row) && row.some(isDefault))) return statement
  const values = rows.map((row) =>
    Array.isArray(row) ? row.map((value) => (isDefault(value) ? NULL : value)) : row,
  )
  const query = nodeOf(statement, 'node') ?? {}
  return { ...statement, node: { ...query, from_table: { ...list, values } } }
}

/** The engine knows DEFAULT only in VALUES that stand alone. */
function isDefaultBehindWith(statement: JsonObject): boolean {
  const query = nodeOf(statement, 'node') ?? {}
  const rows = nodeOf(query, 'from_table')?.['values']
  const ctes = nodesOf(nodeOf(query, 'cte_map') ?? {}, 'map')
  return ctes.length > 0 && Array.isArray(rows) && rows.flat().some(isDefault)
}

function isDefault(value: unknown): boolean {
  return (
    typeof value === 'object' && value !== null && 'class' in value && value.class === 'DEFAULT'
  )
}

const NULL: JsonObject = {
  class: 'CONSTANT',
  type: 'VALUE_CONSTANT',
  alias: '',
  query_location: 0,
  value: { type: { id: 'NULL', type_info: null }, is_null: true },
}
