/** Default permissions and default schemas of roles. */
import { GatewayError } from '../base/gateway-error.ts'
import { PUBLIC_ROLE_ID } from './built-in-roles.ts'
import { defaultGrantKey } from './default-grant-key.ts'
import { defaultGrantsOn } from './default-grant-rules.ts'
import type { DefaultGrant } from './defaults.ts'
import { checkGrantable } from './grant-rules.ts'
import type { IdentityLedger } from './identity-ledger.ts'
import { grantKey } from './identity-records.ts'
import type { IdentityRecords } from './identity-records.ts'
import type { DefaultGrantRow, IdentityStoreChange } from './identity-store.ts'
import { ownId } from './object-key.ts'
import type { ObjectRef } from './permission.ts'
import { roleNamed } from './role-book.ts'

export class DefaultBook {
  readonly #ledger: IdentityLedger

  constructor(ledger: IdentityLedger) {
    this.#ledger = ledger
  }

  list(): DefaultGrant[] {
    const { records } = this.#ledger
    const nameOf = (id: string | undefined): string | undefined =>
      id === undefined ? undefined : records.roles.get(id)?.name
    return [...records.defaultGrants]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([, { creatorId, granteeId, ...rule }]) => ({
        ...rule,
        creator: nameOf(creatorId),
        grantee: nameOf(granteeId),
      }))
  }

  add(rules: readonly DefaultGrant[]): Promise<void> {
    return this.#ledger.change((records) => ({
      changes: rules
        .map((rule) => checkedRow(records, rule))
        .filter((rule) => !records.defaultGrants.has(defaultGrantKey(rule)))
        .map((rule) => ({ kind: 'put_default_grant', rule })),
      result: undefined,
    }))
  }

  drop(rules: readonly DefaultGrant[]): Promise<void> {
    return this.#ledger.change((records) => ({
      changes: rules.map((rule) => {
        const row = checkedRow(records, rule)
        if (!records.defaultGrants.has(defaultGrantKey(row))) throw noSuchRule(rule)
        return { kind: 'remove_default_grant', rule: row }
      }),
      result: undefined,
    }))
  }

  grantOn(creatorId: string, objects: readonly ObjectRef[]): Promise<void> {
    return this.#ledger.change((records) => {
      if (!records.roles.has(creatorId)) {
        throw new GatewayError('undefined_object', 'the role does not exist any more')
      }
      const grants = objects.flatMap((object) => defaultGrantsOn(records, creatorId, object))
      const distinct = new Map(grants.map((grant) => [`${grant.roleId} ${grantKey(grant)}`, grant]))
      const changes = [...distinct.values()].map((grant): IdentityStoreChange => {
        return { kind: 'put_grant', grant }
      })
      return { changes, result: undefined }
    })
  }

  schemaOf(roleId: string, databaseId: string): string | undefined {
    return this.#ledger.records.defaultSchemas.get(roleId)?.get(databaseId)?.schemaId
  }

  setSchema(role: string, schema: ObjectRef): Promise<void> {
    return this.#ledger.change((records) => {
      const { id, name } = roleNamed(records, role)
      if (id === PUBLIC_ROLE_ID) {
        throw new GatewayError('invalid_parameter_value', `role "${name}" opens no sessions`, {
          hint: 'Name the role of the client or user whose default schema it shall be.',
        })
      }
      const row = { roleId: id, databaseId: schema.databaseId, schemaId: ownId(schema) }
      return { changes: [{ kind: 'put_default_schema', defaultSchema: row }], result: undefined }
    })
  }
}

function checkedRow(records: IdentityRecords, rule: DefaultGrant): DefaultGrantRow {
  const { creator, grantee, objectKind, schema, permission } = rule
  const creatorId = creator === undefined ? undefined : roleNamed(records, creator).id
  const granteeId = grantee === undefined ? undefined : roleNamed(records, grantee).id
  if (creatorId === PUBLIC_ROLE_ID) {
    throw new GatewayError('invalid_parameter_value', 'PUBLIC creates nothing', {
      hint: 'Write FOR ALL ROLES for whichever role creates.',
    })
  }
  checkGrantable(permission, objectKind)
  if (granteeId === PUBLIC_ROLE_ID && permission === 'SUPERUSER') {
    throw new GatewayError('invalid_parameter_value', 'SUPERUSER cannot be granted to PUBLIC', {
      hint: 'Grant it to the roles that need it.',
    })
  }
  if ((objectKind === 'schema' || objectKind === 'function') && schema) {
    throw new GatewayError('invalid_parameter_value', `a ${objectKind} is not made in a schema`, {
      hint: `Leave out IN … for default permissions on ${objectKind.toUpperCase()}S.`,
    })
  }
  return { creatorId, objectKind, schema, permission, granteeId }
}

function noSuchRule({ creator, grantee, objectKind, permission }: DefaultGrant): GatewayError {
  const by = creator === undefined ? 'ALL ROLES' : `role "${creator}"`
  const to = grantee === undefined ? 'CREATOR_ROLE' : `role "${grantee}"`
  return new GatewayError(
    'undefined_object',
    `there is no default permission ${permission} on ${objectKind}s made by ${by} for ${to} there`,
    { hint: 'SELECT GET_ALL_ROLES_DATABASE_DDL() lists the rules, to be dropped as they are.' },
  )
}
