/** Why somebody who was let in must stop. Asked before every statement, so it only looks things up. */
import { GatewayError } from '../base/gateway-error.ts'
import type { IdentityRecords } from './identity-records.ts'
import type { Principal } from './principal.ts'
import { endOf } from './token-life.ts'

/** @returns undefined while `principal` may go on at `now` (milliseconds since 1970). */
export function cutOffReason(
  records: IdentityRecords,
  principal: Principal,
  now: number,
): GatewayError | undefined {
  if (principal.kind !== 'client') return undefined
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
  const role = records.roles.get(principal.roleId)
  if (role?.login !== true) {
    return cutOff(`role "${role?.name ?? principal.roleId}" is no longer permitted to log in`)
  }
  return undefined
}

function cutOff(why: string): GatewayError {
  return new GatewayError('admin_shutdown', `terminating connection: ${why}`, {
    hint: 'Ask the administrator of the gateway.',
  })
}
