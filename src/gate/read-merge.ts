/**
 * The parts of a MERGE behind its target: source, condition, and what to do when.
 *
 * Source: PostgreSQL 15 manual, MERGE; `BY SOURCE` and `BY TARGET` as PostgreSQL 17 and the engine have them.
 */
import type { ColumnEntry, TableEntry } from '../catalog/catalog-snapshot.ts'
import { TokenCursor } from '../sql/token-cursor.ts'
import { isSymbol, isWord } from '../sql/token.ts'
import type { Token } from '../sql/token.ts'
import type { Piece } from './piece-text.ts'
import { readAssignments, splitAt, valueOf } from './read-assignments.ts'
import type { Assignment } from './read-assignments.ts'
import { notSupported } from './refusals.ts'
import { readColumnList } from './write-head.ts'

export interface MergeParts {
  readonly using: Piece
  readonly on: Piece
  readonly branches: readonly MergeBranch[]
}

export interface MergeBranch {
  /** `MATCHED`, `NOT MATCHED BY SOURCE` … */
  readonly when: string
  readonly condition: Piece | undefined
  readonly action: MergeAction
}

export type MergeAction =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'delete' }
  | { readonly kind: 'update'; readonly assignments: readonly Assignment[] }
  /** No columns: all of them. No values: DEFAULT VALUES. */
  | {
      readonly kind: 'insert'
      readonly columns: readonly ColumnEntry[]
      readonly values: readonly (Piece | undefined)[] | undefined
    }

/** @param cursor behind the target; read to its end. */
export function readMerge(
  cursor: TokenCursor,
  tokens: readonly Token[],
  table: TableEntry,
): MergeParts {
  cursor.expect('using')
  const using = pieceUntil(cursor, () => cursor.sees('on'))
  cursor.expect('on')
  const on = pieceUntil(cursor, () => beginsBranch(cursor))
  const branches: MergeBranch[] = []
  while (!cursor.done) branches.push(readBranch(cursor, tokens, table))
  if (branches.length === 0) throw cursor.syntaxError()
  return { using, on, branches }
}

/** WHEN [NOT] MATCHED: a CASE has other words behind its WHEN, or brackets around it. */
function beginsBranch(cursor: TokenCursor): boolean {
  return cursor.sees('when', 'matched') || cursor.sees('when', 'not', 'matched')
}

function readBranch(cursor: TokenCursor, tokens: readonly Token[], table: TableEntry): MergeBranch {
  if (cursor.sees('returning')) throw notSupported('MERGE … RETURNING')
  cursor.expect('when')
  let when = cursor.accept('not') ? 'NOT MATCHED' : 'MATCHED'
  cursor.expect('matched')
  if (when === 'NOT MATCHED' && cursor.accept('by')) {
    const side = cursor.acceptOneOf(['source', 'target'])
    if (!side) throw cursor.syntaxError()
    when += ` BY ${side.toUpperCase()}`
  }
  const condition = cursor.accept('and') ? pieceUntil(cursor, () => cursor.sees('then')) : undefined
  cursor.expect('then')
  return { when, condition, action: readAction(cursor, tokens, table) }
}

function readAction(cursor: TokenCursor, tokens: readonly Token[], table: TableEntry): MergeAction {
  if (cursor.accept('do', 'nothing')) return { kind: 'nothing' }
  if (cursor.accept('delete')) return { kind: 'delete' }
  const ends = (): boolean => beginsBranch(cursor) || cursor.sees('returning')
  if (cursor.accept('update')) {
    cursor.expect('set')
    const set = pieceUntil(cursor, ends)
    return { kind: 'update', assignments: readAssignments(cursor.text, tokens, set, table) }
  }
  cursor.expect('insert')
  const columns = cursor.seesSymbol('(') ? readColumnList(cursor, table) : []
  if (cursor.accept('default', 'values')) return { kind: 'insert', columns, values: undefined }
  cursor.expect('values')
  cursor.expectSymbol('(')
  const inside: Token[] = []
  while (!(isSymbol(cursor.peek(), ')') && cursor.peek()?.depth === 0)) inside.push(cursor.next())
  cursor.expectSymbol(')')
  const values = splitAt(inside, ',', 1).map((part) => valueOf(new TokenCursor(cursor.text, part)))
  return { kind: 'insert', columns, values }
}

/** At least one token, up to a word outside of brackets and of CASE … END. */
function pieceUntil(cursor: TokenCursor, ends: () => boolean): Piece {
  const first = cursor.peek()
  let last: Token | undefined
  let cases = 0
  while (!cursor.done && !(cases === 0 && cursor.peek()?.depth === 0 && ends())) {
    last = cursor.next()
    if (isWord(last, 'case')) cases += 1
    if (isWord(last, 'end')) cases = Math.max(0, cases - 1)
  }
  if (!first || !last) throw cursor.syntaxError()
  return { start: first.start, end: last.end }
}
