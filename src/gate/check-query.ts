/**
 * One query, from text to regenerated text with what it needs: the heart of the gate.
 *
 *   parse → check and rewrite the tree → print it, parse that again and compare → bind → read off
 *   the plan which columns are used
 *
 * SELECT and its family, and the queries inside INSERT and CREATE TABLE AS.
 */
import { tableRef } from '../catalog/catalog-snapshot.ts'
import type { FunctionEntry, TableEntry } from '../catalog/catalog-snapshot.ts'
import { GatewayError } from '../base/gateway-error.ts'
import type { Introspection, StubTable } from '../engine/engine.ts'
import type { PermittedAction } from '../identity/permit.ts'
import type { Requirement } from '../identity/permission.ts'
import { bindError, complaintIn, isOperational } from './engine-complaint.ts'
import type { EngineComplaint } from './engine-complaint.ts'
import { isObject, parsePlanJson, toEngineJson } from './engine-json.ts'
import type { JsonObject } from './engine-json.ts'
import { needsOfCalls } from './function-uses.ts'
import type { GateContext } from './gate-context.ts'
import { heldColumns } from './held-columns.ts'
import { byteOffset } from '../sql/text-position.ts'
import { locateInText } from './locate-in-text.ts'
import { missingPermissions } from './missing-permissions.ts'
import type { ParameterTypes } from './parameter-types.ts'
import { parseStatements, statementsIn } from './parse-statements.ts'
import { notSupported } from './refusals.ts'
import { needToRead } from './requirements.ts'
import { sameTree } from './same-tree.ts'
import { plannedStatement, TreeCheck } from './tree-check.ts'
import { nodesOf } from './tree-node.ts'
import { columnReads, PlanMismatch } from './verify-plan.ts'
import type { ColumnReads } from './verify-plan.ts'
import { stubOf, withStubs } from './view-stubs.ts'

export interface CheckedQuery {
  /** Canonical, with full names: what may run. */
  readonly text: string
  readonly requires: readonly Requirement[]
  /** True when the text holds the principal's name. */
  readonly personal: boolean
  /** The reads of views' own queries included. */
  readonly reads: ColumnReads
  readonly plan: JsonObject
  /** Of users, that it calls; those in the queries of views not included. */
  readonly functions: ReadonlySet<FunctionEntry>
  /** 0 without views, 1 over views of tables, and so on. */
  readonly viewDepth: number
  /** What was bound, with stubs for views and foreign tables: a tree, to be printed. */
  readonly planned: PlannedTree
  /** Those that were asked for, printed. */
  readonly parts: readonly string[]
}

export interface PlannedTree {
  readonly tree: string
  readonly stubs: readonly StubTable[]
}

export interface VerifyOptions {
  /**
   * What to bind in place of the statement, where the engine cannot bind that by itself; it reads the
   * same columns.
   */
  readonly toPlan?: (statement: JsonObject) => JsonObject
  /** What is needed besides: all that is missing is told at once. */
  readonly needs?: readonly Requirement[]
  /** A table that need not be readable where none of its columns is read: the target of a write. */
  readonly unread?: TableEntry
  /** Trees of its parts, to be printed as well: as they are when the engine can bind the whole. */
  readonly parts?: () => readonly string[]
}

const NO_PARTS = (): readonly string[] => []

/**
 * @param context with the text of the query alone as its statement's text.
 * @throws GatewayError whatever is wrong with it, or missing for it, in words fit for the client.
 */
export async function checkQuery(
  context: GateContext,
  parameterTypes: ParameterTypes,
): Promise<CheckedQuery> {
  const statement = await parseOne(context)
  const types = await parameterTypes.nodes(context.parameterTypes, context.introspection)
  return await verifyTree(new TreeCheck(statement, context, types), context)
}

/** What a query is when it runs: one that draws from a sequence changes that. */
export function queryAction({ sequences }: GateContext): PermittedAction {
  return sequences.any ? { kind: 'write', tag: 'SELECT', returning: true } : { kind: 'read' }
}

/** @throws GatewayError `syntax_error` unless the text is exactly one statement. */
export async function parseOne(context: GateContext): Promise<JsonObject> {
  const [statement, second] = await parseStatements(context.statement.text, context.introspection)
  if (!statement || second) {
    throw new GatewayError('syntax_error', 'exactly one statement was expected here')
  }
  return statement
}

/** Regenerates a checked tree and verifies the result. */
export async function verifyTree(
  check: TreeCheck,
  context: GateContext,
  { toPlan = plannedStatement, needs = [], unread, parts: partsOf = NO_PARTS }: VerifyOptions = {},
): Promise<CheckedQuery> {
  const { text, plan, planned, parts } = await regenerate(check, context, toPlan, partsOf)
  const reads = readsOf(plan, check, context)
  const calls = needsOfCalls(check.functions, context)
  const requires = [...needs, ...calls.own]
  for (const table of check.tables) {
    const columns = reads.get(table) ?? new Set<string>()
    if (table !== unread || columns.size > 0) requires.push(...needToRead(table, columns))
  }
  const missing = requires.filter((requirement) => !context.authority.covers(requirement))
  if (missing.length > 0) {
    throw missingPermissions(missing, context.authority, check.tables, check.written)
  }
  requires.push(...calls.owners)
  let viewDepth = 0
  for (const view of new Set(check.views.values())) {
    const through = await context.throughView(view, context)
    viewDepth = Math.max(viewDepth, through.depth)
    requires.push(...through.requires)
    addReads(reads, through.reads)
    const told =
      view.kind === 'foreign table' && context.authority.columns('SELECT', tableRef(view)) === 'all'
    context.files.add(through.files.map((files) => ({ ...files, told })))
  }
  const { personal, functions } = check
  return { text, requires, personal, reads, plan, functions, viewDepth, planned, parts }
}

function addReads(reads: ColumnReads, more: ColumnReads): void {
  for (const [table, columns] of more) {
    reads.set(table, new Set([...(reads.get(table) ?? []), ...columns]))
  }
}

interface Regenerated {
  readonly text: string
  readonly plan: JsonObject
  readonly planned: PlannedTree
  readonly parts: readonly string[]
}

async function regenerate(
  check: TreeCheck,
  context: GateContext,
  toPlan: (statement: JsonObject) => JsonObject,
  partsOf: () => readonly string[],
): Promise<Regenerated> {
  for (;;) {
    const attempt = await regenerateOnce(check, context, toPlan, partsOf)
    if ('plan' in attempt) return attempt
    // Parameters whose type cannot be inferred leave the engine without a plan: each round types
    // more of them, until none is left.
    const open = check.hasOpenParameters && isInternal(attempt.complaint)
    if (!open || !(check.typeOpenParameters(false) || check.typeOpenParameters(true))) {
      throw await refusalOf(attempt, check, context)
    }
  }
}

interface Failure {
  readonly complaint: EngineComplaint
  /** What was bound: a tree, to be printed. */
  readonly bound: string
}

type Attempt = Regenerated | Failure

async function regenerateOnce(
  check: TreeCheck,
  context: GateContext,
  toPlan: (statement: JsonObject) => JsonObject,
  partsOf: () => readonly string[],
): Promise<Attempt> {
  const { statement } = check
  const run = treeOf(statement)
  const bound = withStubs(toPlan(statement), check.views)
  const tree = bound === statement ? run : treeOf(bound)
  const stubs = [...new Set(check.views.values())].map(stubOf)
  const planned = { tree, stubs }
  let answer: Awaited<ReturnType<Introspection['regenerate']>>
  try {
    answer = await context.introspection.regenerate(run, tree, stubs, partsOf())
  } catch (thrown) {
    return { complaint: complaintIn(thrown), bound: tree }
  }
  const { text, plan, parts } = answer
  const parsed = parsePlanJson(plan)
  if (!isObject(parsed) || parsed['error'] !== false) {
    return { complaint: complaintIn(parsed), bound: tree }
  }
  await textSaysWhatWasChecked(text, answer.tree, statement, context)
  const [only, second] = nodesOf(parsed, 'plans')
  if (!only || second) throw securityAlarm('not exactly one plan', context)
  return { text, plan: only, planned, parts }
}

function treeOf(statement: JsonObject): string {
  return toEngineJson({ error: false, statements: [statement] })
}

async function textSaysWhatWasChecked(
  text: string,
  tree: string | undefined,
  statement: JsonObject,
  context: GateContext,
): Promise<void> {
  const [again, second] =
    tree === undefined ? await parseStatements(text, context.introspection) : statementsIn(tree)
  if (!again || second || !sameTree(statement, again)) {
    throw securityAlarm('the regenerated text reads differently', context)
  }
}

function readsOf(plan: JsonObject, check: TreeCheck, context: GateContext) {
  const { catalog, sequences } = context
  try {
    return columnReads(plan, { catalog, tables: check.tables, sequences })
  } catch (thrown) {
    if (thrown instanceof PlanMismatch) throw securityAlarm(thrown.message, context)
    throw thrown
  }
}

/** A finding for the log, and an error that tells the client nothing. */
export function securityAlarm(what: string, context: GateContext): GatewayError {
  context.alert({ what, roleId: context.authority.roleId, text: context.statement.text })
  return new GatewayError('insufficient_privilege', 'this statement is not permitted', {
    cause: what,
  })
}

/** The client must not learn from a binder's error what it may not know. */
async function refusalOf(
  { complaint, bound }: Failure,
  check: TreeCheck,
  context: GateContext,
): Promise<GatewayError> {
  if (isOperational(complaint) && !isInternal(complaint))
    return bindError(complaint, { open: false })
  const hidden = hiddenButWritten(check, context)
  if (hidden) return hidden
  if (isInternal(complaint) && hasParameters(check)) {
    return check.hasOpenParameters
      ? new GatewayError('indeterminate_datatype', 'could not determine the type of a parameter')
      : notSupported(
          'a parameter in this place',
          'Functions in FROM need their values written out.',
        )
  }
  const position = await placeOf(complaint, bound, check, context)
  const open = [...check.tables].every((table) => hiddenColumns(table, context).length === 0)
  return bindError(complaint, { open, written: check.written }, position)
}

/** Costs two more round trips, for errors alone: the text that was bound, and its tree. */
async function placeOf(
  { offset, error }: EngineComplaint,
  bound: string,
  check: TreeCheck,
  context: GateContext,
): Promise<number | undefined> {
  if (offset === undefined && error?.position === undefined) return undefined
  const [text = ''] = await context.introspection.deparse([bound])
  const bytes = offset ?? byteOffset(text, error?.position ?? 1)
  return await locateInText(text, bytes, check.statement, context)
}

/**
 * A binder stops at the first error, maybe one about the type of a column that the client may not
 * read: columns that it named and does not hold come first.
 */
function hiddenButWritten(check: TreeCheck, context: GateContext): GatewayError | undefined {
  const missing = [...check.tables].flatMap((table) => {
    const columns = hiddenColumns(table, context).filter((name) =>
      check.written.has(name.toLowerCase()),
    )
    return columns.length > 0 ? needToRead(table, new Set(columns)) : []
  })
  const lacking = missing.filter((requirement) => !context.authority.covers(requirement))
  return lacking.length > 0
    ? missingPermissions(lacking, context.authority, check.tables, check.written)
    : undefined
}

function hiddenColumns(table: TableEntry, { authority }: GateContext): string[] {
  const held = heldColumns(authority, 'SELECT', table)
  return table.columns.filter((column) => !held.includes(column)).map(({ name }) => name)
}

export function hasParameters({ statement }: TreeCheck): boolean {
  return nodesOf(statement, 'named_param_map').length > 0
}

/** Without the types of all parameters the engine has no plan, and says so with an internal error. */
function isInternal({ type, error }: EngineComplaint): boolean {
  return type === 'internal' || error?.kind === 'internal'
}
