import { GatewayError } from '../base/gateway-error.ts'
import type { Identity } from '../identity/identity.ts'

/** A role's name for the audit, even when the role was dropped meanwhile. */
export function roleNameOf(identity: Pick<Identity, 'authority'>, roleId: string): string {
  try {
    return identity.authority(roleId).roleName
  } catch (thrown) {
    if (thrown instanceof GatewayError) return `(dropped role ${roleId})`
    throw thrown
  }
}
