/** USE [RESOURCE] POOL name. Source: BLUE SQL, USE. */
import type { StatementBody } from './statement.ts'
import type { TokenCursor } from './token-cursor.ts'
import type { Token } from './token.ts'
import { unsupportedHead } from './unsupported.ts'

export function readUse(cursor: TokenCursor, tokens: readonly Token[]): StatementBody {
  if (!cursor.accept('use', 'resource', 'pool') && !cursor.accept('use', 'pool')) {
    return unsupportedHead(tokens, 1)
  }
  const pool = cursor.identifier()
  cursor.expectEnd()
  return { kind: 'use_pool', pool }
}
