/** USE [RESOURCE] POOL, USE DATABASE and SCHEMA, USE name. Source: BLUE SQL, USE. */
import type { StatementBody } from './statement.ts'
import type { TokenCursor } from './token-cursor.ts'

export function readUse(cursor: TokenCursor): StatementBody {
  cursor.expect('use')
  const body = readWhat(cursor)
  cursor.expectEnd()
  return body
}

function readWhat(cursor: TokenCursor): StatementBody {
  if (cursor.accept('resource', 'pool') || cursor.accept('pool')) {
    return { kind: 'use_pool', pool: cursor.identifier() }
  }
  if (cursor.accept('database')) {
    const database = cursor.identifier()
    return { kind: 'use', database, ...(cursor.accept('schema') && schemaHere(cursor)) }
  }
  if (cursor.accept('schema')) {
    const schema = schemaHere(cursor)
    return {
      kind: 'use',
      ...schema,
      ...(cursor.accept('database') && { database: cursor.identifier() }),
    }
  }
  const first = cursor.identifier()
  return { kind: 'use', name: cursor.acceptSymbol('.') ? [first, cursor.identifier()] : [first] }
}

function schemaHere(cursor: TokenCursor): { readonly schema: string } {
  return { schema: cursor.identifier() }
}
