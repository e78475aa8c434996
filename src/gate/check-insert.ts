/**
 * INSERT INTO name [AS alias] [(columns)] { query | DEFAULT VALUES }.
 *
 * The head is read here; the query goes through the engine's parser and the checks of any query.
 * What runs is put together from the full name, the quoted columns and the regenerated query.
 * RETURNING, ON CONFLICT and OR REPLACE are refused by name: they need rights of their own.
 */
import { GatewayError } from '../base/gateway-error.ts'
import type { ColumnEntry, TableEntry } from '../catalog/catalog-snapshot.ts'
import type { Requirement } from '../identity/permission.ts'
import { errorAt } from '../sql/text-position.ts'
import type { TokenCursor } from '../sql/token-cursor.ts'
import { isSymbol, isWord } from '../sql/token.ts'
import type { Token } from '../sql/token.ts'
import { checkValuesOrQuery } from './check-values.ts'
import type { CheckedStatement } from './checked-statement.ts'
import type { GateContext } from './gate-context.ts'
import { readHead, readName } from './head-cursor.ts'
import type { ParameterTypes } from './parameter-types.ts'
import { quoteFullName, quoteName } from './quote-name.ts'
import { noSuchRelation, notSupported } from './refusals.ts'
import { requireAll } from './require-all.ts'
import { needOnTable } from './requirements.ts'
import { findTable } from './visible-names.ts'
import { atOffset } from './fragment.ts'

export async function checkInsert(
  context: GateContext,
  parameterTypes: ParameterTypes,
): Promise<CheckedStatement> {
  const { cursor, tokens } = readHead(context)
  cursor.expect('insert')
  if (cursor.sees('or')) throw notSupported('INSERT OR …')
  cursor.expect('into')
  refuseTails(tokens)
  const table = readTarget(cursor, context)
  const requires = requireAll(needOnTable('INSERT', table), context.authority)
  if (table.kind !== 'table') throw notSupported('inserting into a view')
  if (cursor.accept('as')) cursor.identifier()
  const named = readColumns(cursor, table)
  const columns =
    named.length > 0 ? ` (${named.map(({ name }) => quoteName(name)).join(', ')})` : ''
  if (cursor.sees('overriding')) throw notSupported('OVERRIDING')
  if (cursor.sees('by')) throw notSupported('INSERT BY NAME or BY POSITION')

  const { schema, name } = table
  const target = `${quoteFullName(schema.database.name, schema.name, name)}${columns}`
  if (cursor.accept('default', 'values')) {
    cursor.expectEnd()
    return inserted(`INSERT INTO ${target} DEFAULT VALUES`, requires, [], false)
  }
  const start = cursor.peek()?.start
  if (start === undefined) throw cursor.syntaxError()
  const source = await atOffset(context, start, (fragment) =>
    checkValuesOrQuery(
      fragment,
      parameterTypes,
      (named.length > 0 ? named : table.columns).map(({ typeName }) => typeName),
    ),
  )
  return inserted(
    `INSERT INTO ${target} ${source.text}`,
    requires,
    source.requires,
    source.personal,
  )
}

/** RETURNING and ON CONFLICT stand at the end, outside of brackets. */
function refuseTails(tokens: readonly Token[]): void {
  for (const [index, token] of tokens.entries()) {
    if (token.depth > 0) continue
    if (isWord(token, 'returning')) throw notSupported('INSERT … RETURNING')
    if (isWord(token, 'on') && isWord(tokens[index + 1], 'conflict')) {
      throw notSupported('INSERT … ON CONFLICT')
    }
  }
}

function readTarget(cursor: TokenCursor, context: GateContext): TableEntry {
  const start = cursor.peek()?.start ?? 0
  const parts = readName(cursor)
  const table = findTable(parts, context)
  if (!table) throw errorAt('undefined_table', noSuchRelation(parts), cursor.text, start)
  return table
}

/** Empty when the client named none: then they are all of them, in their order. */
function readColumns(cursor: TokenCursor, table: TableEntry): readonly ColumnEntry[] {
  if (!cursor.seesSymbol('(') || opensQuery(cursor.peek(1))) return []
  cursor.expectSymbol('(')
  const columns = cursor.list(() => {
    const start = cursor.peek()?.start ?? 0
    const name = cursor.identifier()
    const known = table.columns.find((column) => column.name.toLowerCase() === name.toLowerCase())
    if (!known) {
      const message = `column "${name}" of relation "${table.name}" does not exist`
      throw errorAt('undefined_column', message, cursor.text, start)
    }
    return known
  })
  cursor.expectSymbol(')')
  const twice = columns.find((column, index) => columns.indexOf(column) < index)
  if (twice) {
    throw new GatewayError('duplicate_column', `column "${twice.name}" specified more than once`)
  }
  return columns
}

const QUERY_WORDS = ['select', 'values', 'with', 'from', 'table', 'pivot', 'unpivot']

function opensQuery(token: Token | undefined): boolean {
  return isSymbol(token, '(') || QUERY_WORDS.some((word) => isWord(token, word))
}

function inserted(
  text: string,
  target: readonly Requirement[],
  source: readonly Requirement[],
  personal: boolean,
): CheckedStatement {
  return {
    text,
    action: { kind: 'write', tag: 'INSERT' },
    requires: [...target, ...source],
    personal,
    reusable: true,
  }
}
