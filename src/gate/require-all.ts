/** Holds what a statement needs against what the role has. */
import type { Authority } from '../identity/authority.ts'
import type { Requirement } from '../identity/permission.ts'
import { missingPermissions } from './missing-permissions.ts'

/** @throws GatewayError `insufficient_privilege` that lists all that is missing. */
export function requireAll(
  requires: readonly Requirement[],
  authority: Authority,
): readonly Requirement[] {
  const missing = requires.filter((requirement) => !authority.covers(requirement))
  if (missing.length > 0) throw missingPermissions(missing, authority, [], new Set())
  return requires
}
