/** The user that a route names, and whether its caller may act on it. */
import type { FastifyRequest } from 'fastify'
import { GatewayError } from '../../../base/gateway-error.ts'
import type { Check, Identity } from '../../../identity/identity.ts'
import type { UserInfo } from '../../../identity/users.ts'
import { checkIfMatch } from '../etag.ts'
import { mayTouchRole } from '../no-escalation.ts'
import { callerOf } from '../route-needs.ts'
import { userView } from '../user-view.ts'

/** @throws GatewayError `undefined_object`. */
export function existingUser(identity: Identity, name: string): UserInfo {
  const user = identity.findUser(name)
  if (user) return user
  throw new GatewayError('undefined_object', `user "${name}" does not exist`, {
    hint: 'bluegate user list shows all.',
  })
}

/** As the audit shows it: the user as before the act. */
export function describeUser(identity: Identity, name: string): string {
  const user = identity.findUser(name)
  return user ? `user ${user.name}, role ${user.role}` : `user ${name}`
}

/** For every act on a user: whether the caller saw this state, and may act on one with that role. */
export function checkOfAct(
  identity: Pick<Identity, 'authority'>,
  request: FastifyRequest,
): Check<UserInfo> {
  const caller = callerOf(request)
  return (user) => {
    mayTouchRole(identity, caller, user.roleId)
    checkIfMatch(request, userView(user).etag)
  }
}
