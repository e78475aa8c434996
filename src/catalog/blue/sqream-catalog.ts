/**
 * The relations of BLUE's catalogue, `sqream_catalog`.
 *
 * Source: BLUE SQL, 3.5; what its clients read: the SQLAlchemy dialect takes the fourth column of
 * `tables` and `external_tables` for the name. Of storage there is nothing to tell: those columns are
 * NULL, and `delete_predicates` is empty, because rows that are deleted are gone.
 */
import { blueTypeName } from '../../columnar/blue-type-name.ts'
import { blueValueBytes } from '../../columnar/blue-type.ts'
import { permissionTypes } from '../../identity/permission-ids.ts'
import { always, boolean, integer, relation, text } from '../postgres/catalog-relation.ts'
import type { CatalogRelation } from '../postgres/catalog-relation.ts'
import type {
  BlueWorld,
  Named,
  PostgresColumn,
  PostgresTable,
  PostgresWorld,
} from '../postgres/postgres-world.ts'

/** A thing, and the database that it is in. */
export interface Placed<Thing> {
  readonly database: string
  readonly thing: Thing
}

export function placed<Thing>(
  things: (world: PostgresWorld) => readonly Thing[],
): (world: PostgresWorld) => Placed<Thing>[] {
  return (world) => things(world).map((thing) => ({ database: world.database.name, thing }))
}

const SCHEMA = 'sqream_catalog'
const database = text<Placed<unknown>>((row) => row.database)

function ofKind(kind: PostgresTable['kind']) {
  return placed((world) => world.tables.filter((table) => table.kind === kind))
}

/** A column, and the table that it is in. */
export interface ColumnOfTable {
  readonly table: PostgresTable
  readonly column: PostgresColumn
}

export function columnsOf(tables: readonly PostgresTable[]): ColumnOfTable[] {
  return tables.flatMap((table) => table.columns.map((column) => ({ table, column })))
}

function columnsRelation(name: string, kind: PostgresTable['kind']): CatalogRelation {
  const rows = placed((world) => columnsOf(world.tables.filter((table) => table.kind === kind)))
  return relation<Placed<ColumnOfTable>>(SCHEMA, name, rows, {
    database_name: database,
    schema_name: text((row) => row.thing.table.schema.name),
    table_id: integer((row) => row.thing.table.oid),
    table_name: text((row) => row.thing.table.name),
    column_id: integer((row) => row.thing.column.number),
    column_name: text((row) => row.thing.column.name),
    type_name: text((row) => blueTypeName(row.thing.column.engineType).toUpperCase()),
    column_size: integer((row) => blueValueBytes(row.thing.column.engineType)),
    is_nullable: boolean((row) => row.thing.column.nullable),
    has_default: boolean((row) => row.thing.column.defaultExpression !== undefined),
    default_value: text((row) => row.thing.column.defaultExpression ?? null),
  })
}

export const SQREAM_CATALOG_RELATIONS: readonly CatalogRelation[] = [
  relation(SCHEMA, 'tables', ofKind('table'), {
    database_name: database,
    table_id: integer(({ thing }) => thing.oid),
    schema_name: text(({ thing }) => thing.schema.name),
    table_name: text(({ thing }) => thing.name),
    row_count_valid: always('BOOLEAN', false), // the engine's count is an estimate
    row_count: { type: 'BIGINT', of: ({ thing }) => thing.rows ?? null },
    rechunker_ignore: always('INTEGER', null),
  }),
  relation(SCHEMA, 'external_tables', ofKind('foreign table'), {
    database_name: database,
    table_id: integer(({ thing }) => thing.oid),
    schema_name: text(({ thing }) => thing.schema.name),
    table_name: text(({ thing }) => thing.name),
    format: text(({ thing }) => thing.format ?? null),
    created: always('TIMESTAMP', null),
  }),
  relation(SCHEMA, 'views', ofKind('view'), {
    view_id: integer(({ thing }) => thing.oid),
    view_schema: text(({ thing }) => thing.schema.name),
    view_name: text(({ thing }) => thing.name),
    view_data: always('VARCHAR', null),
    view_query_text: text(({ thing }) => thing.definition ?? null),
  }),
  columnsRelation('columns', 'table'),
  columnsRelation('external_table_columns', 'foreign table'),
  relation<Named>(SCHEMA, 'schemas', ({ ownSchemas }) => ownSchemas, {
    schema_id: integer((schema) => schema.oid),
    schema_name: text((schema) => schema.name),
  }),
  relation<Named>(SCHEMA, 'databases', ({ databases }) => databases, {
    database_id: integer((one) => one.oid),
    database_name: text((one) => one.name),
  }),
  relation<BlueWorld['roles'][number]>(SCHEMA, 'roles', ({ blue }) => blue.roles, {
    role_id: integer((role) => role.number),
    name: text((role) => role.name),
  }),
  relation(SCHEMA, 'permission_types', () => permissionTypes(), {
    permission_type_id: integer(({ id }) => id),
    name: text(({ name }) => name),
  }),
  relation<Placed<PostgresWorld['blue']['tableDefaults'][number]>>(
    SCHEMA,
    'table_default_permissions',
    placed(({ blue }) => blue.tableDefaults),
    {
      database_name: database,
      schema_id: integer(({ thing }) => thing.schema?.oid ?? null),
      modifier_role_id: integer(({ thing }) => thing.creator ?? null),
      getter_role_id: integer(({ thing }) => thing.grantee ?? null),
      permission_type: integer(({ thing }) => thing.permission),
    },
  ),
  relation<Placed<Named>>(
    SCHEMA,
    'user_defined_functions',
    placed(({ functions }) => functions),
    {
      database_name: database,
      function_id: integer(({ thing }) => thing.oid),
      function_name: text(({ thing }) => thing.name),
    },
  ),
  relation<never>(SCHEMA, 'delete_predicates', () => [], {
    database_name: always('VARCHAR', null),
    table_id: always('INTEGER', null),
    max_chunk_id: always('INTEGER', null),
    delete_predicate: always('VARCHAR', null),
  }),
]
