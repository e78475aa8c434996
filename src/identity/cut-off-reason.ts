/** Why somebody who was let in must stop. Asked before every statement, so it only looks things up. */
import { unreachable } from '../base/assert.ts'
import { GatewayError } from '../base/gateway-error.ts'
import type { IdentityRecords } from './identity-records.ts'
import type { ClientPrincipal, Principal, UserPrincipal } from './principal.ts'
import { endOf } from './token-life.ts'

/** @returns undefined while `principal` may go on at `now` (milliseconds since 1970). */
export function cutOffReason(
  records: IdentityRecords,
  principal: Principal,
  now: number,
  isLiveSession: (consoleSessionId: string) => boolean,
): GatewayError | undefined {
  switch (principal.kind) {
    case 'client':
      return reasonOfClient(records, principal, now)
    case 'user':
      return reasonOfUser(records, principal, isLiveSession)
    case 'local':
      return undefined
    default:
      unreachable(principal)
  }
}

function reasonOfClient(
  records: IdentityRecords,
  principal: ClientPrincipal,
  now: number,
): GatewayError | undefined {
  const client = records.clients.get(principal.clientId)
  if (!client) return cutOff(`client "${principal.clientName}" was deleted`)
  if (!client.enabled) return cutOff(`client "${client.name}" was disabled`)
  const token = records.tokens.get(principal.tokenId)
  const end = token ? endOf(token, now) : 'regenerated'
  if (end === 'regenerated') {
    return cutOff(`the access token of client "${client.name}" was regenerated`)
  }
  if (end === 'expired') return cutOff(`the access token of client "${client.name}" has expired`)
  if (client.roleId !== principal.roleId) {
    return cutOff(`client "${client.name}" was given another role`)
  }
  return reasonOfRole(records, principal.roleId)
}

function reasonOfUser(
  records: IdentityRecords,
  { userId, userName, roleId, consoleSessionId }: UserPrincipal,
  isLiveSession: (consoleSessionId: string) => boolean,
): GatewayError | undefined {
  const user = records.users.get(userId)
  if (!user) return cutOff(`user "${userName}" was deleted`)
  if (!user.enabled) return cutOff(`user "${user.name}" was disabled`)
  if (user.roleId !== roleId) return cutOff(`user "${user.name}" has another role now`)
  if (consoleSessionId !== undefined && !isLiveSession(consoleSessionId)) {
    return cutOff('the console session has ended')
  }
  return reasonOfRole(records, roleId)
}

function reasonOfRole(records: IdentityRecords, roleId: string): GatewayError | undefined {
  const role = records.roles.get(roleId)
  if (role?.login === true) return undefined
  return cutOff(`role "${role?.name ?? roleId}" is no longer permitted to log in`)
}

function cutOff(why: string): GatewayError {
  return new GatewayError('admin_shutdown', `terminating connection: ${why}`, {
    hint: 'Ask the administrator of the gateway.',
  })
}
