/**
 * The expressions of a write, taken through the engine's parser and binder.
 *
 * The engine gives no tree of an UPDATE or DELETE. So what the client wrote in it is put into a
 * query over the same tables, `SELECT 1, (value), … FROM target, from-list WHERE (condition)`,
 * whose shape must come back exactly. That query is checked like any other: its plan shows which
 * columns are read. The clauses are then printed one by one, the query of the printed ones is parsed
 * again and must be the same tree. If a clause was more than it seemed, the shape is another one,
 * and nothing runs.
 */
import { assert } from '../base/assert.ts'
import { GatewayError } from '../base/gateway-error.ts'
import type { TableEntry } from '../catalog/catalog-snapshot.ts'
import type { Requirement } from '../identity/permission.ts'
import { parseOne, securityAlarm, verifyTree } from './check-query.ts'
import { toEngineJson } from './engine-json.ts'
import type { JsonObject } from './engine-json.ts'
import type { GateContext } from './gate-context.ts'
import { plainSelect } from './plain-select.ts'
import type { ParameterTypes } from './parameter-types.ts'
import { parseStatements } from './parse-statements.ts'
import { PieceText } from './piece-text.ts'
import type { Piece } from './piece-text.ts'
import { quoteFullName, quoteName } from './quote-name.ts'
import { sameTree } from './same-tree.ts'
import { TreeCheck } from './tree-check.ts'
import { nodeOf, nodesOf, textOf } from './tree-node.ts'
import type { ColumnReads } from './verify-plan.ts'

export interface WriteTarget {
  readonly table: TableEntry
  /** As the client calls it in this statement, where it gave an alias. */
  readonly alias: string | undefined
}

export interface WriteClauses {
  /** Values, each in brackets of ours; or one list of result columns, as it stands. */
  readonly values: readonly WriteValue[]
  readonly list?: Piece | undefined
  /** What stands in FROM or USING beside the target. */
  readonly from?: Piece | undefined
  readonly where?: Piece | undefined
  /** `WITH …`, which stands before the write and counts in all of its clauses. */
  readonly with?: Piece | undefined
  /** A relation of ours beside the target, such as the rows that ON CONFLICT calls `excluded`. */
  readonly beside?: string | undefined
}

export interface WriteValue {
  readonly piece: Piece
  /** The engine's type of the column that it is for. */
  readonly typeName: string
}

export interface CheckedClauses {
  /** Canonical texts, in the order given. */
  readonly values: readonly string[]
  readonly list: string
  readonly from: string
  readonly where: string
  /** With a space behind it; empty where there is none. */
  readonly with: string
  /** SELECT on every column that is read, and `needs`. */
  readonly requires: readonly Requirement[]
  readonly personal: boolean
  readonly reads: ColumnReads
}

/**
 * @param needs what the write needs besides: all that is missing is told at once.
 * @throws GatewayError with its position in the statement's text.
 */
export async function checkClauses(
  context: GateContext,
  parameterTypes: ParameterTypes,
  target: WriteTarget,
  clauses: WriteClauses,
  needs: readonly Requirement[],
): Promise<CheckedClauses> {
  const source = context.statement.text
  const query = queryOf(source, target, clauses)
  const statement = { ...context.statement, text: query.text }
  try {
    return await check({ ...context, statement }, parameterTypes, target, clauses, needs)
  } catch (thrown) {
    throw query.inSource(thrown)
  }
}

/** `AS` and the name, where the client gave one. */
export function targetText({ table, alias }: WriteTarget): string {
  const { schema, name } = table
  const full = quoteFullName(schema.database.name, schema.name, name)
  return alias === undefined ? full : `${full} AS ${quoteName(alias)}`
}

function queryOf(source: string, target: WriteTarget, clauses: WriteClauses): PieceText {
  const query = new PieceText(source)
  if (clauses.with) query.take(clauses.with).own(' ')
  query.own('SELECT ')
  if (clauses.list) query.take(clauses.list)
  else query.own('1')
  for (const { piece } of clauses.values) query.own(', (').take(piece).own(')')
  query.own(` FROM ${targetText(target)}`)
  if (clauses.beside !== undefined) query.own(`, ${clauses.beside}`)
  if (clauses.from) query.own(', ').take(clauses.from)
  if (clauses.where) query.own(' WHERE (').take(clauses.where).own(')')
  return query
}

async function check(
  context: GateContext,
  parameterTypes: ParameterTypes,
  target: WriteTarget,
  clauses: WriteClauses,
  needs: readonly Requirement[],
): Promise<CheckedClauses> {
  const statement = await parseOne(context)
  const node = nodeOf(statement, 'node')
  const beside = fromItems(node, target, clauses)
  if (!node || !beside) throw escaped()
  const items = nodesOf(node, 'select_list')
  if (!clauses.list && items.length !== clauses.values.length + 1) throw escaped()

  const types = await parameterTypes.nodes(context.parameterTypes, context.introspection)
  const tree = new TreeCheck(statement, context, types)
  for (const [index, { typeName }] of clauses.values.entries()) {
    const [type] = await parameterTypes.nodes([typeName], context.introspection)
    const item = items[index + 1]
    if (item && type) tree.typeParameter(item, type)
  }
  if (!clauses.list) for (const item of items) item['alias'] = '' // values have no names
  const parts: JsonObject[][] = clauses.list ? [items] : items.slice(1).map((item) => [item])
  const where = nodeOf(node, 'where_clause')
  const verified = await verifyTree(tree, context, {
    needs,
    unread: target.table,
    parts: () => [
      ...parts.map((list) => toEngineJson(selectOf(list, undefined, statement))),
      ...beside.map((item) => toEngineJson(selectOf([ONE], item, statement))),
      ...(where ? [toEngineJson(selectOf([where], undefined, statement))] : []),
      ...(clauses.with ? [toEngineJson(withOf(statement))] : []),
    ],
  })
  const { requires, personal, reads } = verified
  const printed = [...verified.parts]
  const withText = clauses.with ? cutEnd(printed.pop() ?? '', 'SELECT 1') : ''
  const texts = printed.map((text) => cut(text, 'SELECT '))
  const values = texts.slice(0, parts.length)
  const tables = texts.slice(parts.length, parts.length + beside.length)
  const canonical = {
    values: clauses.list ? [] : values,
    list: clauses.list ? (values[0] ?? '') : '',
    from: tables
      .slice(clauses.beside === undefined ? 0 : 1)
      .map((text) => cut(text, '1 FROM '))
      .join(', '),
    where: where ? (texts.at(-1) ?? '') : '',
    with: withText,
  }
  await readsTheSame(canonical, target, clauses, statement, context)
  return { ...canonical, requires, personal, reads }
}

/** What stands beside the target, in order; undefined when the query has not the shape of ours. */
function fromItems(
  node: JsonObject | undefined,
  { table, alias }: WriteTarget,
  clauses: WriteClauses,
): JsonObject[] | undefined {
  const { where, with: ctes } = clauses
  if (!node || !plainSelect(node, { where: where !== undefined, ctes: ctes !== undefined })) {
    return undefined
  }
  const items: JsonObject[] = []
  let left = nodeOf(node, 'from_table')
  while (left?.['type'] === 'JOIN' && left['ref_type'] === 'CROSS' && left['condition'] === null) {
    const right = nodeOf(left, 'right')
    if (right) items.unshift(right)
    left = nodeOf(left, 'left')
  }
  const isTarget =
    left?.['type'] === 'BASE_TABLE' &&
    textOf(left, 'catalog_name') === table.schema.database.name &&
    textOf(left, 'schema_name') === table.schema.name &&
    textOf(left, 'table_name') === table.name &&
    textOf(left, 'alias') === (alias ?? '')
  const expected = (clauses.beside === undefined ? 0 : 1) + (clauses.from ? 1 : 0)
  return isTarget && items.length >= expected && items.length > 0 === expected > 0
    ? items
    : undefined
}

function escaped(): GatewayError {
  return new GatewayError('syntax_error', 'syntax error in a clause of the statement')
}

const ONE: JsonObject = {
  class: 'CONSTANT',
  type: 'VALUE_CONSTANT',
  alias: '',
  query_location: 0,
  value: { type: { id: 'INTEGER', type_info: null }, is_null: false, value: 1 },
}

const NOTHING: JsonObject = { type: 'EMPTY', alias: '', sample: null, query_location: 0 }

function selectOf(
  items: readonly JsonObject[],
  from: JsonObject | undefined,
  statement: JsonObject,
): JsonObject {
  const node = nodeOf(statement, 'node') ?? {}
  const single = {
    ...node,
    select_list: [...items],
    from_table: from ?? NOTHING,
    where_clause: null,
    cte_map: { map: [] },
  }
  return { error: false, statements: [{ node: single, named_param_map: [] }] }
}

function withOf(statement: JsonObject): JsonObject {
  const node = nodeOf(statement, 'node') ?? {}
  const single = { ...node, select_list: [ONE], from_table: NOTHING, where_clause: null }
  return { error: false, statements: [{ node: single, named_param_map: [] }] }
}

function cut(text: string, before: string): string {
  assert(text.startsWith(before), 'the engine prints as it is known to')
  return text.slice(before.length)
}

function cutEnd(text: string, after: string): string {
  assert(text.endsWith(after), 'the engine prints as it is known to')
  return `${text.slice(0, -after.length).trimEnd()} `
}

/** The query of the printed clauses is the one that was checked. */
async function readsTheSame(
  printed: Pick<CheckedClauses, 'values' | 'list' | 'from' | 'where' | 'with'>,
  target: WriteTarget,
  { list, beside }: WriteClauses,
  statement: JsonObject,
  context: GateContext,
): Promise<void> {
  const head = list ? printed.list : ['1', ...printed.values.map((text) => `(${text})`)].join(', ')
  const from = [targetText(target), beside, printed.from].filter(Boolean).join(', ')
  const where = printed.where === '' ? '' : ` WHERE (${printed.where})`
  const text = `${printed.with}SELECT ${head} FROM ${from}${where}`
  const [again, second] = await parseStatements(text, context.introspection)
  if (!again || second || !sameTree(statement, again)) {
    throw securityAlarm('a regenerated clause reads differently', context)
  }
}
