/** What the heads of writes have in common: their target, and where their clauses begin. */
import { GatewayError } from '../base/gateway-error.ts'
import type { ColumnEntry, TableEntry } from '../catalog/catalog-snapshot.ts'
import { errorAt } from '../sql/text-position.ts'
import type { TokenCursor } from '../sql/token-cursor.ts'
import { isWord } from '../sql/token.ts'
import type { Token } from '../sql/token.ts'
import type { GateContext } from './gate-context.ts'
import { readName } from './head-cursor.ts'
import type { Piece } from './piece-text.ts'
import { noSuchColumn, noSuchRelation, notSupported } from './refusals.ts'
import { findTable } from './visible-names.ts'
import type { WriteTarget } from './write-clauses.ts'

/** The table that is written to. A view is refused once it is known that the client may see it. */
export function readTarget(cursor: TokenCursor, context: GateContext): TableEntry {
  const start = cursor.peek()?.start ?? 0
  const parts = readName(cursor)
  const table = findTable(parts, context)
  if (!table) throw errorAt('undefined_table', noSuchRelation(parts), cursor.text, start)
  return table
}

/** The name of one of the table's columns. */
export function readColumn(cursor: TokenCursor, table: TableEntry): ColumnEntry {
  const start = cursor.peek()?.start ?? 0
  const name = cursor.identifier()
  const known = table.columns.find((column) => column.name.toLowerCase() === name.toLowerCase())
  if (known) return known
  throw errorAt('undefined_column', noSuchColumn(name, table).message, cursor.text, start)
}

/** Columns that a write with values for `given` may leave to their defaults. */
export function defaultedBy(
  tokens: readonly Token[],
  given: readonly ColumnEntry[],
  { columns }: TableEntry,
): readonly ColumnEntry[] {
  if (tokens.some((token) => isWord(token, 'default'))) return columns
  return columns.filter((column) => !given.includes(column))
}

/** `(a, b, …)`, each once. */
export function readColumnList(cursor: TokenCursor, table: TableEntry): ColumnEntry[] {
  cursor.expectSymbol('(')
  const columns = cursor.list(() => readColumn(cursor, table))
  cursor.expectSymbol(')')
  const twice = columns.find((column, index) => columns.indexOf(column) < index)
  if (twice) {
    throw new GatewayError('duplicate_column', `column "${twice.name}" specified more than once`)
  }
  return columns
}

/** WITH … before the write that `verb` begins; undefined where there is none. */
export function readWith(cursor: TokenCursor, verb: string): Piece | undefined {
  const first = cursor.peek()
  if (!first || !isWord(first, 'with')) return undefined
  let last = first
  while (!(cursor.peek()?.depth === 0 && cursor.sees(verb))) last = cursor.next()
  return { start: first.start, end: last.end }
}

/** `name [[AS] alias]`, up to one of the words that may follow. */
export function readAliasedTarget(
  cursor: TokenCursor,
  context: GateContext,
  following: readonly string[],
): WriteTarget {
  if (cursor.sees('only')) throw notSupported('ONLY')
  const table = readTarget(cursor, context)
  if (table.kind !== 'table') throw notSupported(`writing to a ${table.kind}`)
  const next = cursor.peek()
  const named = cursor.accept('as') || next?.kind === 'quoted' || next?.kind === 'word'
  const ends = next?.kind === 'word' && following.includes(next.value)
  return { table, alias: named && !ends ? cursor.identifier() : undefined }
}

/**
 * The text between the words that begin clauses. Each may come once, in the order given.
 *
 * @throws GatewayError `syntax_error` for a clause that is empty, or out of order.
 */
export function readClauses<Word extends string>(
  cursor: TokenCursor,
  tokens: readonly Token[],
  words: readonly Word[],
): Partial<Record<Word, Piece>> {
  const clauses: Partial<Record<Word, Piece>> = {}
  for (const [index, word] of words.entries()) {
    if (!cursor.accept(word)) continue
    const first = cursor.peek()
    let last: Token | undefined
    const later = words.slice(index + 1)
    while (!cursor.done && !later.some((next) => beginsClause(cursor, tokens, next))) {
      last = cursor.next()
    }
    if (!first || !last) throw cursor.syntaxError()
    clauses[word] = { start: first.start, end: last.end }
  }
  cursor.expectEnd()
  return clauses
}

/** A word outside of brackets; the FROM of IS [NOT] DISTINCT FROM begins no clause. */
function beginsClause(cursor: TokenCursor, tokens: readonly Token[], word: string): boolean {
  const token = cursor.peek()
  if (!token || token.depth > 0 || !isWord(token, word)) return false
  return !(word === 'from' && isWord(tokens[tokens.indexOf(token) - 1], 'distinct'))
}
