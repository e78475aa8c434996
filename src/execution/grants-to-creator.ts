/** What the role that creates an object gets on it. */
import { schemaRef, tableRef } from '../catalog/catalog-snapshot.ts'
import type { CatalogSnapshot } from '../catalog/catalog-snapshot.ts'
import { creatorGrants } from '../identity/grant-rules.ts'
import type { ObjectRef } from '../identity/permission.ts'
import type { GrantChange } from '../identity/identity.ts'

export function grantsToCreator(
  role: string,
  ids: ReadonlySet<string>,
  catalog: CatalogSnapshot,
): GrantChange[] {
  const on = (object: ObjectRef, kind: 'schema' | 'table' | 'view'): GrantChange[] =>
    creatorGrants(kind).map((permission) => ({ role, permission, object }))
  return [
    ...catalog.schemas
      .filter(({ id }) => ids.has(id))
      .flatMap((schema) => on(schemaRef(schema), 'schema')),
    ...catalog.tables
      .filter(({ id }) => ids.has(id))
      .flatMap((table) => on(tableRef(table), table.kind)),
  ]
}
