/**
 * Reads what stands in the brackets of CREATE TABLE: columns and constraints, as places of
 * fragments in the text. Types and expressions are left to the engine's parser.
 *
 * Source: PostgreSQL manual, CREATE TABLE, as far as the engine has it.
 */
import { wordSet } from '../sql/word-set.ts'
import type { TokenCursor } from '../sql/token-cursor.ts'
import { isSymbol } from '../sql/token.ts'
import { PLAIN_IDENTITY, readBlueIdentity, readGenerated, serialType } from './read-identity.ts'
import type { WrittenIdentity } from './read-identity.ts'
import { notSupported } from './refusals.ts'

/** A part of the text, in UTF-16 units. */
export interface Fragment {
  readonly start: number
  readonly end: number
}

export interface ColumnDefinition {
  readonly name: string
  readonly type: Fragment
  /** What is meant by SERIAL, in its place. */
  readonly serial?: string
  readonly constraints: readonly ColumnConstraint[]
}

export type ColumnConstraint =
  | { readonly kind: 'not null' | 'null' | 'primary key' | 'unique' }
  | { readonly kind: 'default' | 'check'; readonly expression: Fragment }
  | ({ readonly kind: 'identity' } & WrittenIdentity)

export type TableConstraint =
  | { readonly kind: 'primary key' | 'unique'; readonly columns: readonly string[] }
  | { readonly kind: 'check'; readonly expression: Fragment }

export interface TableDefinition {
  readonly columns: readonly ColumnDefinition[]
  readonly constraints: readonly TableConstraint[]
}

/** Columns of one table. PostgreSQL has the same limit. */
const columnsMax = 1_600

const CONSTRAINT_WORDS = wordSet(
  'constraint not null primary unique check default references generated collate identity',
)

const TABLE_CONSTRAINT_WORDS = wordSet('constraint primary unique check foreign exclude like')

/** The cursor stands on the opening bracket, and ends behind the closing one. */
export function readTableDefinition(cursor: TokenCursor): TableDefinition {
  const columns: ColumnDefinition[] = []
  const constraints: TableConstraint[] = []
  cursor.expectSymbol('(')
  do {
    const constraint = readTableConstraint(cursor)
    if (constraint) constraints.push(constraint)
    else columns.push(readColumnDefinition(cursor))
    if (columns.length > columnsMax) throw cursor.syntaxError(`A table has ${columnsMax} columns.`)
  } while (cursor.acceptSymbol(','))
  cursor.expectSymbol(')')
  return { columns, constraints }
}

/** A column may bear such a word as its name only in quotes, as in PostgreSQL. */
function readTableConstraint(cursor: TokenCursor): TableConstraint | undefined {
  const word = cursor.peek()
  if (word?.kind !== 'word' || !TABLE_CONSTRAINT_WORDS.has(word.value)) return undefined
  if (cursor.accept('constraint')) cursor.identifier() // the engine keeps no names of constraints
  if (cursor.accept('primary', 'key')) return { kind: 'primary key', columns: readColumns(cursor) }
  if (cursor.accept('unique')) return { kind: 'unique', columns: readColumns(cursor) }
  if (cursor.accept('check')) return { kind: 'check', expression: readBracketed(cursor) }
  const other = cursor.peek()
  if (other?.kind !== 'word' || !TABLE_CONSTRAINT_WORDS.has(other.value)) throw cursor.syntaxError()
  throw notSupported(`CREATE TABLE … ${other.value.toUpperCase()}`)
}

function readColumns(cursor: TokenCursor): string[] {
  cursor.expectSymbol('(')
  const columns = cursor.list(() => cursor.identifier())
  cursor.expectSymbol(')')
  return columns
}

/** `name type [constraint …]`, up to a comma, a closing bracket or the end. */
export function readColumnDefinition(cursor: TokenCursor): ColumnDefinition {
  const name = cursor.identifier()
  const word = cursor.peek()
  const type = readUntilConstraint(cursor)
  const serial = word?.kind === 'word' && word.end === type.end ? serialType(word.value) : undefined
  const constraints: ColumnConstraint[] =
    serial === undefined ? [] : [{ kind: 'identity', ...PLAIN_IDENTITY }]
  while (!cursor.done && !cursor.seesSymbol(',') && !cursor.seesSymbol(')')) {
    constraints.push(readColumnConstraint(cursor))
  }
  return { name, type, constraints, ...(serial !== undefined && { serial }) }
}

function readColumnConstraint(cursor: TokenCursor): ColumnConstraint {
  if (cursor.accept('constraint')) cursor.identifier()
  if (cursor.accept('not', 'null')) return { kind: 'not null' }
  if (cursor.accept('null')) return { kind: 'null' }
  if (cursor.accept('primary', 'key')) return { kind: 'primary key' }
  if (cursor.accept('unique')) return { kind: 'unique' }
  if (cursor.accept('check')) return { kind: 'check', expression: readBracketed(cursor) }
  if (cursor.accept('default')) return { kind: 'default', expression: readDefault(cursor) }
  if (cursor.accept('generated')) return { kind: 'identity', ...readGenerated(cursor) }
  if (cursor.accept('identity')) return { kind: 'identity', ...readBlueIdentity(cursor) }
  const word = cursor.peek()
  if (word?.kind === 'word' && CONSTRAINT_WORDS.has(word.value)) {
    throw notSupported(`a column with ${word.value.toUpperCase()}`)
  }
  throw cursor.syntaxError()
}

/** At least one token, even if it is NULL. */
function readDefault(cursor: TokenCursor): Fragment {
  const first = cursor.peek()
  if (!first || isSymbol(first, ',') || isSymbol(first, ')')) throw cursor.syntaxError()
  return readUntilConstraint(cursor, 1)
}

/** Up to a comma, the closing bracket or the first word of a constraint, outside of brackets. */
function readUntilConstraint(cursor: TokenCursor, atLeast = 0): Fragment {
  const first = cursor.peek()
  const depth = first?.depth
  let last = first
  for (let read = 0; ; read += 1) {
    const token = cursor.peek()
    if (!token) break
    if (token.depth === depth && read >= atLeast) {
      if (isSymbol(token, ',')) break
      if (token.kind === 'word' && CONSTRAINT_WORDS.has(token.value)) break
    }
    if (depth !== undefined && token.depth < depth) break
    last = cursor.next()
  }
  if (!first || !last || cursor.peek() === first) throw cursor.syntaxError()
  return { start: first.start, end: last.end }
}

/** `( … )`, without its brackets. */
function readBracketed(cursor: TokenCursor): Fragment {
  const open = cursor.peek()
  cursor.expectSymbol('(')
  for (;;) {
    const token = cursor.next()
    if (isSymbol(token, ')') && token.depth === open?.depth) {
      return { start: open.end, end: token.start }
    }
  }
}
