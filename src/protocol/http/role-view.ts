/** A role as the API shows it: in a list, and alone with who and what belongs to it. */
import type { CatalogSnapshot } from '../../catalog/catalog-snapshot.ts'
import { objectFinder } from '../../catalog/find-object.ts'
import type { GrantInfo, RoleInfo } from '../../identity/identity.ts'
import type { ApiParts } from './api-parts.ts'
import { etagOf } from './etag.ts'

const NAMES_SHOWN = 100

export interface RoleView extends RoleInfo {
  readonly etag: string
}

export function roleView(role: RoleInfo): RoleView {
  return { ...role, etag: roleEtag(role) }
}

/** Of what `PATCH` changes and of the memberships; not of grants, which SQL adds one by one. */
export function roleEtag({ id, name, login, superuser, clusterAdmin, memberOf }: RoleInfo): string {
  const groups = memberOf.map(({ role, adminOption }) => `${role} ${String(adminOption)}`)
  return etagOf([id, name, login, superuser, clusterAdmin, groups.toSorted()])
}

export async function roleDetail(parts: ApiParts, role: RoleInfo) {
  const { identity, catalog } = parts
  const members = identity.listRoles().flatMap(({ name, memberOf }) => {
    const membership = memberOf.find((one) => one.role === role.name)
    return membership ? [{ role: name, adminOption: membership.adminOption }] : []
  })
  const users = identity.listUsers().filter((user) => user.role === role.name)
  const snapshot = await catalog.current()
  return {
    ...roleView(role),
    members,
    grants: namedGrants(identity.grantsOf(role.id), snapshot),
    clients: firstOf(identity.clientNames({ roleId: role.id })),
    users: firstOf(users.map(({ name }) => name)),
  }
}

function firstOf(names: readonly string[]) {
  return { names: names.slice(0, NAMES_SHOWN), total: names.length }
}

/** What is granted on objects that are gone, or not committed yet, is left out. */
function namedGrants(grants: readonly GrantInfo[], snapshot: CatalogSnapshot) {
  const find = objectFinder(snapshot)
  return grants.flatMap(({ permission, object }) => {
    const found = find(object)
    if (!found) return []
    const { kind, database, schema, table, sequence, column, function: called, location } = found
    const relation = table ?? sequence
    return [
      {
        permission,
        objectKind: kind,
        ...(database && { database: database.name }),
        ...(schema && { schema: schema.name }),
        ...(relation && { table: relation.name }),
        ...(column !== undefined && { column }),
        ...(called && { function: called.name }),
        ...(location && { location: location.name }),
      },
    ]
  })
}
