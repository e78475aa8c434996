/**
 * From names in a statement to objects, as far as the principal may know of them.
 *
 * An object without any right on it, or in a schema without USAGE, or in a database without
 * CONNECT, is not found: what follows is then the same, to the byte, as for a name that nobody has.
 */
import {
  databaseRef,
  functionRef,
  locationRef,
  schemaRef,
  sequenceRef,
  tableRef,
} from '../catalog/catalog-snapshot.ts'
import type {
  CatalogSnapshot,
  DatabaseEntry,
  FunctionEntry,
  SchemaEntry,
  SequenceEntry,
  TableEntry,
} from '../catalog/catalog-snapshot.ts'
import { namesTemporary, TEMPORARY_SCHEMA } from '../catalog/temporary.ts'
import type { FoundObject } from '../catalog/find-object.ts'
import type { Authority } from '../identity/authority.ts'

export interface NameContext {
  readonly catalog: CatalogSnapshot
  readonly authority: Authority
  readonly database: string
  readonly searchPath: readonly string[]
}

/** One to three parts: name, schema.name, database.schema.name. Temporary ones come first. */
export function findTable(parts: readonly string[], context: NameContext): TableEntry | undefined {
  return placesOf(parts, context)
    .map(([database, schema, name]) => context.catalog.table(database, schema, name))
    .find((table) => table !== undefined && seesTable(context.authority, table))
}

/** As `findTable`. */
export function findSequence(
  parts: readonly string[],
  context: NameContext,
): SequenceEntry | undefined {
  return placesOf(parts, context)
    .map(([database, schema, name]) => context.catalog.sequence(database, schema, name))
    .find((sequence) => sequence !== undefined && seesSequence(context.authority, sequence))
}

/** Where something of this name may be: database, schema and name, in the order of the search. */
export function placesOf(
  parts: readonly string[],
  { database, searchPath }: NameContext,
): (readonly [string, string, string])[] {
  const [first, second, third, ...more] = parts
  if (first === undefined || more.length > 0) return []
  const temporary = [TEMPORARY_SCHEMA.database.name, TEMPORARY_SCHEMA.name] as const
  if (second === undefined) {
    return [
      [...temporary, first],
      ...searchPath.map((schema) => [database, schema, first] as const),
    ]
  }
  if (third === undefined) {
    return namesTemporary(first) ? [[...temporary, second]] : [[database, first, second]]
  }
  return [[first, second, third]]
}

/** One or two parts: schema, database.schema. */
export function findSchema(
  parts: readonly string[],
  { catalog, authority, database }: NameContext,
): SchemaEntry | undefined {
  const [first, second, ...more] = parts
  if (first === undefined || more.length > 0) return undefined
  const schema =
    second === undefined ? catalog.schema(database, first) : catalog.schema(first, second)
  return schema && seesSchema(authority, schema) ? schema : undefined
}

/** The schema that new objects with one-part names go to: the first of the path that is there. */
export function currentSchema(context: NameContext): SchemaEntry | undefined {
  return context.searchPath
    .map((name) => findSchema([name], context))
    .find((schema) => schema !== undefined)
}

/** Whether an object of any kind may be known of. */
export function seesObject(
  authority: Authority,
  { database, schema, table, sequence, function: called, location }: FoundObject,
): boolean {
  if (sequence) return seesSequence(authority, sequence)
  if (called) return seesFunction(authority, called)
  if (location) return authority.may('USAGE', locationRef(location))
  if (table) return seesTable(authority, table)
  if (schema) return seesSchema(authority, schema)
  return database !== undefined && connects(authority, database)
}

export function seesFunction(authority: Authority, entry: FunctionEntry): boolean {
  return connects(authority, entry.database) && authority.knows(functionRef(entry))
}

export function seesTable(authority: Authority, table: TableEntry): boolean {
  return usesSchema(authority, table.schema) && authority.knows(tableRef(table))
}

export function seesSequence(authority: Authority, sequence: SequenceEntry): boolean {
  return usesSchema(authority, sequence.schema) && authority.knows(sequenceRef(sequence))
}

export function seesSchema(authority: Authority, schema: SchemaEntry): boolean {
  return (
    connects(authority, schema.database) &&
    (['USAGE', 'CREATE', 'DDL'] as const).some((permission) =>
      authority.may(permission, schemaRef(schema)),
    )
  )
}

export function connects(authority: Authority, database: DatabaseEntry): boolean {
  return authority.may('CONNECT', databaseRef(database))
}

function usesSchema(authority: Authority, schema: SchemaEntry): boolean {
  return connects(authority, schema.database) && authority.may('USAGE', schemaRef(schema))
}
