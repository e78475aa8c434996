/** Permissions of roles on objects, by object id. */
import { GatewayError } from '../base/gateway-error.ts'
import { PUBLIC_ROLE_ID } from './built-in-roles.ts'
import { checkGrantable } from './grant-rules.ts'
import type { GrantChange, GrantInfo } from './identity.ts'
import type { IdentityLedger } from './identity-ledger.ts'
import { grantKey } from './identity-records.ts'
import type { IdentityRecords } from './identity-records.ts'
import type { GrantRow, IdentityStoreChange } from './identity-store.ts'
import { ownId } from './object-key.ts'
import type { ObjectRef } from './permission.ts'
import { removedDefaults } from './removed-defaults.ts'
import { roleNamed } from './role-book.ts'

/** The first database and schema of a cluster, whose ids only the catalogue knows. */
export interface FirstObjects {
  readonly databaseId: string
  readonly schemaId: string
  /** `permissions.publicCreate`: whether everybody may create tables in schema `public`. */
  readonly publicCreate: boolean
}

export class GrantBook {
  readonly #ledger: IdentityLedger

  constructor(ledger: IdentityLedger) {
    this.#ledger = ledger
  }

  of(roleId: string): GrantInfo[] {
    return this.#ledger.records
      .grantsOf(roleId)
      .map(({ permission, object }) => ({ permission, object }))
  }

  grant(grants: readonly GrantChange[]): Promise<void> {
    return this.#ledger.change((records) => ({
      changes: grants
        .map((grant) => checkedRow(records, grant))
        .filter((row) => !records.grants.get(row.roleId)?.has(grantKey(row)))
        .map((grant) => ({ kind: 'put_grant', grant })),
      result: undefined,
    }))
  }

  revoke(grants: readonly GrantChange[]): Promise<void> {
    return this.#ledger.change((records) => ({
      changes: grants.flatMap((grant) => revocation(records, checkedRow(records, grant))),
      result: undefined,
    }))
  }

  sweep(existing: ReadonlySet<string>): Promise<{ swept: number }> {
    return this.#ledger.change((records) => {
      const changes = removals(records, (object) => !existing.has(ownId(object)))
      return { changes, result: { swept: changes.length } }
    })
  }

  forget(ids: ReadonlySet<string>): Promise<void> {
    return this.#ledger.change((records) => ({
      changes: removals(records, ({ databaseId, schemaId, tableId, functionId }) =>
        [databaseId, schemaId, tableId, functionId].some((id) => id !== undefined && ids.has(id)),
      ),
      result: undefined,
    }))
  }

  /** What PUBLIC holds from the beginning. Given once: what was revoked later stays revoked. */
  bootstrap({ databaseId, schemaId, publicCreate }: FirstObjects): Promise<void> {
    return this.#ledger.change((records) => {
      if (records.properties.get('bootstrappedSchema') === schemaId) {
        return { changes: [], result: undefined }
      }
      const object: ObjectRef = { kind: 'schema', databaseId, schemaId }
      const permissions = publicCreate ? (['USAGE', 'CREATE'] as const) : (['USAGE'] as const)
      const changes = permissions.map((permission): IdentityStoreChange => {
        return { kind: 'put_grant', grant: { roleId: PUBLIC_ROLE_ID, permission, object } }
      })
      changes.push({ kind: 'set_property', name: 'bootstrappedSchema', value: schemaId })
      return { changes, result: undefined }
    })
  }
}

function checkedRow(records: IdentityRecords, grant: GrantChange): GrantRow {
  const role = roleNamed(records, grant.role)
  checkGrantable(grant.permission, grant.object.kind)
  if (role.id === PUBLIC_ROLE_ID && grant.permission === 'SUPERUSER') {
    throw new GatewayError('invalid_parameter_value', 'SUPERUSER cannot be granted to PUBLIC', {
      hint: 'Grant it to the roles that need it.',
    })
  }
  return { roleId: role.id, permission: grant.permission, object: grant.object }
}

/** Revoking a permission on a table takes it from its columns too, as in PostgreSQL. */
function revocation(records: IdentityRecords, row: GrantRow): IdentityStoreChange[] {
  const held = records.grantsOf(row.roleId)
  const isTable = row.object.kind !== 'column' && row.object.tableId !== undefined
  if (row.object.kind === 'column') checkNotHeldByTable(records, row)
  return held
    .filter((each) => {
      if (each.permission !== row.permission) return false
      if (grantKey(each) === grantKey(row)) return true
      return isTable && each.object.kind === 'column' && each.object.tableId === row.object.tableId
    })
    .map((grant) => ({ kind: 'remove_grant', grant }))
}

/** PostgreSQL does nothing here, silently, and the column stays readable. */
function checkNotHeldByTable(records: IdentityRecords, row: GrantRow): void {
  const table: GrantRow = { ...row, object: { ...row.object, kind: 'table' } }
  if (!records.grants.get(row.roleId)?.has(grantKey(table))) return
  throw new GatewayError(
    'object_not_in_prerequisite_state',
    `${row.permission} is held on the whole table, so it cannot be revoked from column "${row.object.column}" alone`,
    { hint: 'Revoke it from the table, then grant it on the columns that shall stay.' },
  )
}

function removals(
  records: IdentityRecords,
  isGone: (object: ObjectRef) => boolean,
): IdentityStoreChange[] {
  const grants = [...records.grants.values()]
    .flatMap((of) => [...of.values()])
    .filter((grant) => isGone(grant.object))
  return [
    ...grants.map((grant): IdentityStoreChange => ({ kind: 'remove_grant', grant })),
    ...removedDefaults(records, isGone),
  ]
}
