/** Rules of default permissions as rows: which ones a new object meets, and which are shipped. */
import { assert } from '../base/assert.ts'
import type { Permission } from '../base/permission-name.ts'
import { ADMINISTRATOR_ROLE_ID } from './built-in-roles.ts'
import { rolesHeldBy } from './compute-authority.ts'
import type { DefaultGrantKind } from './defaults.ts'
import type { IdentityRecords } from './identity-records.ts'
import type { DefaultGrantRow, GrantRow } from './identity-store.ts'
import type { ObjectRef } from './permission.ts'

/** BLUE's own, but for SUPERUSER on schemas (design, decision 10): who creates may use it. */
const TO_CREATOR: Readonly<Record<DefaultGrantKind, readonly Permission[]>> = {
  schema: ['USAGE', 'CREATE', 'DDL'],
  table: ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'DDL'],
  view: ['SELECT', 'DDL'],
  function: ['EXECUTE', 'DDL'],
  'foreign table': ['SELECT', 'DDL'],
  sequence: ['USAGE', 'SELECT', 'UPDATE', 'DDL'],
}

/** With which of the shipped rules each kind came: later ones are new to clusters that are older. */
const SHIPPED_WITH: Readonly<Record<DefaultGrantKind, number>> = {
  schema: 1,
  table: 1,
  view: 1,
  function: 2,
  'foreign table': 3,
  sequence: 4,
}

/** Of the newest shipped rules. */
export const SHIPPED_DEFAULTS = 4

/**
 * The rules that a cluster begins with. They can be dropped, and then stay dropped.
 *
 * @param had of which shipped rules the cluster has been given all up to; 0: none.
 */
export function shippedDefaultGrants(had: number): DefaultGrantRow[] {
  const kinds = Object.entries(TO_CREATOR).filter(
    ([kind]) => SHIPPED_WITH[kind as DefaultGrantKind] > had,
  )
  return kinds.flatMap(([kind, permissions]) =>
    permissions.map((permission) => ({
      creatorId: undefined,
      objectKind: kind as DefaultGrantKind,
      schema: undefined,
      permission,
      granteeId: undefined,
    })),
  )
}

/**
 * What the role `creatorId` and others get on an object that it makes. The local administrator's
 * role has every right already, and gets none as a creator.
 */
export function defaultGrantsOn(
  records: IdentityRecords,
  creatorId: string,
  object: ObjectRef,
): GrantRow[] {
  assert(object.kind !== 'database' && object.kind !== 'column', 'an object that can be created')
  const creators = rolesHeldBy(records, creatorId)
  return [...records.defaultGrants.values()]
    .filter((rule) => {
      if (rule.objectKind !== object.kind) return false
      if (rule.creatorId !== undefined && !creators.has(rule.creatorId)) return false
      return rule.schema === undefined || rule.schema.schemaId === object.schemaId
    })
    .map(({ permission, granteeId }) => ({ roleId: granteeId ?? creatorId, permission, object }))
    .filter(({ roleId }) => roleId !== ADMINISTRATOR_ROLE_ID)
}
