/** What a role holds, with the names of the objects, as far as whoever asks may know of them. */
import { nameParts, objectFinder } from '../catalog/find-object.ts'
import type { FoundObject } from '../catalog/find-object.ts'
import type { CatalogSnapshot } from '../catalog/catalog-snapshot.ts'
import type { Permission } from '../base/permission-name.ts'
import { seesObject } from '../gate/visible-names.ts'
import type { Authority } from '../identity/authority.ts'
import type { Identity, RoleInfo } from '../identity/identity.ts'

export interface NamedGrant {
  readonly permission: Permission
  readonly object: FoundObject
}

/**
 * The grants of the role itself, not of the roles it is a member of, in the order of kinds, names
 * and permissions.
 *
 * Left out is what is granted on objects that are gone; and what the asking role may not know of,
 * such as a table in a schema that it has no USAGE on.
 */
export function permissionsOfRole(
  identity: Pick<Identity, 'grantsOf'>,
  role: RoleInfo,
  catalog: CatalogSnapshot,
  asking: Authority,
): NamedGrant[] {
  const find = objectFinder(catalog)
  return identity
    .grantsOf(role.id)
    .flatMap(({ permission, object }) => {
      const found = find(object)
      return found && seesObject(asking, found) ? [{ permission, object: found }] : []
    })
    .map((grant) => ({ grant, key: sortKey(grant) }))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ grant }) => grant)
}

const KINDS = [
  'database',
  'schema',
  'table',
  'view',
  'foreign table',
  'sequence',
  'column',
  'function',
  'location',
]

function sortKey({ permission, object }: NamedGrant): string {
  return JSON.stringify([KINDS.indexOf(object.kind), ...nameParts(object), permission])
}
