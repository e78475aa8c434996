/**
 * [WITH …] INSERT [OR IGNORE | OR REPLACE] INTO name [AS alias] [(columns)] { query | DEFAULT VALUES }
 * [ON CONFLICT …] [RETURNING …].
 *
 * The head is read here; the query goes through the engine's parser and the checks of any query.
 * What runs is put together from the full name, the quoted columns and the regenerated parts.
 */
import type { ColumnEntry, TableEntry } from '../catalog/catalog-snapshot.ts'
import { TokenCursor } from '../sql/token-cursor.ts'
import { isSymbol, isWord } from '../sql/token.ts'
import type { Token } from '../sql/token.ts'
import { checkInsertOr, checkOnConflict, NO_CONFLICT } from './check-on-conflict.ts'
import type { CheckedConflict } from './check-on-conflict.ts'
import type { CheckedQuery, PlannedTree } from './check-query.ts'
import { checkReturning } from './check-returning.ts'
import { checkValuesOrQuery } from './check-values.ts'
import type { CheckedStatement } from './checked-statement.ts'
import type { GateContext } from './gate-context.ts'
import { readHead } from './head-cursor.ts'
import { insertTails, returningPiece } from './insert-tails.ts'
import type { InsertTails } from './insert-tails.ts'
import type { ParameterTypes } from './parameter-types.ts'
import { PieceText } from './piece-text.ts'
import type { Piece } from './piece-text.ts'
import { quoteName } from './quote-name.ts'
import { notSupported } from './refusals.ts'
import { requireAll } from './require-all.ts'
import { needOnTable } from './requirements.ts'
import { verifyWrite } from './verify-write.ts'
import type { PlannedText } from './verify-write.ts'
import { targetText } from './write-clauses.ts'
import type { WriteTarget } from './write-clauses.ts'
import { defaultedBy, readAliasedTarget, readColumnList, readWith } from './write-head.ts'

export async function checkInsert(
  context: GateContext,
  parameterTypes: ParameterTypes,
): Promise<CheckedStatement> {
  const { cursor, tokens, text } = readHead(context)
  const tails = insertTails(tokens)
  const end = tokens[tails.conflict ?? tails.returning ?? tokens.length]?.start ?? text.length
  const ctes = readWith(cursor, 'insert')
  cursor.expect('insert')
  const or = cursor.accept('or') ? cursor.acceptOneOf(['ignore', 'replace']) : undefined
  cursor.expect('into')
  const target = readAliasedTarget(cursor, context, INSERT_WORDS)
  const { table } = target
  const requires = requireAll(needOnTable('INSERT', table), context.authority)
  const named = readColumns(cursor, table)
  const columns =
    named.length > 0 ? ` (${named.map(({ name }) => quoteName(name)).join(', ')})` : ''
  const overrides = readOverriding(cursor)
  if (cursor.sees('by')) throw notSupported('INSERT BY NAME or BY POSITION')

  const given = named.length > 0 ? named : table.columns
  context.sequences.addDefaultsOf(defaultedBy(tokens, given, table), context.catalog)
  const place = { ctes, end, columns: given, overrides }
  const source = await checkSource(context, parameterTypes, cursor, place)
  const readsFiles = context.files.all.length
  const conflict =
    or && tails.conflict === undefined
      ? checkInsertOr(or, target, given, context)
      : await checkConflict(or, tokens, tails, target, context, parameterTypes)
  const returned = await checkReturning(
    returningPiece(tokens, tails),
    target,
    context,
    parameterTypes,
  )
  const head = `INSERT INTO ${targetText(target)}${columns}`
  const tail = `${conflict.text}${returned.text}`
  const written = `${head} ${source.text}${tail}`
  const planned =
    readsFiles > 0 && readsFiles === context.files.all.length
      ? await overStubs(head, source, tail, context)
      : undefined
  await verifyWrite(written, table, [source.reads, conflict.reads], context, planned)
  return {
    text: written,
    action: { kind: 'write', tag: 'INSERT', returning: returned.text !== '' },
    requires: [...requires, ...source.requires, ...conflict.requires, ...returned.requires],
    personal: [source, conflict, returned].some(({ personal }) => personal),
    reusable: true,
  }
}

const INSERT_WORDS = [
  'values',
  'select',
  'with',
  'from',
  'table',
  'default',
  'overriding',
  'by',
  'pivot',
  'unpivot',
  'describe',
  'summarize',
  'show',
]

type Source = Pick<CheckedQuery, 'text' | 'requires' | 'personal' | 'reads'> & {
  readonly planned?: PlannedTree
}

/** The statement, reading stubs where its source reads views and foreign tables. */
async function overStubs(
  head: string,
  { planned }: Source,
  tail: string,
  { introspection }: GateContext,
): Promise<PlannedText | undefined> {
  if (!planned) return undefined
  const [source = ''] = await introspection.deparse([planned.tree])
  return { text: `${head} ${source}${tail}`, stubs: planned.stubs }
}

interface SourcePlace {
  readonly ctes: Piece | undefined
  readonly end: number
  /** What the rows go to. */
  readonly columns: readonly ColumnEntry[]
  /** OVERRIDING SYSTEM VALUE. */
  readonly overrides: boolean
}

/** DEFAULT VALUES, or the query from here to `end`, with what WITH names before it. */
async function checkSource(
  context: GateContext,
  parameterTypes: ParameterTypes,
  cursor: TokenCursor,
  { ctes, end, columns, overrides }: SourcePlace,
): Promise<Source> {
  const start = cursor.peek()?.start
  if (start === undefined || start >= end) throw cursor.syntaxError()
  if (ctes && cursor.sees('default', 'values')) throw notSupported('WITH before DEFAULT VALUES')
  if (cursor.accept('default', 'values')) {
    if (!cursor.done && (cursor.peek()?.start ?? 0) < end) throw cursor.syntaxError()
    return { text: 'DEFAULT VALUES', requires: [], personal: false, reads: new Map() }
  }
  const query = new PieceText(context.statement.text)
  if (ctes) query.take(ctes).own(' ')
  query.take({ start, end })
  const statement = { ...context.statement, text: query.text }
  const targets = columns.map(({ name, typeName, identity }) => ({
    name,
    typeName,
    isGenerated: !overrides && identity?.generation === 'always',
  }))
  try {
    return await checkValuesOrQuery({ ...context, statement }, parameterTypes, targets)
  } catch (thrown) {
    throw query.inSource(thrown)
  }
}

async function checkConflict(
  or: 'ignore' | 'replace' | undefined,
  tokens: readonly Token[],
  { conflict, returning }: InsertTails,
  target: WriteTarget,
  context: GateContext,
  parameterTypes: ParameterTypes,
): Promise<CheckedConflict> {
  if (conflict === undefined) return NO_CONFLICT
  const words = tokens.slice(conflict, returning)
  const cursor = new TokenCursor(context.statement.text, words)
  if (or) throw cursor.syntaxError()
  cursor.expect('on', 'conflict')
  return await checkOnConflict(cursor, words, target, context, parameterTypes)
}

/** USER VALUE would have the values that are given thrown away. */
function readOverriding(cursor: TokenCursor): boolean {
  if (!cursor.accept('overriding')) return false
  if (cursor.sees('user', 'value')) {
    throw notSupported('OVERRIDING USER VALUE', 'Leave the column out of the list.')
  }
  cursor.expect('system', 'value')
  return true
}

/** Empty when the client named none: then they are all of them, in their order. */
function readColumns(cursor: TokenCursor, table: TableEntry): readonly ColumnEntry[] {
  const named = cursor.seesSymbol('(') && !opensQuery(cursor.peek(1))
  return named ? readColumnList(cursor, table) : []
}

const QUERY_WORDS = ['select', 'values', 'with', 'from', 'table', 'pivot', 'unpivot']

function opensQuery(token: Token | undefined): boolean {
  return isSymbol(token, '(') || QUERY_WORDS.some((word) => isWord(token, word))
}
