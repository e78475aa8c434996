/** The rows of DESCRIBE SCHEMAS, TABLES, COLUMNS, VIEWS and USER FUNCTIONS, and of GET_DDL. */
import { likePattern } from '../audit/like-pattern.ts'
import { GatewayError } from '../base/gateway-error.ts'
import type { DatabaseEntry, SchemaEntry, TableEntry } from '../catalog/catalog-snapshot.ts'
import { sizeOf } from '../catalog/blue/sqream-catalog.ts'
import { blueTypeName } from '../columnar/blue-type-name.ts'
import { heldColumns, knownDefinition, visibleColumns } from '../gate/held-columns.ts'
import { noSuchRelation, noSuchSchema, wrongKind } from '../gate/refusals.ts'
import {
  connects,
  findSchema,
  findTable,
  seesFunction,
  seesSchema,
  seesTable,
} from '../gate/visible-names.ts'
import type { NameContext } from '../gate/visible-names.ts'
import type { DefinitionQuery } from '../sql/statement.ts'
import type { Row } from './answer.ts'
import { tableDdl } from './table-ddl.ts'

/** Who asks, and in which database. */
export type DefinitionsAsked = NameContext

type Query<Kind> = Extract<DefinitionQuery, { kind: Kind }>

export function databasesSeen(
  { catalog, authority }: DefinitionsAsked,
  like: string | undefined,
): DatabaseEntry[] {
  const fits = fitting(like)
  return catalog.databases.filter((one) => connects(authority, one) && fits(one.name))
}

export function schemasSeen(
  { catalog, authority, database }: DefinitionsAsked,
  like: string | undefined,
): SchemaEntry[] {
  const fits = fitting(like)
  return catalog.schemas.filter(
    (one) => one.database.name === database && seesSchema(authority, one) && fits(one.name),
  )
}

/** Tables and foreign tables. */
export function describeTables(
  asking: DefinitionsAsked,
  { schema, of, like }: Pick<Query<'describe_tables'>, 'schema' | 'of' | 'like'>,
): Row[] {
  return relationsSeen(asking, schema, like)
    .filter(({ kind }) => kind !== 'view')
    .map((table) => ({ table, isForeign: table.kind === 'foreign table' }))
    .filter(({ isForeign }) => of === 'all' || isForeign === (of === 'external'))
    .map(({ table, isForeign }) => [
      table.schema.database.name,
      table.schema.name,
      table.name,
      isForeign ? 'External' : 'Internal',
      isForeign ? null : rowCount(asking, table),
      null,
      isForeign ? `Format: ${table.foreign?.source.format ?? ''}` : '',
    ])
}

export function describeViews(
  asking: DefinitionsAsked,
  { schema, like }: Pick<Query<'describe_views'>, 'schema' | 'like'>,
): Row[] {
  return relationsSeen(asking, schema, like)
    .filter(({ kind }) => kind === 'view')
    .map((view) => [
      null,
      view.name,
      view.schema.database.name,
      view.schema.name,
      knownDefinition(asking.authority, view) ?? null,
    ])
}

/** @throws GatewayError `undefined_table`, also for one that the role may not know of. */
export function describeColumns(
  asking: DefinitionsAsked,
  { schema, of, relation, like }: Query<'describe_columns'>,
): Row[] {
  const table = findTable(schema === undefined ? [relation] : [schema, relation], asking)
  if (!table) throw noSuchTable(schema === undefined ? [relation] : [schema, relation])
  if ((table.kind === 'view') !== (of === 'view')) throw wrongKind(table, of)
  const fits = fitting(like)
  return visibleColumns(asking.authority, table)
    .filter(({ name }) => fits(name))
    .map(({ name, type, nullable, defaultExpression }) => [
      table.schema.database.name,
      table.schema.name,
      table.name,
      nullable,
      name,
      blueTypeName(type).toUpperCase(),
      defaultExpression ?? null,
      null,
      sizeOf(type),
    ])
}

export function describeFunctions(
  { catalog, authority, database }: DefinitionsAsked,
  like: string | undefined,
): Row[] {
  const fits = fitting(like)
  return catalog.functions
    .filter((one) => one.database.name === database && seesFunction(authority, one))
    .filter(({ name }) => fits(name))
    .map(({ name, source }, index) => [database, index + 1, name, source])
}

/** @throws GatewayError `undefined_table`, also for one that the role may not know of. */
export function findDdl(asking: DefinitionsAsked, name: readonly string[]): string {
  const table = findTable(name, asking) ?? anywhere(asking, name)
  if (!table) throw noSuchTable(name)
  return tableDdl(table, visibleColumns(asking.authority, table))
}

/** The SQLAlchemy dialect of BLUE asks for every table that there is, and never says of which schema. */
function anywhere(
  asking: DefinitionsAsked,
  [name, ...more]: readonly string[],
): TableEntry | undefined {
  if (more.length > 0) return undefined
  return relationsSeen(asking, undefined, undefined).find(
    (table) => table.name.toLowerCase() === name?.toLowerCase(),
  )
}

/** @throws GatewayError `invalid_schema_name`. */
function relationsSeen(
  asking: DefinitionsAsked,
  schema: string | undefined,
  like: string | undefined,
): TableEntry[] {
  const { catalog, authority, database } = asking
  const only = schema === undefined ? undefined : findSchema([schema], asking)
  if (schema !== undefined && !only) throw noSuchSchema([schema])
  const fits = fitting(like)
  return catalog.tables.filter(
    (table) =>
      table.schema.database.name === database &&
      (only === undefined || table.schema.id === only.id) &&
      seesTable(authority, table) &&
      fits(table.name),
  )
}

function fitting(like: string | undefined): (name: string) => boolean {
  return like === undefined ? () => true : likePattern(like)
}

function rowCount({ authority }: DefinitionsAsked, table: TableEntry): bigint | null {
  const readable = heldColumns(authority, 'SELECT', table).length > 0
  return readable ? BigInt(table.estimatedRows) : null
}

function noSuchTable(parts: readonly string[]): GatewayError {
  return new GatewayError('undefined_table', noSuchRelation(parts))
}
