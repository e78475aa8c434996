/** The objects that a statement registered, as grants know them. */
import { functionRef, schemaRef, sequenceRef, tableRef } from '../catalog/catalog-snapshot.ts'
import type { CatalogSnapshot } from '../catalog/catalog-snapshot.ts'
import type { ObjectRef } from '../identity/permission.ts'

/** Those of `catalog` that bear one of these ids. */
export function createdObjects(ids: ReadonlySet<string>, catalog: CatalogSnapshot): ObjectRef[] {
  return [
    ...catalog.schemas.filter(({ id }) => ids.has(id)).map(schemaRef),
    ...catalog.tables.filter(({ id }) => ids.has(id)).map(tableRef),
    ...catalog.sequences.filter(({ id }) => ids.has(id)).map(sequenceRef),
    ...catalog.functions.filter(({ id }) => ids.has(id)).map(functionRef),
  ]
}
