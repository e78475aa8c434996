/**
 * What BLUE's functions for clients give, one relation each: rows and columns of
 * java.sql.DatabaseMetaData, because its JDBC driver hands them on as they are.
 */
import { blueValueBytes } from '../../columnar/blue-type.ts'
import { always, integer, relation, smallint, boolean, text } from '../postgres/catalog-relation.ts'
import type { CatalogRelation } from '../postgres/catalog-relation.ts'
import type { Named, PostgresTable } from '../postgres/postgres-world.ts'
import { JDBC_TYPES, jdbcTypeOf } from './jdbc-types.ts'
import { columnsOf, placed } from './sqream-catalog.ts'
import type { ColumnOfTable, Placed } from './sqream-catalog.ts'

const SCHEMA = 'sqream_catalog'
const none = always('VARCHAR', null)
const noNumber = always('INTEGER', null)

/** Of DatabaseMetaData, getColumns. */
const [NO_NULLS, NULLABLE] = [0, 1]
/** Of DatabaseMetaData, getTypeInfo: usable in WHERE, LIKE too. */
const SEARCHABLE = 3

const TABLE_TYPES: Readonly<Record<PostgresTable['kind'], string>> = {
  table: 'TABLE',
  view: 'VIEW',
  'foreign table': 'EXTERNAL_TABLE',
}

/** By kind, schema and name, as JDBC has it. */
function byName(a: PostgresTable, b: PostgresTable): number {
  return key(a) < key(b) ? -1 : 1
}

function key({ kind, schema, name }: PostgresTable): string {
  return JSON.stringify([TABLE_TYPES[kind], schema.name, name])
}

export const CLIENT_RELATIONS: readonly CatalogRelation[] = [
  relation<Named>(SCHEMA, 'get_catalogs', ({ databases }) => databases, {
    table_cat: text(({ name }) => name),
  }),
  relation<Placed<Named>>(
    SCHEMA,
    'get_schemas',
    placed(({ ownSchemas }) => ownSchemas),
    {
      schema_name: text(({ thing }) => thing.name),
      database_name: text((row) => row.database),
    },
  ),
  relation<{ readonly number: number; readonly name: string }>(
    SCHEMA,
    'get_views',
    ({ tables }) =>
      tables
        .filter(({ kind }) => kind === 'view')
        .map((view, index) => ({ number: index + 1, name: `${view.schema.name}.${view.name}` })),
    { view_id: integer(({ number }) => number), view_name: text(({ name }) => name) },
  ),
  relation(SCHEMA, 'get_table_types', () => ['EXTERNAL_TABLE', 'TABLE', 'VIEW'], {
    table_type: text((type) => type),
  }),
  ...['get_sqream_server_version', 'show_version'].map((name) =>
    relation(SCHEMA, name, ({ blue }) => [`Bluegate ${blue.version}`], {
      [name]: text((version: string) => version),
    }),
  ),
  relation<Placed<PostgresTable>>(
    SCHEMA,
    'get_tables',
    placed(({ tables }) => tables.toSorted(byName)),
    {
      table_cat: text((row) => row.database),
      table_schem: text((row) => row.thing.schema.name),
      table_name: text((row) => row.thing.name),
      table_type: text((row) => TABLE_TYPES[row.thing.kind]),
      remarks: none,
      type_cat: none,
      type_schem: none,
      type_name: none,
      self_referencing_col_name: none,
      ref_generation: none,
    },
  ),
  relation<Placed<ColumnOfTable>>(
    SCHEMA,
    'get_columns',
    placed(({ tables }) => columnsOf(tables.toSorted(byName))),
    {
      table_cat: text((row) => row.database),
      table_schem: text((row) => row.thing.table.schema.name),
      table_name: text((row) => row.thing.table.name),
      column_name: text((row) => row.thing.column.name),
      data_type: integer((row) => jdbcTypeOf(row.thing.column.engineType).code),
      type_name: text((row) => jdbcTypeOf(row.thing.column.engineType).name),
      column_size: integer((row) => jdbcTypeOf(row.thing.column.engineType).precision),
      buffer_length: integer((row) => blueValueBytes(row.thing.column.engineType)),
      decimal_digits: integer((row) => jdbcTypeOf(row.thing.column.engineType).scale),
      num_prec_radix: integer((row) => jdbcTypeOf(row.thing.column.engineType).radix),
      nullable: integer((row) => (row.thing.column.nullable ? NULLABLE : NO_NULLS)),
      remarks: none,
      column_def: text((row) => row.thing.column.defaultExpression ?? null),
      sql_data_type: noNumber,
      sql_datetime_sub: noNumber,
      char_octet_length: noNumber,
      ordinal_position: integer((row) => row.thing.column.number),
      is_nullable: text((row) => (row.thing.column.nullable ? 'YES' : 'NO')),
      scope_catalog: none,
      scope_schema: none,
      scope_table: none,
      source_data_type: always('SMALLINT', null),
      is_autoincrement: text((row) => (row.thing.column.identity ? 'YES' : 'NO')),
      is_generatedcolumn: always('VARCHAR', 'NO'),
    },
  ),
  relation(SCHEMA, 'get_type_info', () => JDBC_TYPES, {
    type_name: text(({ name }) => name),
    data_type: integer(({ code }) => code),
    precision: integer(({ precision }) => precision),
    literal_prefix: text(({ quote }) => quote),
    literal_suffix: text(({ quote }) => quote),
    create_params: text(({ parameters }) => parameters),
    nullable: always('SMALLINT', NULLABLE),
    case_sensitive: boolean(({ name }) => name === 'TEXT'),
    searchable: always('SMALLINT', SEARCHABLE),
    unsigned_attribute: boolean(({ isUnsigned }) => isUnsigned),
    fixed_prec_scale: always('BOOLEAN', false),
    auto_increment: always('BOOLEAN', false),
    local_type_name: none,
    minimum_scale: smallint(() => 0),
    maximum_scale: integer(({ name }) => (name === 'NUMERIC' ? 38 : 0)),
    sql_data_type: noNumber,
    sql_datetime_sub: noNumber,
    num_prec_radix: integer(({ radix }) => radix),
  }),
]
