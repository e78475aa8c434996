/** What a reader may know of, for the relations of the catalogue: `visible-names.ts`, listed. */
import { postgresWorld } from '../../catalog/postgres/postgres-world.ts'
import type { PostgresWorld, Visible } from '../../catalog/postgres/postgres-world.ts'
import { principalName } from '../../identity/principal.ts'
import { heldColumns, knownDefinition, visibleColumns } from '../held-columns.ts'
import type { SystemReader } from '../system-relations.ts'
import { visibleRoles as blueRoles, visibleTableDefaults } from './visible-roles.ts'
import type { ClusterWorld } from './visible-roles.ts'
import { connects, seesFunction, seesSchema, seesSequence, seesTable } from '../visible-names.ts'

/** @returns undefined when the session's database is not there. */
export function visibleWorld(
  reader: SystemReader,
  cluster: ClusterWorld,
): PostgresWorld | undefined {
  const { authority, catalog, searchPath } = reader
  const database = catalog.database(reader.database)
  if (!database || !connects(authority, database)) return undefined
  return postgresWorld(catalog, {
    database,
    databases: catalog.databases.filter((other) => connects(authority, other)),
    schemas: catalog.schemas.filter(
      (schema) => schema.database.id === database.id && seesSchema(authority, schema),
    ),
    tables: catalog.tables
      .filter((table) => table.schema.database.id === database.id && seesTable(authority, table))
      .map((table) => ({
        table,
        columns: visibleColumns(authority, table),
        rows: heldColumns(authority, 'SELECT', table).length > 0 ? table.estimatedRows : undefined,
        definition: knownDefinition(authority, table),
      })),
    sequences: catalog.sequences.filter(
      (one) => one.schema.database.id === database.id && seesSequence(authority, one),
    ),
    functions: catalog.functions.filter(
      (one) => one.database.id === database.id && seesFunction(authority, one),
    ),
    roles: visibleRoles(reader),
    searchPath,
    blue: {
      version: cluster.version,
      roles: blueRoles(cluster.roles, authority),
      tableDefaults: visibleTableDefaults(cluster.roles, reader, database),
    },
  })
}

/** The reader under its own name, which `current_user` tells, and its role. */
function visibleRoles({ principal, authority }: SystemReader): Visible['roles'] {
  const { roleId, roleName, superuser } = authority
  const name = principalName(principal)
  const role = { id: roleId, name: roleName, superuser }
  return name === roleName ? [role] : [{ id: `${roleId} ${name}`, name, superuser }, role]
}
