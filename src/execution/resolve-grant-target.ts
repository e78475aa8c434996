/** The names in GRANT … ON …, as objects of the catalogue. */
import { GatewayError } from '../base/gateway-error.ts'
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
  RelationKind,
  SchemaEntry,
  TableEntry,
} from '../catalog/catalog-snapshot.ts'
import { functionPlace, noSuchFunction } from '../gate/function-name.ts'
import { noSuchColumn } from '../gate/refusals.ts'
import type { ObjectRef } from '../identity/permission.ts'
import type { GrantTarget, QualifiedName } from '../sql/statement.ts'

/** @throws GatewayError naming the first name that does not exist. */
export function resolveGrantTarget(
  target: GrantTarget,
  catalog: CatalogSnapshot,
  database: string,
  searchPath: readonly string[],
): ObjectRef[] {
  const find = new Finder(catalog, database, searchPath)
  switch (target.kind) {
    case 'database':
      return target.names.map((name) => find.database(name))
    case 'schema':
      return target.names.map((name) => schemaRef(find.schema(name)))
    case 'table':
      return target.names.map((name) => tableRef(find.table(name)))
    case 'view':
    case 'foreign table':
      return target.names.map((name) => tableRef(find.ofKind(target.kind, name)))
    case 'sequence':
      return target.names.map((name) => find.sequence(name))
    case 'function':
      return target.names.map((name) => find.function(name))
    case 'all_functions':
      return catalog.functions.filter((one) => one.database.name === database).map(functionRef)
    case 'location':
      return target.names.map((name) => find.location(name))
    case 'all': {
      const schemas = new Set(target.schemas.map((name) => find.schema(name).id))
      if (target.of === 'sequence') {
        return catalog.sequences.filter(({ schema }) => schemas.has(schema.id)).map(sequenceRef)
      }
      return catalog.tables
        .filter((table) => table.kind === target.of && schemas.has(table.schema.id))
        .map(tableRef)
    }
    case 'column':
      return target.tables.flatMap((name) => {
        const table = find.table(name)
        const all = table.columns.map((column) => column.name)
        const columns = target.columns === 'ALL' ? all : target.columns
        return columns.map((column) => columnRef(table, column))
      })
  }
}

/** @throws GatewayError `invalid_schema_name`. */
export function resolveSchema(
  name: QualifiedName,
  catalog: CatalogSnapshot,
  database: string,
): SchemaEntry {
  return new Finder(catalog, database, []).schema(name)
}

class Finder {
  readonly #catalog: CatalogSnapshot
  readonly #database: string
  readonly #searchPath: readonly string[]

  constructor(catalog: CatalogSnapshot, database: string, searchPath: readonly string[]) {
    this.#catalog = catalog
    this.#database = database
    this.#searchPath = searchPath
  }

  database(name: string): ObjectRef {
    const found = this.#catalog.database(name)
    if (!found) throw new GatewayError('invalid_catalog_name', `database "${name}" does not exist`)
    return databaseRef(found)
  }

  function(name: QualifiedName): ObjectRef {
    const place = functionPlace(name, this.#database)
    const found = place && this.#catalog.function(place.database, place.name)
    if (!found) throw noSuchFunction(name)
    return functionRef(found)
  }

  schema(name: QualifiedName): SchemaEntry {
    const [database, schema] = name.length === 1 ? [this.#database, name[0]] : name
    const found = name.length < 3 ? this.#catalog.schema(database, schema) : undefined
    if (!found)
      throw new GatewayError('invalid_schema_name', `schema "${name.join('.')}" does not exist`)
    return found
  }

  table(name: QualifiedName): TableEntry {
    const found = this.#find(name)
    if (!found)
      throw new GatewayError('undefined_table', `relation "${name.join('.')}" does not exist`)
    return found
  }

  ofKind(kind: RelationKind, name: QualifiedName): TableEntry {
    const found = this.#find(name)
    if (found?.kind === kind) return found
    throw new GatewayError('undefined_table', `${kind} "${name.join('.')}" does not exist`, {
      ...(found && { hint: `That name is a ${found.kind}: write ON ${found.kind.toUpperCase()}.` }),
    })
  }

  sequence(name: QualifiedName): ObjectRef {
    const found = this.#candidates(name)
      .map(([database, schema, one]) => this.#catalog.sequence(database, schema, one))
      .find((sequence) => sequence !== undefined)
    if (found) return sequenceRef(found)
    throw new GatewayError('undefined_table', `sequence "${name.join('.')}" does not exist`)
  }

  location(name: string): ObjectRef {
    const found = this.#catalog.location(name)
    if (found) return locationRef(found)
    throw new GatewayError('undefined_object', `location "${name}" does not exist`, {
      hint: 'Locations are named in the configuration: the setting `locations`.',
    })
  }

  #find(name: QualifiedName): TableEntry | undefined {
    return this.#candidates(name)
      .map(([database, schema, table]) => this.#catalog.table(database, schema, table))
      .find((table) => table !== undefined)
  }

  #candidates(name: QualifiedName): (readonly [string, string, string])[] {
    if (name.length === 3) return [name]
    if (name.length === 2) return [[this.#database, ...name]]
    return this.#searchPath.map((schema) => [this.#database, schema, name[0]] as const)
  }
}

function columnRef(table: TableEntry, column: string): ObjectRef {
  const found = table.columns.find(({ name }) => name.toLowerCase() === column.toLowerCase())
  if (!found) throw noSuchColumn(column, table)
  return { ...tableRef(table), kind: 'column', column: found.key }
}
