/** Changes of a role's rights that are chosen but not yet made. */
import type { Grant } from '../../api/roles.ts'

export type RoleChange =
  | { readonly kind: 'permission'; readonly verb: Verb; readonly grant: Grant }
  | {
      readonly kind: 'membership'
      readonly verb: Verb
      /** `member` gets, or loses, what `role` may. */
      readonly role: string
      readonly member: string
    }

export type Verb = 'grant' | 'revoke'

/** By `changeKey`; the order is that of choosing. */
export type RoleChanges = ReadonlyMap<string, RoleChange>

export const NO_CHANGES: RoleChanges = new Map()

/** The same for GRANT and REVOKE of the same thing. */
export function changeKey(change: RoleChange): string {
  return change.kind === 'permission'
    ? `permission ${grantKey(change.grant)}`
    : `membership ${JSON.stringify([change.role, change.member])}`
}

export function grantKey({ permission, objectKind, ...object }: Grant): string {
  const isRelation = objectKind === 'view' || objectKind === 'foreign table'
  const kind = isRelation ? 'table' : objectKind // one name, one object
  const { database, schema, table, column, function: called, location } = object
  const parts = [database, schema, table, column, called, location].map((part) => part ?? '')
  return JSON.stringify([permission, kind, ...parts])
}

/** Chooses a change, or takes its opposite back. */
export function toggled(changes: RoleChanges, change: RoleChange): RoleChanges {
  const next = new Map(changes)
  const key = changeKey(change)
  if (next.get(key)) next.delete(key)
  else next.set(key, change)
  return next
}
