/**
 * CREATE [OR REPLACE] FUNCTION: a name for an expression.
 *
 * The engine is not told of it. It is checked, and kept, as the expression that its calls become, in
 * which the functions that it calls are written out already. For the engine a view is made beside it
 * that nobody can name: so two sessions that make one function at one time get in each other's way.
 */
import { randomUUID } from 'node:crypto'
import { GatewayError, repositioned } from '../base/gateway-error.ts'
import type { DatabaseEntry, FunctionEntry } from '../catalog/catalog-snapshot.ts'
import type { FunctionDefinition } from '../identity/permit.ts'
import { characterPosition } from '../sql/text-position.ts'
import { readStatements } from '../sql/read-statements.ts'
import type { Token } from '../sql/token.ts'
import { parseOne, verifyTree } from './check-query.ts'
import type { CheckedStatement } from './checked-statement.ts'
import { toEngineJson } from './engine-json.ts'
import type { JsonObject } from './engine-json.ts'
import { bodyExpression } from './function-body.ts'
import { callWithNulls, NULL_NODE, sizeOf } from './function-call.ts'
import { readFunctionHead } from './function-head.ts'
import type { FunctionHead } from './function-head.ts'
import { checkFunctionName, functionPlace, nameIsTaken } from './function-name.ts'
import { markerName } from './function-marker.ts'
import { checkUnused, usesOf } from './function-uses.ts'
import type { GateContext } from './gate-context.ts'
import { readHead } from './head-cursor.ts'
import type { ParameterTypes } from './parameter-types.ts'
import { givesOneRow } from './one-row.ts'
import { notSupported } from './refusals.ts'
import { requireAll } from './require-all.ts'
import { needOnDatabase, needOnFunction } from './requirements.ts'
import { TreeCheck } from './tree-check.ts'
import { castNode, nodeOf, nodesOf, textOf } from './tree-node.ts'

/** Nodes of one function, with those of the functions that it calls. */
const sizeMax = 4_000

export async function checkCreateFunction(
  context: GateContext,
  parameterTypes: ParameterTypes,
): Promise<CheckedStatement> {
  const { cursor } = readHead(context)
  const head = readFunctionHead(cursor)
  const { database, name } = placeOf(head, context)
  const existing = context.catalog.function(database.name, name)
  const replaced = head.replaces ? existing : undefined
  const requires = requireAll(
    [
      ...needOnDatabase('CREATE FUNCTION', database),
      ...(replaced ? needOnFunction('DDL', replaced) : []),
    ],
    context.authority,
  )
  checkFunctionName(name)
  await checkCallable(name, head.parameters.length, context)
  if (existing && !replaced) {
    throw new GatewayError('duplicate_function', `function "${name}" already exists`)
  }
  if (replaced) checkUnused(replaced, 'replace', context)
  const checked = await checkDefinition(head, context, parameterTypes, replaced)
  const { roleId: ownerRole } = context.authority
  const { definition, uses } = checked
  const id = randomUUID()
  return {
    text: `CREATE ${replaced ? 'OR REPLACE ' : ''}VIEW ${markerName(database, name)} AS SELECT 1`,
    action: {
      kind: 'define',
      tag: 'CREATE FUNCTION',
      database: database.name,
      registers: replaced ? [] : [{ id, kind: 'function', name, ownerRole, definition, uses }],
      unregisters: [],
      countsRows: false,
      ...(replaced && {
        amends: [
          { kind: 'owner', id: replaced.id, ownerRole },
          { kind: 'definition', id: replaced.id, definition },
          { kind: 'uses', id: replaced.id, uses },
        ],
      }),
    },
    requires: [...requires, ...checked.requires],
    personal: false,
    reusable: false,
  }
}

function placeOf(
  head: FunctionHead,
  { catalog, database: home }: GateContext,
): { readonly database: DatabaseEntry; readonly name: string } {
  const place = functionPlace(head.name, home)
  const database = place && catalog.database(place.database)
  if (database) return { database, name: place.name }
  throw notSupported('a function in a schema', 'Functions belong to the database: name it alone.')
}

/** Whether the engine's parser reads a call of it as a call of it, and not as a word of its grammar. */
async function checkCallable(name: string, count: number, context: GateContext): Promise<void> {
  const values = Array.from({ length: count }, () => 'NULL').join(', ')
  let statement: JsonObject
  try {
    statement = await parseOne(withText(context, `SELECT ${name}(${values})`))
  } catch (cause) {
    throw cause instanceof GatewayError && cause.kind === 'syntax_error' ? nameIsTaken(name) : cause
  }
  const [call, second] = nodesOf(nodeOf(statement, 'node') ?? {}, 'select_list')
  const same =
    !second &&
    call?.['class'] === 'FUNCTION' &&
    textOf(call, 'function_name') === name.toLowerCase() &&
    textOf(call, 'schema') === '' &&
    nodesOf(call, 'children').length === count
  if (!same) throw nameIsTaken(name)
}

interface CheckedDefinition extends Pick<CheckedStatement, 'requires'> {
  readonly definition: FunctionDefinition
  readonly uses: ReturnType<typeof usesOf>
}

async function checkDefinition(
  head: FunctionHead,
  context: GateContext,
  parameterTypes: ParameterTypes,
  replaced: FunctionEntry | undefined,
): Promise<CheckedDefinition> {
  const { introspection } = context
  const written = [...head.parameters.map(({ type }) => type), head.returns]
  const types = (await parameterTypes.nodes(written, introspection)).filter(
    (one) => one !== undefined,
  )
  const printed = await introspection.deparse(types.map((type) => toEngineJson(castOf(type))))
  const names = printed.map((text) => text.slice('SELECT CAST(NULL AS '.length, -1))
  const returns = types.pop() ?? {}

  const source = head.body.value
  const inBody = withText(
    { ...context, functions: await context.functionsIn(source, context), system: undefined },
    source,
  )
  try {
    readStatements(source, 'duckdb') // the limits of texts hold for the one in the string, too
    const statement = await parseOne(inBody)
    const body = bodyExpression(
      statement,
      head.parameters.map(({ name }) => name.toLowerCase()),
    )
    const query = {
      ...nodeOf(statement, 'node'),
      select_list: [callWithNulls(types, body, returns)],
    }
    const check = new TreeCheck({ ...statement, node: query }, inBody, [])
    if (check.usesSession) {
      throw notSupported('a function about the session inside a function')
    }
    if (replaced && check.functions.has(replaced)) {
      throw notSupported(`a function that calls itself`, `Its body calls ${replaced.name}.`)
    }
    const { text, plan, requires } = await verifyTree(check, inBody)
    if (!givesOneRow(plan)) {
      throw notSupported('a function that is computed over rows', 'No aggregates, no unnest.')
    }
    if (sizeOf(check.statement) > sizeMax) {
      throw new GatewayError(
        'statement_too_complex',
        'statement too complex: the function is too large',
      )
    }
    const parameters = head.parameters.map(({ name }, index) => ({
      name,
      type: names[index] ?? '',
    }))
    const definition = {
      revision: randomUUID(),
      parameters,
      returns: names.at(-1) ?? '',
      text,
      source,
    }
    return { definition, uses: usesOf(check.functions), requires }
  } catch (thrown) {
    throw inStatement(thrown, head.body, context)
  }
}

function castOf(type: JsonObject): JsonObject {
  const node = {
    type: 'SELECT_NODE',
    modifiers: [],
    cte_map: { map: [] },
    select_list: [castNode(NULL_NODE, type)],
    from_table: { type: 'EMPTY', alias: '', sample: null, query_location: 0 },
    where_clause: null,
    group_expressions: [],
    group_sets: [],
    aggregate_handling: 'STANDARD_HANDLING',
    having: null,
    sample: null,
    qualify: null,
  }
  return { error: false, statements: [{ node, named_param_map: [] }] }
}

function withText(context: GateContext, text: string): GateContext {
  return { ...context, parameterTypes: [], statement: { ...context.statement, text } }
}

/** Places in the body as places in the statement; none where the string was written with escapes. */
function inStatement(thrown: unknown, body: Token, { statement: { text } }: GateContext): unknown {
  const start = text.indexOf(body.value, body.start)
  const found = start >= 0 && start + body.value.length <= body.end
  return repositioned(thrown, (position) =>
    found ? characterPosition(text, start) - 1 + position : undefined,
  )
}
