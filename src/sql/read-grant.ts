/**
 * GRANT and REVOKE, in BLUE's forms and the common ones of PostgreSQL.
 *
 * Sources: BLUE SQL, GRANT and REVOKE; PostgreSQL manual, GRANT. Whether a permission exists on
 * that kind of object is for execution to say: it knows the objects.
 */
import type { Permission } from '../base/permission-name.ts'
import { readGrantTarget } from './read-grant-target.ts'
import { readPermission } from './read-permission.ts'
import type { GrantTarget, StatementBody } from './statement.ts'
import type { TokenCursor } from './token-cursor.ts'
import { isSymbol } from './token.ts'
import { unsupported } from './unsupported.ts'

export function readGrant(cursor: TokenCursor): StatementBody {
  const verb = cursor.next().value === 'grant' ? 'grant' : 'revoke'
  if (cursor.sees('grant', 'option', 'for')) return unsupported('REVOKE GRANT OPTION')
  const adminOption = verb === 'revoke' && cursor.accept('admin', 'option', 'for')
  if (!adminOption && hasTarget(cursor)) return readPermissions(cursor, verb)
  const names = cursor.list(() => readMember(cursor))
  const members = readGrantees(cursor, verb)
  if (typeof members === 'string') return unsupported(members)
  const attributes = clusterAttributes(names)
  if (attributes && !adminOption && !members.adminOption) {
    return { kind: `${verb}_cluster`, attributes, roles: members.roles }
  }
  return {
    kind: `${verb}_roles`,
    roles: names.map(({ name }) => name),
    members: members.roles,
    adminOption: adminOption || members.adminOption,
  }
}

/** With ON (or BLUE's `FROM COLUMN` for it) before the grantees, it is about permissions on objects. */
function hasTarget(cursor: TokenCursor): boolean {
  for (let ahead = 0; ; ahead += 1) {
    const token = cursor.peek(ahead)
    if (!token || (token.kind === 'word' && token.value === 'to')) return false
    if (token.kind === 'word' && token.value === 'on') return true
    if (token.kind === 'word' && token.value === 'from') {
      const after = cursor.peek(ahead + 1)
      return after?.kind === 'word' && after.value === 'column'
    }
  }
}

function readPermissions(cursor: TokenCursor, verb: 'grant' | 'revoke'): StatementBody {
  const asked = readPermissionList(cursor)
  if (typeof asked === 'string') return unsupported(`${verb.toUpperCase()} ${asked}`)
  if (!cursor.accept('on')) {
    if (verb !== 'revoke') throw cursor.syntaxError()
    cursor.expect('from') // a spelling in BLUE's own examples: REVOKE … FROM COLUMN …
  }
  const named = readGrantTarget(cursor)
  if (typeof named === 'string') return unsupported(`${verb.toUpperCase()} … ON ${named}`)
  const target = withColumns(cursor, named, asked.columns)
  const grantees = readGrantees(cursor, verb)
  if (typeof grantees === 'string') return unsupported(grantees)
  if (grantees.adminOption) throw cursor.syntaxError()
  return {
    kind: `${verb}_permissions`,
    permissions: asked.permissions,
    target,
    roles: grantees.roles,
  }
}

interface AskedPermissions {
  readonly permissions: readonly Permission[] | 'ALL'
  /** PostgreSQL's `SELECT (a, b)`. */
  readonly columns: readonly string[] | undefined
}

/** @returns a text when it names something that is not offered. */
function readPermissionList(cursor: TokenCursor): AskedPermissions | string {
  if (cursor.accept('all')) {
    cursor.acceptOneOf(['permissions', 'privileges'])
    return { permissions: 'ALL', columns: readColumns(cursor) }
  }
  const asked = cursor.list(() => ({
    permission: readPermission(cursor),
    columns: readColumns(cursor),
  }))
  const foreign = asked.find(({ permission }) => !permission.offered)
  if (foreign) return foreign.permission.name
  const lists = new Set(asked.map(({ columns }) => JSON.stringify(columns)))
  if (lists.size > 1) return 'with different columns for each permission'
  return {
    permissions: asked.flatMap(({ permission }) => (permission.offered ? [permission.name] : [])),
    columns: asked[0]?.columns,
  }
}

function readColumns(cursor: TokenCursor): readonly string[] | undefined {
  if (!cursor.acceptSymbol('(')) return undefined
  const columns = cursor.list(() => cursor.identifier())
  cursor.expectSymbol(')')
  return columns
}

/** `SELECT (a, b) ON t` is about columns of exactly one table. */
function withColumns(
  cursor: TokenCursor,
  target: GrantTarget,
  columns: readonly string[] | undefined,
): GrantTarget {
  if (!columns) return target
  const [table, second] = target.kind === 'table' ? target.names : []
  if (!table || second) throw cursor.syntaxError('Columns are granted on one table at a time.')
  return { kind: 'column', columns, tables: [table] }
}

interface Member {
  readonly name: string
  readonly quoted: boolean
}

function readMember(cursor: TokenCursor): Member {
  const quoted = cursor.peek()?.kind === 'quoted'
  return { name: cursor.identifier(), quoted }
}

/** `GRANT SUPERUSER, LOGIN TO …`: attributes of the role itself, when nothing else is named. */
function clusterAttributes(
  names: readonly Member[],
): readonly ('SUPERUSER' | 'LOGIN' | 'CLUSTERADMIN')[] | undefined {
  const attributes = names.map(({ name, quoted }) =>
    quoted ? undefined : CLUSTER_ATTRIBUTES.find((attribute) => attribute.toLowerCase() === name),
  )
  return attributes.every((attribute) => attribute !== undefined) ? attributes : undefined
}

const CLUSTER_ATTRIBUTES = ['SUPERUSER', 'LOGIN', 'CLUSTERADMIN'] as const

/**
 * TO or FROM, the grantees, and what may follow them.
 * @returns a text when it names something that is not offered.
 */
function readGrantees(
  cursor: TokenCursor,
  verb: 'grant' | 'revoke',
): { readonly roles: readonly string[]; readonly adminOption: boolean } | string {
  cursor.expect(verb === 'grant' ? 'to' : 'from')
  const roles = cursor.list(() => {
    if (isSymbol(cursor.peek(1), '.')) throw cursor.syntaxError('Roles have one-part names.')
    cursor.accept('group')
    return cursor.identifier()
  })
  const adminOption = cursor.accept('with', 'admin', 'option')
  if (cursor.sees('with', 'grant', 'option')) return `${verb.toUpperCase()} … WITH GRANT OPTION`
  if (cursor.sees('granted', 'by')) return `${verb.toUpperCase()} … GRANTED BY`
  if (verb === 'revoke') {
    if (cursor.sees('cascade')) return 'REVOKE … CASCADE'
    cursor.accept('restrict')
  }
  cursor.expectEnd()
  return { roles, adminOption }
}
