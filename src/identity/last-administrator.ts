/**
 * Somebody must always be able to administer the gateway from the console: the last such user keeps
 * password, LOGIN and CLUSTERADMIN, whichever way they would be lost.
 */
import { GatewayError } from '../base/gateway-error.ts'
import { rolesHeldBy } from './compute-authority.ts'
import type { IdentityRecords } from './identity-records.ts'
import type { IdentityStoreChange, MembershipRow, UserRow } from './identity-store.ts'

type Rows = Pick<IdentityRecords, 'users' | 'roles' | 'memberships'>

const NAMES_SHOWN_MAX = 20

/**
 * Where nobody could before, nothing is lost and every change is allowed.
 *
 * @throws GatewayError `object_in_use` when nobody could any more after these changes.
 */
export function checkAnAdministratorStays(
  records: IdentityRecords,
  changes: readonly IdentityStoreChange[],
): void {
  const before = administrators(records)
  if (before.length === 0 || administrators(rowsAfter(records, changes)).length > 0) return
  const names = before.map(({ name }) => `"${name}"`).slice(0, NAMES_SHOWN_MAX)
  const others = before.length - names.length
  const who =
    before.length === 1
      ? `user ${names.join('')} is the last one`
      : `users ${names.join(', ')}${others > 0 ? ` and ${others} more` : ''} are the last ones`
  throw new GatewayError('object_in_use', `${who} who can administer this gateway`, {
    hint: 'Give another enabled user, who has a password, a role with CLUSTERADMIN first.',
  })
}

function administrators(rows: Rows): UserRow[] {
  return [...rows.users.values()].filter((user) => isAdministrator(rows, user))
}

/** One who can sign in, and then change what is set. */
function isAdministrator(rows: Rows, user: UserRow): boolean {
  if (!user.enabled || user.passwordHash === undefined) return false
  if (rows.roles.get(user.roleId)?.login !== true) return false
  const roles = [...rolesHeldBy(rows, user.roleId)]
  return roles.some((id) => rows.roles.get(id)?.clusterAdmin === true)
}

function rowsAfter(records: Rows, changes: readonly IdentityStoreChange[]): Rows {
  const users = new Map(records.users)
  const roles = new Map(records.roles)
  const memberships = new Map(
    [...records.memberships].map(([memberId, of]): [string, Map<string, MembershipRow>] => [
      memberId,
      new Map(of),
    ]),
  )
  for (const change of changes) {
    if (change.kind === 'put_user') users.set(change.user.id, change.user)
    if (change.kind === 'remove_user') users.delete(change.userId)
    if (change.kind === 'put_role') roles.set(change.role.id, change.role)
    if (change.kind === 'remove_role') roles.delete(change.roleId)
    if (change.kind === 'remove_membership') {
      memberships.get(change.memberId)?.delete(change.roleId)
    }
  }
  return { users, roles, memberships } // a new membership takes nothing from anybody
}
