/** From the ids in a grant back to what they name, at one version of the catalogue. */
import type { ObjectKind, ObjectRef } from '../identity/permission.ts'
import type {
  CatalogSnapshot,
  DatabaseEntry,
  FunctionEntry,
  LocationEntry,
  SchemaEntry,
  SequenceEntry,
  TableEntry,
} from './catalog-snapshot.ts'
import { columnWithKey } from './column-keys.ts'

export interface FoundObject {
  readonly kind: ObjectKind
  /** Undefined for a location alone. */
  readonly database: DatabaseEntry | undefined
  readonly schema: SchemaEntry | undefined
  /** The table or view itself, or the one that a column belongs to. */
  readonly table: TableEntry | undefined
  readonly column: string | undefined
  /** Absent for everything else. */
  readonly sequence?: SequenceEntry
  readonly function?: FunctionEntry
  readonly location?: LocationEntry
}

/** @returns a function that answers undefined for what is gone, or not committed yet. */
export function objectFinder(
  catalog: CatalogSnapshot,
): (object: ObjectRef) => FoundObject | undefined {
  const databases = new Map(catalog.databases.map((database) => [database.id, database]))
  const schemas = new Map(catalog.schemas.map((schema) => [schema.id, schema]))
  const tables = new Map(catalog.tables.map((table) => [table.id, table]))
  const sequences = new Map(catalog.sequences.map((one) => [one.id, one]))
  const functions = new Map(catalog.functions.map((one) => [one.id, one]))
  return ({ kind, databaseId, schemaId, tableId, column, functionId, location: name }) => {
    if (name !== undefined) return foundLocation(catalog.location(name))
    if (kind === 'sequence') return foundSequence(sequences.get(tableId ?? ''))
    const database = databases.get(databaseId)
    const schema = schemaId === undefined ? undefined : schemas.get(schemaId)
    const table = tableId === undefined ? undefined : tables.get(tableId)
    const isGone = (schemaId !== undefined && !schema) || (tableId !== undefined && !table)
    if (!database || isGone) return undefined
    if (functionId !== undefined) {
      const found = functions.get(functionId)
      return found && { kind, database, schema, table, column: undefined, function: found }
    }
    if (column === undefined || !table) return { kind, database, schema, table, column: undefined }
    const found = columnWithKey(table, column)
    return found && { kind, database, schema, table, column: found.name }
  }
}

function foundSequence(sequence: SequenceEntry | undefined): FoundObject | undefined {
  if (!sequence) return undefined
  const { schema } = sequence
  const inSchema = { database: schema.database, schema, table: undefined, column: undefined }
  return { kind: 'sequence', ...inSchema, sequence }
}

function foundLocation(location: LocationEntry | undefined): FoundObject | undefined {
  const inNone = { database: undefined, schema: undefined, table: undefined, column: undefined }
  return location && { kind: 'location', ...inNone, location }
}

/** Its parts, from the database on: `['master', 'public', 'flights', 'delay']`; of a location its name. */
export function nameParts({
  database,
  schema,
  table,
  column,
  sequence,
  function: called,
  location,
}: FoundObject): string[] {
  return [
    location?.name,
    database?.name,
    schema?.name,
    table?.name,
    column,
    sequence?.name,
    called?.name,
  ].filter((part) => part !== undefined)
}
