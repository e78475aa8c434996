/** The roles that a role acts with: itself, those it is a member of, however far away, and PUBLIC. */
import type { Identity, RoleInfo } from './identity.ts'

type Roles = Pick<Identity, 'findRole'>

/** The role itself first, PUBLIC last; empty when there is no such role. */
export function heldRoles(identity: Roles, name: string): RoleInfo[] {
  const held = new Map<string, RoleInfo>()
  const own = identity.findRole(name)
  if (own) held.set(own.id, own)
  for (const { memberOf } of held.values()) {
    // a Map also visits what is added meanwhile
    for (const { role } of memberOf) {
      const group = identity.findRole(role)
      if (group) held.set(group.id, group)
    }
  }
  const everybody = identity.findRole('public')
  return [...held.values(), ...(own && everybody && !held.has(everybody.id) ? [everybody] : [])]
}

/** Names, in lower case, of the roles that it may grant: it has the admin option, or a group of it. */
export function administeredRoles(identity: Roles, name: string): ReadonlySet<string> {
  return new Set(
    heldRoles(identity, name).flatMap(({ memberOf }) =>
      memberOf.filter(({ adminOption }) => adminOption).map(({ role }) => role.toLowerCase()),
    ),
  )
}
