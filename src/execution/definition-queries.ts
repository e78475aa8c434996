/**
 * DESCRIBE DATABASES, SCHEMAS, TABLES, COLUMNS, VIEWS, USER FUNCTIONS and CONFIGURATION, GET_DDL and its
 * like: what exists, as far as the asking role may know of it, with BLUE's columns.
 *
 * When something was made is not kept: `created_on` is NULL. How many rows a table has is told to
 * those who may read a column of it.
 */
import { unreachable } from '../base/assert.ts'
import type { Schema } from '../columnar/column-type.ts'
import type { DefinitionQuery } from '../sql/statement.ts'
import { bigint, boolean, integer, text, time } from './answer-columns.ts'
import { answer } from './answer.ts'
import type { Row } from './answer.ts'
import { definitionsFor } from './authorization-request.ts'
import { connectableDatabase } from './connectable-database.ts'
import { describeConfiguration } from './describe-configuration.ts'
import {
  databaseDdl,
  databasesSeen,
  describeColumns,
  describeFunctions,
  describeTables,
  describeViews,
  findDdl,
  functionDdl,
  schemasSeen,
  viewDdl,
} from './describe-definitions.ts'
import type { DefinitionsAsked } from './describe-definitions.ts'
import type { SessionContext } from './execution-context.ts'
import type { RunningStatement, StatementOptions } from './executor.ts'
import { recompileView } from './recompile-view.ts'

/** @throws GatewayError `invalid_catalog_name`, `invalid_schema_name`, `undefined_table`. */
export async function runDefinitionQuery(
  context: SessionContext,
  query: DefinitionQuery,
  options: StatementOptions,
): Promise<RunningStatement> {
  const rows = await rowsOf(context, query)
  return answer(columnsOfDefinitionQuery(query), [rows], 'SELECT', options.format, options.rowsMax)
}

async function rowsOf(context: SessionContext, query: DefinitionQuery): Promise<readonly Row[]> {
  if (query.kind === 'server_version') return [[`Bluegate ${context.version}`]]
  if (query.kind === 'describe_configuration') return describeConfiguration(context, query)
  const { identity, session } = context
  const { roleId } = session.principal
  const asked = 'database' in query ? query.database : undefined
  const { database } = await connectableDatabase(context, roleId, asked ?? session.database)
  const { catalog } = await definitionsFor(context)
  const { searchPath } = session.settings
  const asking = { catalog, authority: identity.authority(roleId), database, searchPath }
  if (query.kind === 'recompile_view') return await recompileView(context, asking, query.view)
  return answerOf(asking, query, session.database)
}

type ElsewhereAnswered = 'server_version' | 'describe_configuration' | 'recompile_view'

function answerOf(
  asking: DefinitionsAsked,
  query: Exclude<DefinitionQuery, { kind: ElsewhereAnswered }>,
  current: string,
): readonly Row[] {
  switch (query.kind) {
    case 'describe_databases':
      return databasesSeen(asking, query.like).map(({ name }) => [name, null, name === current])
    case 'describe_schemas':
      return schemasSeen(asking, query.like).map(({ name }, index) => [index + 1, name, ''])
    case 'describe_tables':
      return describeTables(asking, query)
    case 'describe_views':
      return describeViews(asking, query)
    case 'describe_columns':
      return describeColumns(asking, query)
    case 'describe_user_functions':
      return describeFunctions(asking, query.like)
    case 'table_ddl':
      return [[findDdl(asking, query.table)]]
    case 'view_ddl':
      return [[viewDdl(asking, query.view)]]
    case 'function_ddl':
      return [[functionDdl(asking, query.name)]]
    case 'database_ddl':
      return [[databaseDdl(asking)]]
    case 'list_schemas':
      return schemasSeen(asking, undefined).map(({ name }) => [name, asking.database])
    case 'list_views':
      return describeViews(asking, { schema: undefined, like: undefined }).map(
        ([, name, , schema], index) => [index + 1, `${String(schema)}.${String(name)}`],
      )
    default:
      return unreachable(query)
  }
}

/** The columns of its answer. */
export function columnsOfDefinitionQuery(query: DefinitionQuery): Schema {
  if (query.kind === 'server_version') return [text(query.column)]
  const columns = COLUMNS[query.kind]
  return query.kind === 'describe_tables' && query.extended ? [...columns, ...STORAGE] : columns
}

/** Of DESCRIBE TABLES EXTENDED. */
const STORAGE: Schema = [
  bigint('number_of_chunks'),
  bigint('number_of_chunks_with_deleted_rows'),
  bigint('bytes(compressed)'),
  bigint('bytes(uncompressed)'),
]

const COLUMNS: Readonly<Record<Exclude<DefinitionQuery['kind'], 'server_version'>, Schema>> = {
  describe_databases: [text('database_name'), time('created_on'), boolean('is_current')],
  describe_schemas: [integer('schema_id'), text('schema_name'), text('schema_owner')],
  describe_tables: [
    text('database_name'),
    text('schema_name'),
    text('table_name'),
    text('table_type'),
    bigint('row_count'),
    time('created_on'),
    text('Additional details'),
  ],
  describe_views: [time('created_on'), text('name'), text('database'), text('schema'), text('sql')],
  describe_columns: [
    text('database_name'),
    text('schema_name'),
    text('table_name'),
    boolean('is_nullable'),
    text('column_name'),
    text('type_name'),
    text('default_value'),
    time('created'),
    integer('column_size'),
  ],
  describe_user_functions: [
    text('database_name'),
    integer('function_id'),
    text('function_name'),
    text('function_body'),
  ],
  describe_configuration: [
    text('flag_name'),
    text('flag_value'),
    text('def_flag_value'),
    text('flag_category'),
    text('flag_type'),
    text('data_type'),
    text('description'),
  ],
  table_ddl: [text('get_ddl')],
  view_ddl: [text('get_view_ddl')],
  function_ddl: [text('get_function_ddl')],
  database_ddl: [text('dump_database_ddl')],
  recompile_view: [text('recompile_view')],
  list_schemas: [text('schema_name'), text('database_name')],
  list_views: [integer('view_id'), text('view_name')],
}
