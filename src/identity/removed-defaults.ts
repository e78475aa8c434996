/** Default permissions and default schemas that go with an object or a role. */
import type { IdentityRecords } from './identity-records.ts'
import type { IdentityStoreChange } from './identity-store.ts'
import type { ObjectRef } from './permission.ts'

/** What goes when objects do: rules for what is made in them, and defaults that name them. */
export function removedDefaults(
  records: IdentityRecords,
  isGone: (object: ObjectRef) => boolean,
): IdentityStoreChange[] {
  const rules = [...records.defaultGrants.values()].filter(({ schema }) => schema && isGone(schema))
  const schemas = [...records.defaultSchemas.values()]
    .flatMap((of) => [...of.values()])
    .filter(({ databaseId, schemaId }) => isGone({ kind: 'schema', databaseId, schemaId }))
  return [
    ...rules.map((rule): IdentityStoreChange => ({ kind: 'remove_default_grant', rule })),
    ...schemas.map((defaultSchema): IdentityStoreChange => {
      return { kind: 'remove_default_schema', defaultSchema }
    }),
  ]
}

/** What goes when a role does: rules for it and to it, and its default schemas. */
export function defaultsOfRole(records: IdentityRecords, roleId: string): IdentityStoreChange[] {
  return [
    ...[...records.defaultGrants.values()]
      .filter(({ creatorId, granteeId }) => creatorId === roleId || granteeId === roleId)
      .map((rule): IdentityStoreChange => ({ kind: 'remove_default_grant', rule })),
    ...[...(records.defaultSchemas.get(roleId)?.values() ?? [])].map(
      (defaultSchema): IdentityStoreChange => ({ kind: 'remove_default_schema', defaultSchema }),
    ),
  ]
}
