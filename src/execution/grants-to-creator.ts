/** What the role that creates an object gets on it. */
import { schemaRef, tableRef } from '../catalog/catalog-snapshot.ts'
import type { CatalogSnapshot } from '../catalog/catalog-snapshot.ts'
import { creatorGrants } from '../identity/creator-grants.ts'
import type { GrantChange } from '../identity/identity.ts'

export function grantsToCreator(
  role: string,
  ids: ReadonlySet<string>,
  catalog: CatalogSnapshot,
): GrantChange[] {
  const objects = [
    ...catalog.schemas.filter(({ id }) => ids.has(id)).map(schemaRef),
    ...catalog.tables.filter(({ id }) => ids.has(id)).map(tableRef),
  ]
  return objects.flatMap((object) =>
    creatorGrants(object.kind).map((permission) => ({ role, permission, object })),
  )
}
