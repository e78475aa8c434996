/** CREATE ROLE, DROP ROLE, ALTER ROLE … RENAME TO. Source: BLUE SQL, roles. */
import type { StatementBody } from './statement.ts'
import type { TokenCursor } from './token-cursor.ts'
import { unsupported } from './unsupported.ts'

export function readRoleStatement(cursor: TokenCursor): StatementBody {
  const verb = cursor.next().value
  cursor.expect('role')
  switch (verb) {
    case 'create': {
      const name = cursor.identifier()
      // PostgreSQL's options: attributes are granted here, and roles have no passwords.
      if (cursor.peek()?.kind === 'word') return unsupported('CREATE ROLE with options')
      cursor.expectEnd()
      return { kind: 'create_role', name }
    }
    case 'drop': {
      const ifExists = cursor.accept('if', 'exists')
      const name = cursor.identifier()
      cursor.expectEnd()
      return { kind: 'drop_role', name, ifExists }
    }
    default: {
      const name = cursor.identifier()
      if (!cursor.accept('rename')) {
        if (cursor.peek()?.kind === 'word') return unsupported('ALTER ROLE with options')
        throw cursor.syntaxError()
      }
      cursor.expect('to')
      const newName = cursor.identifier()
      cursor.expectEnd()
      return { kind: 'rename_role', name, newName }
    }
  }
}
