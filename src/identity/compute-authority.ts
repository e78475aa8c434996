/**
 * From roles, memberships and grants to the `Authority` of one role.
 *
 * A role holds what it was granted, what the roles that it is a member of hold, however far away,
 * and what PUBLIC holds. SUPERUSER and CLUSTERADMIN are rights and are inherited; LOGIN says what a
 * role is and is not.
 */
import { present } from '../base/assert.ts'
import type { Permission } from '../base/permission-name.ts'
import type { Authority } from './authority.ts'
import { PUBLIC_ROLE_ID } from './built-in-roles.ts'
import type { IdentityRecords } from './identity-records.ts'
import type { RoleRow } from './identity-store.ts'
import { columnKey, databaseKey, objectKey, ownId, schemaKey, tableKey } from './object-key.ts'
import { TEMPORARY_DATABASE_ID } from './permission.ts'
import type { ObjectRef, Requirement } from './permission.ts'

/** @returns undefined when there is no such role. */
export function computeAuthority(
  records: IdentityRecords,
  roleId: string,
  grantsVersion: number,
): Authority | undefined {
  const role = records.roles.get(roleId)
  if (!role) return undefined
  const roles = [...rolesHeldBy(records, roleId)].map((id) =>
    present(records.roles.get(id), 'memberships name roles that exist'),
  )
  return new ComputedAuthority(records, role, roles, grantsVersion)
}

/** The role itself, the roles it is a member of, directly or not, and PUBLIC. */
export function rolesHeldBy(
  records: Pick<IdentityRecords, 'memberships'>,
  roleId: string,
): Set<string> {
  const held = new Set([roleId, PUBLIC_ROLE_ID])
  for (const id of held) {
    // a Set also visits what is added meanwhile
    for (const group of records.memberships.get(id)?.keys() ?? []) held.add(group)
  }
  return held
}

/** Whether these may be known of, other rights on them say. */
const NOT_LOOKED_UP: ReadonlySet<ObjectRef['kind']> = new Set<ObjectRef['kind']>([
  'database',
  'schema',
  'location',
])

class ComputedAuthority implements Authority {
  readonly roleId: string
  readonly roleName: string
  readonly grantsVersion: number
  readonly superuser: boolean
  readonly clusterAdmin: boolean
  readonly login: boolean
  /** `PERMISSION on object key`. */
  readonly #held = new Set<string>()
  /** By `PERMISSION on table key`: the columns that were granted one by one. */
  readonly #columns = new Map<string, Set<string>>()
  /** Tables and functions of which something is held. */
  readonly #known = new Set<string>()

  constructor(
    records: IdentityRecords,
    role: RoleRow,
    roles: readonly RoleRow[],
    grantsVersion: number,
  ) {
    this.roleId = role.id
    this.roleName = role.name
    this.grantsVersion = grantsVersion
    this.login = role.login
    this.superuser = roles.some((each) => each.superuser)
    this.clusterAdmin = roles.some((each) => each.clusterAdmin)
    for (const { id } of roles) {
      for (const grant of records.grants.get(id)?.values() ?? []) {
        this.#hold(grant.permission, grant.object)
      }
    }
  }

  may(permission: Permission, object: ObjectRef): boolean {
    if (this.#holdsAllIn(object) || this.#held.has(`${permission} on ${objectKey(object)}`)) {
      return true
    }
    return object.kind === 'column' && this.#held.has(`${permission} on ${tableKey(ownId(object))}`)
  }

  columns(permission: 'SELECT' | 'DDL', table: ObjectRef): 'all' | ReadonlySet<string> {
    if (this.may(permission, { ...table, kind: 'table' })) return 'all'
    return this.#columns.get(`${permission} on ${tableKey(ownId(table))}`) ?? new Set()
  }

  knows(table: ObjectRef): boolean {
    return this.#holdsAllIn(table) || this.#known.has(ownId(table))
  }

  covers(requirement: Requirement): boolean {
    const { permission, object, columns: names, columnKeys: columns = names } = requirement
    if (columns === undefined) return this.may(permission, object)
    const table: ObjectRef = { ...object, kind: 'table' }
    if (this.may(permission, table)) return true
    if (permission !== 'SELECT' && permission !== 'DDL') return false
    // count(*) reads no column, and needs the right to one, as in PostgreSQL
    if (columns.length === 0) return this.#columns.has(`${permission} on ${tableKey(ownId(table))}`)
    return columns.every((column) =>
      this.#held.has(`${permission} on ${columnKey(ownId(table), column)}`),
    )
  }

  #hold(permission: Permission, object: ObjectRef): void {
    this.#held.add(`${permission} on ${objectKey(object)}`)
    if (NOT_LOOKED_UP.has(object.kind)) return
    const table = ownId(object) // of a function its own
    this.#known.add(table)
    if (object.kind !== 'column') return
    const key = `${permission} on ${tableKey(table)}`
    const columns = this.#columns.get(key) ?? new Set()
    columns.add(present(object.column, 'a column has a name'))
    this.#columns.set(key, columns)
  }

  /** SUPERUSER of the cluster, of the database, or of the schema; or it is the session's own. */
  #holdsAllIn(object: ObjectRef): boolean {
    return (
      this.superuser ||
      object.databaseId === TEMPORARY_DATABASE_ID ||
      this.#held.has(`SUPERUSER on ${databaseKey(object.databaseId)}`) ||
      (object.schemaId !== undefined &&
        this.#held.has(`SUPERUSER on ${schemaKey(object.schemaId)}`))
    )
  }
}
