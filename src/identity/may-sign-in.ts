/** Who was proven may still not be let in: the same rule for every way of signing in. */
import { GatewayError } from '../base/gateway-error.ts'
import type { IdentityRecords } from './identity-records.ts'
import type { UserRow } from './identity-store.ts'
import type { SignInFailure } from './users.ts'

/** @throws GatewayError `invalid_authorization`, with its reason in `cause`. */
export function userWhoMaySignIn(records: IdentityRecords, userId: string): UserRow {
  const user = records.users.get(userId)
  if (user?.enabled !== true) {
    throw new GatewayError('invalid_authorization', 'this user may not sign in any more', {
      cause: 'disabled_user' satisfies SignInFailure,
    })
  }
  const role = records.roles.get(user.roleId)
  if (role?.login === true) return user
  const roleName = role?.name ?? user.roleId
  throw new GatewayError(
    'invalid_authorization',
    `role "${roleName}" of user "${user.name}" is not permitted to log in`,
    {
      hint: `An administrator permits it with: GRANT LOGIN TO "${roleName}"`,
      cause: 'role_without_login' satisfies SignInFailure,
    },
  )
}
