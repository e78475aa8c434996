/**
 * DESCRIBE DATABASES, SCHEMAS, TABLES, COLUMNS, VIEWS and USER FUNCTIONS, GET_DDL and its like: what
 * exists, as far as the asking role may know of it, with BLUE's columns.
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
import {
  databasesSeen,
  describeColumns,
  describeFunctions,
  describeTables,
  describeViews,
  findDdl,
  schemasSeen,
} from './describe-definitions.ts'
import type { DefinitionsAsked } from './describe-definitions.ts'
import type { SessionContext } from './execution-context.ts'
import type { RunningStatement, StatementOptions } from './executor.ts'

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
  const { identity, session } = context
  const { roleId } = session.principal
  const asked = 'database' in query ? query.database : undefined
  const { database } = await connectableDatabase(context, roleId, asked ?? session.database)
  const { catalog } = await definitionsFor(context)
  const { searchPath } = session.settings
  const asking = { catalog, authority: identity.authority(roleId), database, searchPath }
  return answerOf(asking, query, session.database)
}

function answerOf(
  asking: DefinitionsAsked,
  query: Exclude<DefinitionQuery, { kind: 'server_version' }>,
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
  return query.kind === 'server_version' ? [text(query.column)] : COLUMNS[query.kind]
}

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
  table_ddl: [text('get_ddl')],
  list_schemas: [text('schema_name'), text('database_name')],
  list_views: [integer('view_id'), text('view_name')],
}
