/**
 * CREATE [OR REPLACE] [TEMP] VIEW [IF NOT EXISTS] name [(columns)] AS query.
 *
 * The engine keeps a query as it is written and binds it anew at each use, so that `SELECT *` would
 * grow with its table. A view of ours names its columns: what it shows is settled here.
 *
 * The view reads with the rights of the role that creates it (`view-reads.ts`). OR REPLACE keeps the
 * view's id, so what was granted on it stays, and makes the role that does it the owner. A temporary
 * view has no id and no grants: it is read with the rights of whoever asks, which can only be its session.
 */
import { randomUUID } from 'node:crypto'
import { GatewayError } from '../base/gateway-error.ts'
import { isTemporary, TEMPORARY_SCHEMA } from '../catalog/temporary.ts'
import { checkQuery, hasParameters, parseOne, verifyTree } from './check-query.ts'
import type { CheckedQuery } from './check-query.ts'
import type { CheckedStatement } from './checked-statement.ts'
import { usesOf } from './function-uses.ts'
import type { GateContext } from './gate-context.ts'
import { readHead } from './head-cursor.ts'
import { readColumnNames, readNewRelation, skipping } from './new-relation.ts'
import type { NewRelation } from './new-relation.ts'
import type { ParameterTypes } from './parameter-types.ts'
import { PieceText } from './piece-text.ts'
import type { Piece } from './piece-text.ts'
import { quoteName } from './quote-name.ts'
import { notSupported } from './refusals.ts'
import { isBareStar } from './same-tree.ts'
import { TreeCheck } from './tree-check.ts'
import { nodeOf, nodesOf, textOf } from './tree-node.ts'

export async function checkCreateView(
  context: GateContext,
  parameterTypes: ParameterTypes,
): Promise<CheckedStatement> {
  const { cursor, tokens } = readHead(context)
  const made = readNewRelation(cursor, context, 'view')
  const { schema, name, fullName, replaced, kept } = made
  const columns = readColumnNames(cursor)
  cursor.expect('as')
  const start = cursor.peek()?.start
  const end = tokens.at(-1)?.end ?? 0
  if (start === undefined || start >= end) throw cursor.syntaxError()
  if (context.system) throw notSupported('a view over the catalogue')
  const query = await checkBody(
    { start, end },
    { name, columns },
    { ...context, withinViews: replaced ? [replaced.id] : [] },
    parameterTypes,
  )
  if (schema === TEMPORARY_SCHEMA) refuseFunctions(query)
  else if ([...query.reads.keys()].some(isTemporary)) {
    throw notSupported('a view over a temporary table', 'It would outlive the table.')
  }
  const { roleId: ownerRole } = context.authority
  const id = randomUUID()
  const uses = usesOf(query.functions)
  return {
    text: `${headOf(made)} ${fullName} AS ${query.text}`,
    action: {
      kind: 'define',
      tag: 'CREATE VIEW',
      database: schema.database.name,
      registers:
        (replaced ?? kept)
          ? []
          : [{ id, kind: 'view', schema: schema.name, name, ownerRole, uses }],
      unregisters: [],
      countsRows: false,
      ...(replaced && {
        amends: [
          { kind: 'owner', id: replaced.id, ownerRole },
          { kind: 'uses', id: replaced.id, uses },
        ],
      }),
      ...(kept && { notices: [skipping(kept.name)] }),
    },
    requires: [...made.requires, ...query.requires],
    personal: false,
    reusable: false,
  }
}

function headOf({ schema, replaced, kept }: NewRelation): string {
  const kind = schema === TEMPORARY_SCHEMA ? 'TEMP VIEW' : 'VIEW'
  if (kept) return `CREATE ${kind} IF NOT EXISTS`
  return replaced ? `CREATE OR REPLACE ${kind}` : `CREATE ${kind}`
}

/** It is on no record that a temporary view uses them, so nothing would look for the right to. */
function refuseFunctions({ functions }: CheckedQuery): void {
  if (functions.size === 0) return
  throw notSupported('a function of users in a temporary view', 'Call it where the view is read.')
}

interface ViewShape {
  readonly name: string
  /** As the client names them; none: as the query does. */
  readonly columns: readonly string[]
}

/** Checked twice: once to learn the names of its columns, then with them written out. */
async function checkBody(
  body: Piece,
  shape: ViewShape,
  context: GateContext,
  parameterTypes: ParameterTypes,
): Promise<CheckedQuery> {
  const open = around(body, ['*'], shape, context)
  try {
    const statement = await parseOne(withText(context, open.text))
    if (!isStarOfSubquery(statement)) throw new GatewayError('syntax_error', 'syntax error')
    const check = new TreeCheck(statement, withText(context, open.text), [])
    if (check.usesSession) {
      throw notSupported(
        'a function about the session in a view',
        'Its value for whoever creates the view would be kept for everybody.',
      )
    }
    if (hasParameters(check)) {
      throw new GatewayError('undefined_parameter', 'a view has no parameters')
    }
    const { plan } = await verifyTree(check, withText(context, open.text))
    const names = outputNames(plan)
    if (names.length < shape.columns.length) {
      throw new GatewayError('syntax_error', 'CREATE VIEW specifies more column names than columns')
    }
    const { text } = around(body, names.map(quoteName), shape, context)
    return await checkQuery(withText(context, text), parameterTypes)
  } catch (thrown) {
    throw open.inSource(thrown)
  }
}

function around(
  body: Piece,
  items: readonly string[],
  { name, columns }: ViewShape,
  context: GateContext,
): PieceText {
  const list = columns.length === 0 ? '' : ` (${columns.map(quoteName).join(', ')})`
  return new PieceText(context.statement.text)
    .own(`SELECT ${items.join(', ')} FROM (`)
    .take(body)
    .own(`) AS ${quoteName(name)}${list}`)
}

function withText(context: GateContext, text: string): GateContext {
  return { ...context, parameterTypes: [], statement: { ...context.statement, text } }
}

/** A query that closes the bracket around it would be something else. */
function isStarOfSubquery(statement: Parameters<typeof nodeOf>[0]): boolean {
  const node = nodeOf(statement, 'node')
  return (
    node !== undefined && isBareStar(node) && nodeOf(node, 'from_table')?.['type'] === 'SUBQUERY'
  )
}

/** Of `SELECT * FROM (…)`: its plan begins with one expression for each column. */
function outputNames(plan: Parameters<typeof nodeOf>[0]): string[] {
  return nodesOf(plan, 'expressions').map((expression) => textOf(expression, 'alias'))
}
