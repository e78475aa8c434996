/** DISCARD, DEALLOCATE, CLOSE, LISTEN, UNLISTEN, NOTIFY. */
import type { StatementBody } from './statement.ts'
import type { TokenCursor } from './token-cursor.ts'

export function readSessionStatement(cursor: TokenCursor): StatementBody {
  const body = readBody(cursor)
  cursor.expectEnd()
  return body
}

function readBody(cursor: TokenCursor): StatementBody {
  switch (cursor.next().value) {
    case 'discard':
      return { kind: 'discard', what: readDiscarded(cursor) }
    case 'deallocate':
      cursor.accept('prepare')
      return { kind: 'deallocate', name: readNameOrAll(cursor) }
    case 'close':
      return { kind: 'close_cursor', name: readNameOrAll(cursor) }
    case 'listen':
      cursor.identifier()
      return { kind: 'listen', tag: 'LISTEN' }
    case 'unlisten':
      if (!cursor.acceptSymbol('*')) cursor.identifier()
      return { kind: 'listen', tag: 'UNLISTEN' }
    default:
      cursor.identifier()
      if (cursor.acceptSymbol(',') && cursor.next().kind !== 'string') throw cursor.syntaxError()
      return { kind: 'listen', tag: 'NOTIFY' }
  }
}

function readDiscarded(cursor: TokenCursor): 'all' | 'plans' | 'sequences' | 'temp' {
  const what = cursor.acceptOneOf(['all', 'plans', 'sequences', 'temp', 'temporary'])
  if (what === undefined) throw cursor.syntaxError()
  return what === 'temporary' ? 'temp' : what
}

function readNameOrAll(cursor: TokenCursor): string | undefined {
  return cursor.accept('all') ? undefined : cursor.identifier()
}
