/** Names of relations: tables, views, foreign tables, sequences and indexes of a schema share them. */
import { GatewayError } from '../base/gateway-error.ts'
import type { CatalogSnapshot, SchemaEntry } from '../catalog/catalog-snapshot.ts'

export function relationExists(name: string): GatewayError {
  return new GatewayError('duplicate_table', `relation "${name}" already exists`)
}

/** Whether a relation or an index of this schema bears it: as in PostgreSQL, whoever asks. */
export function isRelationName(
  name: string,
  schema: SchemaEntry,
  catalog: CatalogSnapshot,
): boolean {
  const [database, holder] = [schema.database.name, schema.name]
  if (catalog.table(database, holder, name) || catalog.sequence(database, holder, name)) return true
  const lower = name.toLowerCase()
  return catalog.tables.some(
    (table) =>
      table.schema === schema && table.indexes.some((index) => index.toLowerCase() === lower),
  )
}
