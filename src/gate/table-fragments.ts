/**
 * The types and expressions of CREATE TABLE, taken through the engine's parser and binder.
 *
 * All of them are put into one query, `SELECT (expressions…) FROM (SELECT CAST(NULL AS type) AS
 * name, …)`, whose shape must come back exactly; each is then printed by the engine, and the printed
 * ones are parsed and bound again in the same query. If a fragment was more than it seemed, the
 * shape is another one, and nothing runs.
 */
import { assert } from '../base/assert.ts'
import { GatewayError } from '../base/gateway-error.ts'
import { bindError, complaintIn } from './engine-complaint.ts'
import { isObject, parsePlanJson, toEngineJson } from './engine-json.ts'
import type { Json, JsonObject } from './engine-json.ts'
import type { GateContext } from './gate-context.ts'
import { parseStatements } from './parse-statements.ts'
import { plainSelect } from './plain-select.ts'
import { quoteName } from './quote-name.ts'
import { notSupported } from './refusals.ts'
import { sameTree } from './same-tree.ts'
import { TreeCheck } from './tree-check.ts'
import { nodeOf, nodesOf, textOf, textsOf } from './tree-node.ts'
import { UNSTABLE_FUNCTIONS } from './unstable-functions.ts'
import { columnReads } from './verify-plan.ts'

export interface TableFragments {
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly expressions: readonly TableExpression[]
}

export interface TableExpression {
  readonly text: string
  /**
   * A default may name no column; a check, and the value of USING, those of the table. USING computes
   * what is stored, and computes it again when the engine reads its log after a crash: it must give
   * the same.
   */
  readonly kind: 'default' | 'check' | 'using'
}

/** Canonical texts, in the order given. */
export interface CanonicalFragments {
  readonly types: readonly string[]
  readonly expressions: readonly string[]
}

/** @throws GatewayError `syntax_error`, or what is wrong with a fragment. */
export async function canonicalFragments(
  fragments: TableFragments,
  context: GateContext,
): Promise<CanonicalFragments> {
  try {
    return await canonical(fragments, context)
  } catch (thrown) {
    throw withoutPosition(thrown)
  }
}

/** Places in the query put together mean nothing to the client. */
function withoutPosition(thrown: unknown): unknown {
  if (!(thrown instanceof GatewayError) || thrown.position === undefined) return thrown
  const { kind, message, hint } = thrown
  return new GatewayError(kind, message, { cause: thrown, ...(hint !== undefined && { hint }) })
}

async function canonical(
  fragments: TableFragments,
  context: GateContext,
): Promise<CanonicalFragments> {
  const { statement, types, expressions } = await parseTogether(fragments, context)
  const check = new TreeCheck(statement, context, [])
  for (const expression of expressions) expression['alias'] = '' // values have no names
  if (check.functions.size > 0) {
    throw notSupported(
      'a function of users in a column definition',
      'Every INSERT would call it, for whoever may write to the table.',
    )
  }
  const printed = await context.introspection.deparse(
    [...types, ...expressions].map((item) => toEngineJson(selectOf(item, statement))),
  )
  const texts = {
    types: printed.slice(0, types.length).map((text) => cut(text, 'SELECT CAST(NULL AS ', ')')),
    expressions: printed.slice(types.length).map((text) => cut(text, 'SELECT ', '')),
  }
  await verifyTogether(texts, fragments, statement, context)
  return texts
}

interface Parsed {
  readonly statement: JsonObject
  /** CAST(NULL AS type), one per column. */
  readonly types: readonly JsonObject[]
  readonly expressions: readonly JsonObject[]
}

async function parseTogether(fragments: TableFragments, context: GateContext): Promise<Parsed> {
  const text = together(
    fragments.columns.map(({ name, type }) => ({ name, type })),
    fragments.expressions.map((expression) => expression.text),
  )
  const [statement, second] = await parseStatements(text, context.introspection)
  const outer = statement && nodeOf(statement, 'node')
  const inner = outer && subqueryOf(outer)
  if (!statement || second || !outer || !inner) throw escaped()
  const expressions = nodesOf(outer, 'select_list')
  const types = nodesOf(inner, 'select_list')
  if (!plainSelect(outer) || !plainSelect(inner)) throw escaped()
  if (expressions.length !== fragments.expressions.length + 1) throw escaped()
  if (types.length !== fragments.columns.length) throw escaped()
  for (const [index, cast] of types.entries()) {
    const named = textOf(cast, 'alias') === fragments.columns[index]?.name
    const ofNull = nodeOf(cast, 'child')?.['class'] === 'CONSTANT'
    if (cast['class'] !== 'CAST' || cast['try_cast'] !== false || !named || !ofNull) throw escaped()
  }
  const names = new Set(fragments.columns.map(({ name }) => name.toLowerCase()))
  for (const [index, { kind }] of fragments.expressions.entries()) {
    const expression = expressions[index + 1] ?? null
    standsAlone(expression, kind === 'default' ? new Set() : names)
    if (kind === 'using') givesTheSameAgain(expression)
    if (kind !== 'default') refuseNextval(expression)
  }
  return { statement, types, expressions: expressions.slice(1) }
}

/** The first expression is ours: a table may have none. */
function together(
  columns: readonly { readonly name: string; readonly type: string }[],
  expressions: readonly string[],
): string {
  const casts = columns.map(({ name, type }) => `CAST(NULL AS ${type}) AS ${quoteName(name)}`)
  const items = ['1', ...expressions.map((text) => `(${text})`)]
  return `SELECT ${items.join(', ')} FROM (SELECT ${casts.join(', ')}) AS "columns"`
}

function subqueryOf(outer: JsonObject): JsonObject | undefined {
  const from = nodeOf(outer, 'from_table')
  if (from?.['type'] !== 'SUBQUERY' || from['alias'] !== 'columns') return undefined
  return nodeOf(nodeOf(from, 'subquery') ?? {}, 'node')
}

function escaped(): GatewayError {
  return new GatewayError('syntax_error', 'syntax error in a column definition')
}

/** Definitions outlive the session: they hold nothing of it, and read nothing. */
function standsAlone(node: Json, columns: ReadonlySet<string>): void {
  if (Array.isArray(node)) return node.forEach((item) => standsAlone(item, columns))
  if (!isObject(node)) return
  switch (textOf(node, 'class')) {
    case 'SUBQUERY':
    case 'STAR':
    case 'WINDOW':
    case 'PARAMETER':
    case 'POSITIONAL_REFERENCE':
      throw notSupported('a query or a parameter in a column definition')
    case 'COLUMN_REF':
      return refersToOwnColumn(node, columns)
    case 'FUNCTION':
      if (SESSION_FUNCTIONS.has(textOf(node, 'function_name').toLowerCase())) {
        throw notSupported('a function about the session in a column definition')
      }
  }
  Object.values(node).forEach((part) => standsAlone(part, columns))
}

const SESSION_FUNCTIONS: ReadonlySet<string> = new Set([
  'current_user',
  'session_user',
  'current_role',
  'user',
  'current_catalog',
  'current_database',
  'current_schema',
  'version',
])

/** Of a default alone it is clear whose rights it is drawn with: who inserts. */
function refuseNextval(node: Json): void {
  if (Array.isArray(node)) return node.forEach(refuseNextval)
  if (!isObject(node)) return
  if (textOf(node, 'function_name').toLowerCase() === 'nextval') {
    throw notSupported('nextval in this place')
  }
  Object.values(node).forEach(refuseNextval)
}

function givesTheSameAgain(node: Json): void {
  if (Array.isArray(node)) return node.forEach(givesTheSameAgain)
  if (!isObject(node)) return
  const isCall = textOf(node, 'class') === 'FUNCTION'
  const isWord = textOf(node, 'class') === 'COLUMN_REF'
  const name = isCall
    ? textOf(node, 'function_name')
    : isWord
      ? textsOf(node, 'column_names')[0]
      : ''
  if (UNSTABLE_FUNCTIONS.has((name ?? '').toLowerCase())) {
    throw notSupported(
      `${(name ?? '').toLowerCase()} in ALTER COLUMN … TYPE … USING`,
      'Add a column, and fill it with UPDATE.',
    )
  }
  Object.values(node).forEach(givesTheSameAgain)
}

/** The clock's keywords look like columns in the tree. */
const CLOCK: ReadonlySet<string> = new Set([
  'current_date',
  'current_time',
  'current_timestamp',
  'localtime',
  'localtimestamp',
])

function refersToOwnColumn(node: JsonObject, columns: ReadonlySet<string>): void {
  const [name = '', second] = textsOf(node, 'column_names').map((part) => part.toLowerCase())
  if (second === undefined && columns.has(name)) return
  if (second === undefined && CLOCK.has(name)) return
  throw new GatewayError('undefined_column', `column "${name}" does not exist`)
}

function selectOf(item: JsonObject, statement: JsonObject): JsonObject {
  const node = nodeOf(statement, 'node') ?? {}
  const inner = subqueryOf(node) ?? {}
  const single = {
    ...inner,
    select_list: [{ ...item, alias: '' }],
    from_table: { type: 'EMPTY', alias: '', sample: null, query_location: 0 },
  }
  return { error: false, statements: [{ node: single, named_param_map: [] }] }
}

function cut(text: string, before: string, after: string): string {
  assert(text.startsWith(before) && text.endsWith(after), 'the engine prints as it is known to')
  return text.slice(before.length, text.length - after.length)
}

/** What was printed reads as what was checked, and binds. */
async function verifyTogether(
  canonical: CanonicalFragments,
  fragments: TableFragments,
  statement: JsonObject,
  context: GateContext,
): Promise<void> {
  const columns = fragments.columns.map(({ name }, index) => ({
    name,
    type: canonical.types[index] ?? '',
  }))
  const text = together(columns, canonical.expressions)
  const [again, second] = await parseStatements(text, context.introspection)
  if (!again || second || !sameTree(statement, again)) {
    const what = 'a regenerated column definition reads differently'
    context.alert({ what, roleId: context.authority.roleId, text: context.statement.text })
    throw new GatewayError('feature_not_supported', 'this column definition is not supported')
  }
  columnReads(await planOf(text, context), {
    catalog: context.catalog,
    tables: new Set(),
    sequences: context.sequences,
  })
}

async function planOf(text: string, { introspection }: GateContext): Promise<JsonObject> {
  let plan: Json
  try {
    plan = parsePlanJson(await introspection.plan(text))
  } catch (thrown) {
    throw bindError(complaintIn(thrown), { open: true })
  }
  const [only] = isObject(plan) && plan['error'] === false ? nodesOf(plan, 'plans') : []
  if (!only) throw bindError(complaintIn(plan), { open: true })
  return only
}
