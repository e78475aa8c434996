/**
 * The arguments of EXECUTE: one row of values of the parameters' types, computed from nothing that is
 * stored. What is executed with them is a statement of its own, with a permit of its own.
 *
 * The types of the request are those that the arguments become; one without a type is not computed.
 */
import { GatewayError } from '../base/gateway-error.ts'
import type { ExecuteStatement } from '../sql/statement.ts'
import { parseOne, verifyTree } from './check-query.ts'
import type { CheckedStatement } from './checked-statement.ts'
import { isObject } from './engine-json.ts'
import type { Json, JsonObject } from './engine-json.ts'
import type { GateContext } from './gate-context.ts'
import { givesOneRow } from './one-row.ts'
import type { ParameterTypes } from './parameter-types.ts'
import { plainSelect } from './plain-select.ts'
import { notSupported } from './refusals.ts'
import { TreeCheck } from './tree-check.ts'
import { castNode, nodeOf, nodesOf, textOf } from './tree-node.ts'

export async function checkExecute(
  { arguments: written }: ExecuteStatement,
  context: GateContext,
  parameterTypes: ParameterTypes,
): Promise<CheckedStatement> {
  const types = await parameterTypes.nodes(context.parameterTypes, context.introspection)
  if (!types.some((type) => type !== undefined)) {
    throw notSupported('EXECUTE with nothing to compute')
  }
  const inList = listAsQuery(written[0]?.start ?? 0, context)
  const statement = await parseOne(inList)
  const values = itemsOf(statement)
  if (values.length !== written.length) throw notSupported('an argument of this form')
  refuseQueries(values)
  const query = {
    ...nodeOf(statement, 'node'),
    select_list: values.flatMap((value, index) => {
      const type = types[index]
      return type ? [castNode(value, type)] : []
    }),
  }
  const check = new TreeCheck({ ...statement, node: query }, inList, [])
  const { text, requires, personal, plan } = await verifyTree(check, inList)
  if (!givesOneRow(plan)) {
    throw notSupported(
      'an argument of EXECUTE that is computed over rows',
      'No aggregates, no unnest.',
    )
  }
  return { text, requires, personal, action: { kind: 'read' }, reusable: true }
}

/** The arguments as a query, each where it was, so that places in errors are those of the statement. */
function listAsQuery(start: number, context: GateContext): GateContext {
  const { text } = context.statement
  const head = 'SELECT'.padEnd(Array.from(text.slice(0, start)).length)
  const list = text.slice(start).replace(/\)$/, '')
  return { ...context, parameterTypes: [], statement: { ...context.statement, text: head + list } }
}

/** Of a query that is nothing but its select list. */
function itemsOf(statement: JsonObject): JsonObject[] {
  const query = nodeOf(statement, 'node') ?? {}
  const items = nodesOf(query, 'select_list')
  const alone = plainSelect(query) && nodeOf(query, 'from_table')?.['type'] === 'EMPTY'
  if (alone && items.every((item) => textOf(item, 'alias') === '')) return items
  throw new GatewayError('syntax_error', 'the arguments of EXECUTE are expressions')
}

/** In PostgreSQL's words, and before anything is looked up. */
function refuseQueries(value: Json): void {
  if (Array.isArray(value)) return value.forEach(refuseQueries)
  if (!isObject(value)) return
  switch (textOf(value, 'class')) {
    case 'SUBQUERY':
      throw new GatewayError('feature_not_supported', 'cannot use subquery in EXECUTE parameter')
    case 'PARAMETER':
      throw new GatewayError(
        'undefined_parameter',
        `there is no parameter $${textOf(value, 'identifier')}`,
      )
    case 'STAR':
    case 'POSITIONAL_REFERENCE':
    case 'DEFAULT':
      throw notSupported('an argument of this form')
  }
  Object.values(value).forEach(refuseQueries)
}
