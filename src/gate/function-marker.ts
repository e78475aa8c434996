/** The view that stands for a function in the engine's own catalogue, in a schema that nobody sees. */
import type { DatabaseEntry } from '../catalog/catalog-snapshot.ts'
import { quoteFullName } from './quote-name.ts'

export function markerName(database: DatabaseEntry, name: string): string {
  return quoteFullName(database.name, 'bluegate_internal', `function ${name.toLowerCase()}`)
}
