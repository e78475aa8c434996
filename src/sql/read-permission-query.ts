/**
 * Questions about roles and permissions: DESCRIBE ROLES and its like, and BLUE's functions that are
 * called by a SELECT of their own.
 *
 * Source: BLUE SQL, DESCRIBE ROLES, DESCRIBE ROLE PERMISSIONS, DESCRIBE CONNECT PERMISSIONS,
 * GET_STATEMENT_PERMISSIONS, GET_ROLE_PERMISSIONS, GET_ROLE_GLOBAL_DDL and its family.
 */
import { callsOneOf, readOwnCall } from './own-function.ts'
import { readNameArgument, readString } from './read-argument.ts'
import type { PermissionQuery } from './statement.ts'
import type { TokenCursor } from './token-cursor.ts'
import { wordSet } from './word-set.ts'

/** Longer lists are a mistake: there are some dozens of ids. */
const LIST_ITEMS_MAX = 1_000

/** Whether it is one of the three that are about roles, of BLUE's DESCRIBE family. */
export function describesRoles(cursor: TokenCursor): boolean {
  return ['roles', 'role', 'connect'].includes(cursor.peek(1)?.value ?? '')
}

/** @throws GatewayError `syntax_error`. */
export function readRoleDescription(cursor: TokenCursor): PermissionQuery {
  cursor.next()
  const query = readDescription(cursor)
  cursor.expectEnd()
  return query
}

function readDescription(cursor: TokenCursor): PermissionQuery {
  if (cursor.accept('roles')) {
    return { kind: 'describe_roles', like: cursor.accept('like') ? readString(cursor) : undefined }
  }
  if (cursor.accept('role', 'permissions')) {
    cursor.expect('role', 'name')
    const role = readNameArgument(cursor)
    return { kind: 'describe_role_permissions', role, permissionIds: readIds(cursor, 'permission') }
  }
  cursor.expect('connect', 'permissions')
  const database = cursor.accept('database') ? cursor.identifier() : undefined
  const roleIds = readIds(cursor, 'role')
  const permissionIds = readIds(cursor, 'permission')
  return { kind: 'describe_connect_permissions', database, roleIds, permissionIds }
}

/** Whether a SELECT calls one of the functions; with anything else in it, it is the engine's. */
export function callsPermissionFunction(cursor: TokenCursor): boolean {
  return callsOneOf(cursor, FUNCTIONS)
}

const FUNCTIONS = wordSet(`get_statement_permissions get_role_permissions get_role_global_ddl
  get_all_roles_global_ddl get_role_database_ddl get_all_roles_database_ddl`)

/** @throws GatewayError `syntax_error`. */
export function readPermissionFunction(cursor: TokenCursor): PermissionQuery {
  return readOwnCall(cursor, readCall)
}

function readCall(name: string, cursor: TokenCursor): PermissionQuery {
  switch (name) {
    case 'get_statement_permissions':
      return { kind: 'statement_permissions', statement: readString(cursor) }
    case 'get_role_permissions':
      return { kind: 'role_permissions' }
    case 'get_role_global_ddl':
      return { kind: 'role_ddl', scope: 'global', role: readNameArgument(cursor) }
    case 'get_all_roles_global_ddl':
      return { kind: 'role_ddl', scope: 'global', role: undefined }
    case 'get_role_database_ddl':
      return { kind: 'role_ddl', scope: 'database', role: readNameArgument(cursor) }
    default:
      return { kind: 'role_ddl', scope: 'database', role: undefined }
  }
}

/** `PERMISSION ID IN (1003, 2003)`, where it is there. */
function readIds(cursor: TokenCursor, word: string): readonly number[] | undefined {
  if (!cursor.accept(word, 'id')) return undefined
  cursor.expect('in')
  cursor.expectSymbol('(')
  const ids = cursor.list(() => readId(cursor))
  cursor.expectSymbol(')')
  if (ids.length > LIST_ITEMS_MAX)
    throw cursor.syntaxError(`A list may have ${LIST_ITEMS_MAX} ids.`)
  return ids
}

function readId(cursor: TokenCursor): number {
  const token = cursor.peek()
  if (token?.kind !== 'number' || !/^\d{1,9}$/.test(token.value)) {
    throw cursor.syntaxError('Ids are whole numbers.')
  }
  return Number(cursor.next().value)
}
