/** COPY { name [(columns)] | (query) } TO STDOUT [options]. Source: PostgreSQL 15 manual, COPY. */
import { GatewayError } from '../base/gateway-error.ts'
import { readCopyOptions } from './copy-options.ts'
import { readQualifiedName } from './read-name.ts'
import type { CopyOutStatement, StatementBody } from './statement.ts'
import type { TokenCursor } from './token-cursor.ts'
import { unsupported } from './unsupported.ts'

export function readCopy(cursor: TokenCursor): StatementBody {
  cursor.expect('copy')
  const source = cursor.seesSymbol('(') ? readQuery(cursor) : readTable(cursor)
  if (cursor.accept('from')) return unsupported('COPY … FROM')
  cursor.expect('to')
  if (cursor.peek()?.kind === 'string' || cursor.sees('program')) {
    throw new GatewayError(
      'feature_not_supported',
      'COPY to a file of the server is not supported',
      {
        hint: "COPY … TO STDOUT sends the rows to the client; psql's \\copy writes them to a file there.",
      },
    )
  }
  cursor.expect('stdout')
  return { kind: 'engine', form: 'copy_out', ...source, options: readCopyOptions(cursor) }
}

type Source = Pick<CopyOutStatement, 'table' | 'columns' | 'query'>

function readTable(cursor: TokenCursor): Source {
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
