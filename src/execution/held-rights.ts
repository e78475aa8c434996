/** Whether what a statement needs is held still: by its role, and by the owners of views in it. */
import { GatewayError } from '../base/gateway-error.ts'
import type { Authority } from '../identity/authority.ts'
import type { Identity } from '../identity/identity.ts'
import type { Requirement } from '../identity/permission.ts'

/** The first that is not held any more. */
export function lostRequirement(
  identity: Pick<Identity, 'authority'>,
  roleId: string,
  requires: readonly Requirement[],
): Requirement | undefined {
  return requires.find((requirement) => {
    const { holder = roleId } = requirement
    return authorityIfAny(identity, holder)?.covers(requirement) !== true
  })
}

/** Undefined for a role that does not exist any more. */
export function authorityIfAny(
  identity: Pick<Identity, 'authority'>,
  roleId: string,
): Authority | undefined {
  try {
    return identity.authority(roleId)
  } catch (thrown) {
    if (thrown instanceof GatewayError && thrown.kind === 'undefined_object') return undefined
    throw thrown
  }
}
