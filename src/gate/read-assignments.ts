/** SET a = value, (b, c) = (value, value), d = DEFAULT: taken apart into columns and values. */
import { GatewayError } from '../base/gateway-error.ts'
import type { ColumnEntry, TableEntry } from '../catalog/catalog-snapshot.ts'
import { TokenCursor } from '../sql/token-cursor.ts'
import { isSymbol, isWord } from '../sql/token.ts'
import type { Token } from '../sql/token.ts'
import type { Piece } from './piece-text.ts'
import { quoteName } from './quote-name.ts'
import { notSupported } from './refusals.ts'
import { readColumn } from './write-head.ts'

export interface Assignment {
  readonly column: ColumnEntry
  /** Undefined: DEFAULT. */
  readonly value: Piece | undefined
}

/** @param piece of `text`: what follows SET. */
export function readAssignments(
  text: string,
  tokens: readonly Token[],
  piece: Piece,
  table: TableEntry,
): Assignment[] {
  const inside = tokens.filter(({ start, end }) => start >= piece.start && end <= piece.end)
  const assignments = splitAt(inside, ',', 0).flatMap((part) => readAssignment(text, part, table))
  const twice = assignments.find(({ column }, index) =>
    assignments.slice(0, index).some((earlier) => earlier.column === column),
  )
  if (twice) {
    throw new GatewayError(
      'duplicate_column',
      `multiple assignments to same column "${twice.column.name}"`,
    )
  }
  refuseGenerated(assignments.flatMap(({ column, value }) => (value ? [column] : [])))
  return assignments
}

/** Columns that are set to a value of the statement. @throws GatewayError `generated_always`. */
export function refuseGenerated(columns: readonly ColumnEntry[]): void {
  const generated = columns.find(({ identity }) => identity?.generation === 'always')
  if (!generated) return
  throw new GatewayError(
    'generated_always',
    `column "${generated.name}" can only be updated to DEFAULT`,
  )
}

/**
 * `"a" = (value), "b" = DEFAULT`.
 * @param next the canonical values, in brackets, in the order of those that have one.
 */
export function assignmentsText(assignments: readonly Assignment[], next: () => string): string {
  return assignments
    .map(({ column, value }) => `${quoteName(column.name)} = ${value ? next() : 'DEFAULT'}`)
    .join(', ')
}

/** What `assignmentsText` asks for, from a list. */
export function inBrackets(values: readonly string[]): () => string {
  const left = values.values()
  return () => `(${left.next().value ?? ''})`
}

function readAssignment(text: string, tokens: readonly Token[], table: TableEntry): Assignment[] {
  const cursor = new TokenCursor(text, tokens)
  if (!cursor.acceptSymbol('(')) {
    const column = readWholeColumn(cursor, table)
    cursor.expectSymbol('=')
    return [{ column, value: valueOf(cursor) }]
  }
  const columns = cursor.list(() => readWholeColumn(cursor, table))
  cursor.expectSymbol(')')
  cursor.expectSymbol('=')
  cursor.accept('row')
  const values = readRow(cursor)
  if (values.length !== columns.length) {
    throw new GatewayError('syntax_error', 'number of columns does not match number of values')
  }
  return columns.map((column, index) => ({ column, value: values[index] }))
}

function readWholeColumn(cursor: TokenCursor, table: TableEntry): ColumnEntry {
  const after = cursor.peek(1)
  if (isSymbol(after, '.') || isSymbol(after, '[')) {
    throw notSupported('setting part of a column', 'Give the whole value of the column.')
  }
  return readColumn(cursor, table)
}

/** `(value, …)` to the end. */
function readRow(cursor: TokenCursor): (Piece | undefined)[] {
  cursor.expectSymbol('(')
  if (cursor.sees('select') || cursor.sees('with')) {
    throw notSupported('setting several columns from a query', 'Use UPDATE … FROM.')
  }
  const rest: Token[] = []
  while (!cursor.done) rest.push(cursor.next())
  const closing = rest.pop()
  if (!isSymbol(closing, ')') || closing?.depth !== 0) throw cursor.syntaxError()
  return splitAt(rest, ',', 1).map((tokens) => valueOf(new TokenCursor(cursor.text, tokens)))
}

/** All that is left; undefined for the word DEFAULT. */
export function valueOf(cursor: TokenCursor): Piece | undefined {
  const first = cursor.next()
  if (cursor.done && isWord(first, 'default')) return undefined
  let last = first
  while (!cursor.done) last = cursor.next()
  return { start: first.start, end: last.end }
}

export function splitAt(tokens: readonly Token[], symbol: string, depth: number): Token[][] {
  const parts: Token[][] = [[]]
  for (const token of tokens) {
    if (isSymbol(token, symbol) && token.depth === depth) parts.push([])
    else parts.at(-1)?.push(token)
  }
  return parts
}
