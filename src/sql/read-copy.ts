/**
 * COPY { name [(columns)] | (query) } TO STDOUT [options] and COPY name [(columns)] FROM STDIN
 * [options]. Source: PostgreSQL 15 manual, COPY.
 */
import { GatewayError } from '../base/gateway-error.ts'
import { readCopyOptions } from './copy-options.ts'
import { readQualifiedName } from './read-name.ts'
import type { CopyInStatement, CopyOutStatement, StatementBody } from './statement.ts'
import type { TokenCursor } from './token-cursor.ts'

export function readCopy(cursor: TokenCursor): StatementBody {
  cursor.expect('copy')
  if (cursor.seesSymbol('(')) return copyOut(cursor, readQuery(cursor))
  const table = readTable(cursor)
  return cursor.accept('from') ? copyIn(cursor, table) : copyOut(cursor, table)
}

type Source = Pick<CopyOutStatement, 'table' | 'columns' | 'query'>
type Target = Pick<CopyInStatement, 'table' | 'columns'>

function copyOut(cursor: TokenCursor, source: Source): StatementBody {
  cursor.expect('to')
  if (namesFile(cursor)) {
    throw new GatewayError(
      'feature_not_supported',
      'COPY to a file of the server is not supported',
      {
        hint: "COPY … TO STDOUT sends the rows to the client; psql's \\copy writes them to a file there.",
      },
    )
  }
  cursor.expect('stdout')
  return { kind: 'engine', form: 'copy_out', ...source, options: readCopyOptions(cursor, 'to') }
}

function copyIn(cursor: TokenCursor, target: Target): StatementBody {
  if (namesFile(cursor)) {
    throw new GatewayError(
      'feature_not_supported',
      'COPY from a file of the server is not supported',
      {
        hint: "COPY … FROM STDIN takes the rows from the client; psql's \\copy reads them from a file there.",
      },
    )
  }
  cursor.expect('stdin')
  return { kind: 'engine', form: 'copy_in', ...target, options: readCopyOptions(cursor, 'from') }
}

function namesFile(cursor: TokenCursor): boolean {
  return cursor.peek()?.kind === 'string' || cursor.sees('program')
}

function readTable(cursor: TokenCursor): Target {
  const table = readQualifiedName(cursor)
  if (!cursor.acceptSymbol('(')) return { table, columns: [] }
  const columns = cursor.list(() => cursor.identifier())
  cursor.expectSymbol(')')
  return { table, columns }
}

/** The query without its brackets. */
function readQuery(cursor: TokenCursor): Source {
  cursor.expectSymbol('(')
  const first = cursor.peek()
  let last = first
  while (!(cursor.seesSymbol(')') && cursor.peek()?.depth === 0)) last = cursor.next()
  if (!first || !last || first === cursor.peek()) throw cursor.syntaxError()
  cursor.expectSymbol(')')
  return { columns: [], query: { start: first.start, end: last.end } }
}
