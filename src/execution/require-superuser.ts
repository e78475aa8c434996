/** The refusal of what needs SUPERUSER of the cluster, in the one form that it has. */
import { GatewayError } from '../base/gateway-error.ts'
import type { Authority } from '../identity/authority.ts'

/** @throws GatewayError `insufficient_privilege`; `hint` says what needs it. */
export function requireSuperuser(authority: Authority, hint: string): void {
  if (authority.superuser) return
  throw new GatewayError('insufficient_privilege', 'Missing the following permissions: SUPERUSER', {
    hint,
  })
}
