/** The words for permissions in GRANT, REVOKE and ALTER DEFAULT PERMISSIONS. */
import type { Permission } from '../base/permission-name.ts'
import type { TokenCursor } from './token-cursor.ts'

export type PermissionWord =
  | { readonly offered: true; readonly name: Permission }
  | { readonly offered: false; readonly name: string }

/** One word of a list of permissions, as written after GRANT. */
export function readPermission(cursor: TokenCursor): PermissionWord {
  if (cursor.accept('create', 'function') || cursor.accept('createfunction')) {
    return { offered: true, name: 'CREATE FUNCTION' }
  }
  if (cursor.accept('create', 'job')) return { offered: true, name: 'CREATE JOB' }
  const word = cursor.acceptOneOf(OFFERED)
  if (word) return { offered: true, name: PERMISSION_OF[word] }
  const foreign = cursor.acceptOneOf(NOT_OFFERED)
  if (foreign) return { offered: false, name: foreign.toUpperCase() }
  throw cursor.syntaxError(`Permissions are: ${Object.values(PERMISSION_OF).join(', ')}, ALL.`)
}

const PERMISSION_OF = {
  superuser: 'SUPERUSER',
  connect: 'CONNECT',
  create: 'CREATE',
  usage: 'USAGE',
  select: 'SELECT',
  insert: 'INSERT',
  update: 'UPDATE',
  delete: 'DELETE',
  ddl: 'DDL',
  execute: 'EXECUTE',
} as const satisfies Record<string, Permission>

const OFFERED = [
  'superuser',
  'connect',
  'create',
  'usage',
  'select',
  'insert',
  'update',
  'delete',
  'ddl',
  'execute',
] as const

/** PostgreSQL's privileges that have no counterpart here. */
const NOT_OFFERED = ['references', 'trigger', 'truncate', 'temporary', 'temp', 'maintain'] as const
