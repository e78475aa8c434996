/** The columns of a foreign table: as they are written, or as its files have them. */
import { GatewayError } from '../base/gateway-error.ts'
import type { ColumnType } from '../columnar/column-type.ts'
import { parseTypeName, typeName } from '../columnar/parse-type-name.ts'
import type { FileColumn } from '../identity/permit.ts'
import type { TokenCursor } from '../sql/token-cursor.ts'
import { isWord } from '../sql/token.ts'
import { checkLoadName } from './load-name.ts'
import { loadableType } from './loadable-type.ts'
import { notSupported } from './refusals.ts'

/** Each is an expression of the engine's view, and planning grows with their square. */
const COLUMNS_MAX = 500

export interface ForeignColumn {
  readonly name: string
  readonly type: ColumnType
}

/** `(name type [NULL], …)`; empty where there is none, or nothing in it. */
export function readForeignColumns(cursor: TokenCursor): readonly ForeignColumn[] {
  if (!cursor.acceptSymbol('(')) return []
  if (cursor.acceptSymbol(')')) return []
  const columns = cursor.list(() => readColumn(cursor))
  cursor.expectSymbol(')')
  return checked(columns)
}

/** @throws GatewayError naming a column that cannot be read exactly. */
export function inferredColumns(found: readonly FileColumn[]): readonly ForeignColumn[] {
  const columns = found.map(({ name, typeName: type }) => ({ name, type: parseTypeName(type) }))
  for (const { name, type } of columns) {
    if (type.kind === 'other') {
      throw notSupported(`the type of the files' column "${name}" (${type.name})`, LEAVE_OUT)
    }
  }
  if (columns.length === 0) {
    throw new GatewayError('invalid_table_definition', 'the files have no columns')
  }
  return checked(columns)
}

export const LEAVE_OUT = 'Write out the columns that you want, and leave it out.'

/** @throws GatewayError unless each column is in the files, as just that type. */
export function checkAgainstFiles(
  columns: readonly ForeignColumn[],
  found: readonly FileColumn[],
): void {
  for (const { name, type } of columns) {
    const there = found.find((one) => one.name === name)
    if (!there) {
      throw new GatewayError('undefined_column', `the files have no column "${name}"`, {
        hint: 'Names must be written as they are in the files, in quotes where they have capitals.',
      })
    }
    const [written, stored] = [typeName(type), typeName(parseTypeName(there.typeName))]
    if (written !== stored) {
      const message = `column "${name}" is ${stored} in the files, and not ${written}`
      throw new GatewayError('datatype_mismatch', message)
    }
  }
}

function readColumn(cursor: TokenCursor): ForeignColumn {
  const name = cursor.identifier()
  const type = loadableType(readTypeText(cursor), name)
  cursor.accept('null')
  if (cursor.sees('not', 'null')) {
    throw notSupported('NOT NULL in a foreign table', 'A file may hold anything: ask in the query.')
  }
  if (cursor.sees('default')) throw notSupported('DEFAULT in a foreign table')
  return { name, type }
}

/** `double precision`, `numeric(10, 2)`, `timestamp with time zone`. */
function readTypeText(cursor: TokenCursor): string {
  let text = ''
  while (cursor.peek()?.kind === 'word' && !ENDS.some((word) => isWord(cursor.peek(), word))) {
    text += ` ${cursor.next().value}`
    if (!cursor.acceptSymbol('(')) continue
    const sizes = cursor.list(() => {
      if (cursor.peek()?.kind !== 'number') throw cursor.syntaxError()
      return cursor.next().value
    })
    cursor.expectSymbol(')')
    text += `(${sizes.join(',')})`
  }
  if (text === '') throw cursor.syntaxError()
  return text
}

const ENDS = ['null', 'not', 'default', 'identity', 'check', 'primary', 'unique', 'references']

function checked(columns: readonly ForeignColumn[]): readonly ForeignColumn[] {
  if (columns.length > COLUMNS_MAX) {
    throw new GatewayError('program_limit', `a foreign table has at most ${COLUMNS_MAX} columns`)
  }
  const names = new Set<string>()
  for (const { name } of columns) {
    checkLoadName(name, 'column')
    if (names.has(name.toLowerCase())) {
      throw new GatewayError('duplicate_column', `column "${name}" specified more than once`)
    }
    names.add(name.toLowerCase())
  }
  return columns
}
