/** For acts that reach beyond the Settings pages, to all data or all secrets. */
import { GatewayError } from '../../base/gateway-error.ts'
import type { Identity } from '../../identity/identity.ts'
import type { Caller } from './caller.ts'

/** @param why For the caller: `a backup holds all data`. @throws GatewayError `insufficient_privilege`. */
export function requireSuperuser(
  identity: Pick<Identity, 'authority'>,
  { principal }: Caller,
  why: string,
): void {
  if (identity.authority(principal.roleId).superuser) return
  throw new GatewayError('insufficient_privilege', `this needs a role with SUPERUSER: ${why}`, {
    hint: 'Ask an administrator with SUPERUSER to do it.',
  })
}
