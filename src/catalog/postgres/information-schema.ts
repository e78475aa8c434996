/** The SQL standard's view of the same world. Columns as in PostgreSQL 15. */
import { always, integer, relation, text } from './catalog-relation.ts'
import { OWNER } from './postgres-world.ts'
import type {
  Named,
  PostgresColumn,
  PostgresFunction,
  PostgresKey,
  PostgresSequence,
  PostgresTable,
  PostgresWorld,
} from './postgres-world.ts'
import { primaryKeys } from './primary-keys.ts'
import { BUILT_IN_TYPES } from './type-names.ts'

/** Every row names the database. */
interface In<Thing> {
  readonly database: string
  readonly thing: Thing
}

function inDatabase<Thing>(
  things: (world: PostgresWorld) => readonly Thing[],
): (world: PostgresWorld) => In<Thing>[] {
  return (world) => things(world).map((thing) => ({ database: world.database.name, thing }))
}

const database = text<In<unknown>>((row) => row.database)
const none = always('VARCHAR', null)

const schemata = relation<In<Named>>(
  'information_schema',
  'schemata',
  inDatabase(({ schemas }) => schemas),
  {
    catalog_name: database,
    schema_name: text((row) => row.thing.name),
    schema_owner: always('VARCHAR', OWNER.name),
    default_character_set_catalog: none,
    default_character_set_schema: none,
    default_character_set_name: none,
    sql_path: none,
  },
)

const TABLE_TYPES = { table: 'BASE TABLE', view: 'VIEW', 'foreign table': 'FOREIGN' } as const

const tables = relation<In<PostgresTable>>(
  'information_schema',
  'tables',
  inDatabase((world) => world.tables),
  {
    table_catalog: database,
    table_schema: text((row) => row.thing.schema.name),
    table_name: text((row) => row.thing.name),
    table_type: text((row) => TABLE_TYPES[row.thing.kind]),
    self_referencing_column_name: none,
    reference_generation: none,
    user_defined_type_catalog: none,
    user_defined_type_schema: none,
    user_defined_type_name: none,
    is_insertable_into: text((row) => (row.thing.kind === 'table' ? 'YES' : 'NO')),
    is_typed: always('VARCHAR', 'NO'),
    commit_action: none,
  },
)

interface ColumnRow {
  readonly schema: string
  readonly table: string
  readonly column: PostgresColumn
}

function columnRows(world: PostgresWorld): ColumnRow[] {
  return world.tables.flatMap(({ schema, name, columns }) =>
    columns.map((column) => ({ schema: schema.name, table: name, column })),
  )
}

const NAMES = new Map<number, { readonly data: string; readonly internal: string }>(
  BUILT_IN_TYPES.flatMap(({ oid, name, sqlName = name, array }) => [
    [oid, { data: sqlName, internal: name }],
    [array, { data: 'ARRAY', internal: `_${name}` }],
  ]),
)

const NUMERIC = 1700
/** Bits of the numbers of fixed size. */
const BITS = new Map([
  [21, 16],
  [23, 32],
  [20, 64],
  [700, 24],
  [701, 53],
])
const INTEGERS = new Set([20, 21, 23])
const TIMES = new Set([1083, 1114, 1184, 1186, 1266])

function precision({ type }: PostgresColumn): number | null {
  if (type.oid === NUMERIC && type.modifier >= 0) return (type.modifier - 4) >> 16
  return BITS.get(type.oid) ?? null
}

function radix({ type }: PostgresColumn): number | null {
  if (type.oid === NUMERIC) return 10
  return BITS.has(type.oid) ? 2 : null
}

function scale({ type }: PostgresColumn): number | null {
  if (type.oid === NUMERIC && type.modifier >= 0) return (type.modifier - 4) & 0xffff
  return INTEGERS.has(type.oid) ? 0 : null
}

const columns = relation<In<ColumnRow>>('information_schema', 'columns', inDatabase(columnRows), {
  table_catalog: database,
  table_schema: text((row) => row.thing.schema),
  table_name: text((row) => row.thing.table),
  column_name: text((row) => row.thing.column.name),
  ordinal_position: integer((row) => row.thing.column.number),
  column_default: text((row) => row.thing.column.defaultExpression ?? null),
  is_nullable: text((row) => (row.thing.column.nullable ? 'YES' : 'NO')),
  data_type: text((row) => NAMES.get(row.thing.column.type.oid)?.data ?? 'USER-DEFINED'),
  character_maximum_length: always('INTEGER', null),
  character_octet_length: always('INTEGER', null),
  numeric_precision: integer((row) => precision(row.thing.column)),
  numeric_precision_radix: integer((row) => radix(row.thing.column)),
  numeric_scale: integer((row) => scale(row.thing.column)),
  datetime_precision: integer((row) => (TIMES.has(row.thing.column.type.oid) ? 6 : null)),
  interval_type: none,
  interval_precision: always('INTEGER', null),
  character_set_catalog: none,
  character_set_schema: none,
  character_set_name: none,
  collation_catalog: none,
  collation_schema: none,
  collation_name: none,
  domain_catalog: none,
  domain_schema: none,
  domain_name: none,
  udt_catalog: database,
  udt_schema: always('VARCHAR', 'pg_catalog'),
  udt_name: text((row) => NAMES.get(row.thing.column.type.oid)?.internal ?? null),
  scope_catalog: none,
  scope_schema: none,
  scope_name: none,
  maximum_cardinality: always('INTEGER', null),
  dtd_identifier: text((row) => String(row.thing.column.number)),
  is_self_referencing: always('VARCHAR', 'NO'),
  is_identity: text((row) => (row.thing.column.identity ? 'YES' : 'NO')),
  identity_generation: text((row) => row.thing.column.identity?.generation.toUpperCase() ?? null),
  identity_start: text((row) => row.thing.column.identity?.options.start ?? null),
  identity_increment: text((row) => row.thing.column.identity?.options.increment ?? null),
  identity_maximum: text((row) => row.thing.column.identity?.options.maximum ?? null),
  identity_minimum: text((row) => row.thing.column.identity?.options.minimum ?? null),
  identity_cycle: text((row) =>
    row.thing.column.identity?.options.cycles === true ? 'YES' : 'NO',
  ),
  is_generated: always('VARCHAR', 'NEVER'),
  generation_expression: none,
  is_updatable: always('VARCHAR', 'YES'),
})

const sequences = relation<In<PostgresSequence>>(
  'information_schema',
  'sequences',
  inDatabase((world) => world.sequences),
  {
    sequence_catalog: database,
    sequence_schema: text((row) => row.thing.schema.name),
    sequence_name: text((row) => row.thing.name),
    data_type: always('VARCHAR', 'bigint'),
    numeric_precision: always('INTEGER', 64),
    numeric_precision_radix: always('INTEGER', 2),
    numeric_scale: always('INTEGER', 0),
    start_value: text((row) => row.thing.options.start),
    minimum_value: text((row) => row.thing.options.minimum),
    maximum_value: text((row) => row.thing.options.maximum),
    increment: text((row) => row.thing.options.increment),
    cycle_option: text((row) => (row.thing.options.cycles ? 'YES' : 'NO')),
  },
)

const tableConstraints = relation<In<PostgresKey>>(
  'information_schema',
  'table_constraints',
  inDatabase(primaryKeys),
  {
    constraint_catalog: database,
    constraint_schema: text((row) => row.thing.schema.name),
    constraint_name: text((row) => row.thing.name),
    table_catalog: database,
    table_schema: text((row) => row.thing.schema.name),
    table_name: text((row) => row.thing.table.name),
    constraint_type: always('VARCHAR', 'PRIMARY KEY'),
    is_deferrable: always('VARCHAR', 'NO'),
    initially_deferred: always('VARCHAR', 'NO'),
    enforced: always('VARCHAR', 'YES'),
    nulls_distinct: none,
  },
)

interface KeyColumn {
  readonly key: PostgresKey
  readonly column: PostgresColumn
  readonly position: number
}

const keyColumnUsage = relation<In<KeyColumn>>(
  'information_schema',
  'key_column_usage',
  inDatabase((world) =>
    primaryKeys(world).flatMap((key) =>
      key.columns.map((column, index) => ({ key, column, position: index + 1 })),
    ),
  ),
  {
    constraint_catalog: database,
    constraint_schema: text((row) => row.thing.key.schema.name),
    constraint_name: text((row) => row.thing.key.name),
    table_catalog: database,
    table_schema: text((row) => row.thing.key.schema.name),
    table_name: text((row) => row.thing.key.table.name),
    column_name: text((row) => row.thing.column.name),
    ordinal_position: integer((row) => row.thing.position),
    position_in_unique_constraint: always('INTEGER', null),
  },
)

const views = relation<In<PostgresTable>>(
  'information_schema',
  'views',
  inDatabase((world) => world.tables.filter(({ kind }) => kind === 'view')),
  {
    table_catalog: database,
    table_schema: text((row) => row.thing.schema.name),
    table_name: text((row) => row.thing.name),
    view_definition: none,
    check_option: always('VARCHAR', 'NONE'),
    is_updatable: always('VARCHAR', 'NO'),
    is_insertable_into: always('VARCHAR', 'NO'),
    is_trigger_updatable: always('VARCHAR', 'NO'),
    is_trigger_deletable: always('VARCHAR', 'NO'),
    is_trigger_insertable_into: always('VARCHAR', 'NO'),
  },
)

const routines = relation<In<PostgresFunction>>(
  'information_schema',
  'routines',
  inDatabase((world) => world.functions),
  {
    specific_catalog: database,
    specific_schema: text((row) => row.thing.schema.name),
    specific_name: text(specificName),
    routine_catalog: database,
    routine_schema: text((row) => row.thing.schema.name),
    routine_name: text((row) => row.thing.name),
    routine_type: always('VARCHAR', 'FUNCTION'),
    data_type: text((row) => NAMES.get(row.thing.returns.oid)?.data ?? 'USER-DEFINED'),
    type_udt_catalog: database,
    type_udt_schema: always('VARCHAR', 'pg_catalog'),
    type_udt_name: text((row) => NAMES.get(row.thing.returns.oid)?.internal ?? null),
    routine_body: always('VARCHAR', 'SQL'),
    routine_definition: text((row) => row.thing.source),
    external_name: none,
    external_language: always('VARCHAR', 'SQL'),
    parameter_style: always('VARCHAR', 'GENERAL'),
    is_deterministic: always('VARCHAR', 'NO'),
    sql_data_access: always('VARCHAR', 'CONTAINS SQL'),
    is_null_call: always('VARCHAR', 'NO'),
    schema_level_routine: always('VARCHAR', 'YES'),
    security_type: always('VARCHAR', 'INVOKER'),
    is_user_defined_cast: none,
    is_implicitly_invocable: none,
  },
)

interface ParameterRow {
  readonly of: PostgresFunction
  readonly parameter: PostgresFunction['parameters'][number]
  readonly number: number
}

const parameters = relation<In<ParameterRow>>(
  'information_schema',
  'parameters',
  inDatabase((world) =>
    world.functions.flatMap((of) =>
      of.parameters.map((parameter, index) => ({ of, parameter, number: index + 1 })),
    ),
  ),
  {
    specific_catalog: database,
    specific_schema: text((row) => row.thing.of.schema.name),
    specific_name: text(({ thing, ...row }) => specificName({ ...row, thing: thing.of })),
    ordinal_position: integer((row) => row.thing.number),
    parameter_mode: always('VARCHAR', 'IN'),
    is_result: always('VARCHAR', 'NO'),
    as_locator: always('VARCHAR', 'NO'),
    parameter_name: text((row) => row.thing.parameter.name),
    data_type: text((row) => NAMES.get(row.thing.parameter.type.oid)?.data ?? 'USER-DEFINED'),
    udt_catalog: database,
    udt_schema: always('VARCHAR', 'pg_catalog'),
    udt_name: text((row) => NAMES.get(row.thing.parameter.type.oid)?.internal ?? null),
    dtd_identifier: text((row) => String(row.thing.number)),
    parameter_default: none,
  },
)

/** As PostgreSQL's, which tells functions of one name apart. */
function specificName({ thing }: In<PostgresFunction>): string {
  return `${thing.name}_${thing.oid}`
}

export const INFORMATION_SCHEMA_RELATIONS = [
  schemata,
  tables,
  columns,
  sequences,
  tableConstraints,
  keyColumnUsage,
  views,
  routines,
  parameters,
] as const
