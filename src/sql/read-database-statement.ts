/** CREATE DATABASE, DROP DATABASE. Source: BLUE SQL, the statements of these names. */
import type { DatabaseStatement, StatementBody } from './statement.ts'
import type { TokenCursor } from './token-cursor.ts'
import { unsupported } from './unsupported.ts'

export function readDatabaseStatement(cursor: TokenCursor): StatementBody {
  const body = readBody(cursor)
  const next = cursor.peek()
  if (next?.kind === 'word') {
    const words = body.kind === 'create_database' ? 'CREATE DATABASE' : 'DROP DATABASE'
    return unsupported(`${words} … ${next.value.toUpperCase()}`)
  }
  cursor.expectEnd()
  return body
}

function readBody(cursor: TokenCursor): DatabaseStatement {
  if (cursor.accept('create', 'database')) {
    const ifNotExists = cursor.accept('if', 'not', 'exists')
    return { kind: 'create_database', ifNotExists, name: cursor.identifier() }
  }
  cursor.expect('drop', 'database')
  const ifExists = cursor.accept('if', 'exists')
  return { kind: 'drop_database', ifExists, name: cursor.identifier() }
}
