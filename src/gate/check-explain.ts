/**
 * EXPLAIN [ANALYZE] statement, and EXPLAIN (options) statement.
 *
 * Needs what the statement needs, whether it runs or not: a plan tells of the tables in it. ANALYZE
 * runs the statement, so it is for queries alone.
 *
 * The answer is the engine's: a column that says which plan, and one with the plan.
 */
import { GatewayError } from '../base/gateway-error.ts'
import type { Requirement } from '../identity/permission.ts'
import { readStatements } from '../sql/read-statements.ts'
import type { TokenCursor } from '../sql/token-cursor.ts'
import type { CheckedStatement } from './checked-statement.ts'
import { atOffset } from './fragment.ts'
import type { GateContext } from './gate-context.ts'
import { readHead } from './head-cursor.ts'
import { notSupported } from './refusals.ts'

interface ExplainOptions {
  readonly analyze: boolean
  readonly json: boolean
}

const EXPLAINED = ['select', 'insert', 'update', 'delete', 'merge']

export async function checkExplain(
  context: GateContext,
  check: (context: GateContext) => Promise<CheckedStatement>,
): Promise<CheckedStatement> {
  const { cursor } = readHead(context)
  cursor.expect('explain')
  const { analyze, json } = cursor.seesSymbol('(') ? readOptions(cursor) : readWords(cursor)
  const start = cursor.peek()?.start
  if (start === undefined) throw cursor.syntaxError()
  const { text, requires, personal, action } = await atOffset(context, start, async (fragment) => {
    const [inner, second] = readStatements(fragment.statement.text, 'duckdb')
    if (inner?.kind !== 'engine' || !EXPLAINED.includes(inner.form) || second) {
      throw notSupported(
        'EXPLAIN of this statement',
        'Queries, INSERT, UPDATE, DELETE and MERGE have plans.',
      )
    }
    return await check({ ...fragment, statement: inner })
  })
  refuseWhatViewsHide(requires, context)
  if (analyze && action.kind !== 'read') {
    throw notSupported(
      'EXPLAIN ANALYZE of a write',
      'EXPLAIN alone shows its plan without running it.',
    )
  }
  if (analyze && context.files.all.length > 0) {
    throw notSupported(
      'EXPLAIN ANALYZE of a foreign table',
      'The engine would tell where the files lie. EXPLAIN alone shows the plan.',
    )
  }
  const options = [...(analyze ? ['ANALYZE'] : []), ...(json ? ['FORMAT JSON'] : [])]
  const head = options.length === 0 ? 'EXPLAIN' : `EXPLAIN (${options.join(', ')})`
  return { text: `${head} ${text}`, requires, personal, action: { kind: 'read' }, reusable: true }
}

/** The engine shows what is beneath a view or a function, so whoever asks must be allowed that as well. */
function refuseWhatViewsHide(requires: readonly Requirement[], { authority }: GateContext): void {
  const beneath = requires.filter(({ holder }) => holder !== undefined)
  if (beneath.every((requirement) => authority.covers(requirement))) return
  if (beneath.every(({ permission }) => ['CONNECT', 'EXECUTE'].includes(permission))) {
    throw new GatewayError('insufficient_privilege', 'the plan shows what a function calls', {
      hint: 'EXPLAIN needs EXECUTE on the functions that are called inside of functions, too.',
    })
  }
  throw new GatewayError('insufficient_privilege', 'the plan shows what is beneath a view', {
    hint: 'EXPLAIN over a view needs the rights that the query of the view needs.',
  })
}

function readWords(cursor: TokenCursor): ExplainOptions {
  const analyze = cursor.accept('analyze')
  cursor.accept('verbose')
  return { analyze, json: false }
}

/** Of PostgreSQL. What they would add is always shown, or never there. */
const WITHOUT_EFFECT = ['verbose', 'costs', 'settings', 'buffers', 'wal', 'timing', 'summary']

function readOptions(cursor: TokenCursor): ExplainOptions {
  let [analyze, json] = [false, false]
  cursor.expectSymbol('(')
  cursor.list(() => {
    if (cursor.accept('format')) {
      const format = cursor.identifier()
      if (format !== 'text' && format !== 'json') throw notSupported(`EXPLAIN (FORMAT ${format})`)
      json = format === 'json'
    } else if (cursor.accept('analyze')) analyze = readSwitch(cursor)
    else if (cursor.acceptOneOf(WITHOUT_EFFECT)) readSwitch(cursor)
    else throw cursor.syntaxError('The options are ANALYZE and FORMAT text or json.')
  })
  cursor.expectSymbol(')')
  return { analyze, json }
}

function readSwitch(cursor: TokenCursor): boolean {
  if (cursor.seesSymbol(',') || cursor.seesSymbol(')')) return true
  const { value } = cursor.next()
  if (['true', 'on', '1'].includes(value.toLowerCase())) return true
  if (['false', 'off', '0'].includes(value.toLowerCase())) return false
  throw new GatewayError('syntax_error', `"${value}" is no Boolean value`)
}
