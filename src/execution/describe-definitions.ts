/** The rows of DESCRIBE SCHEMAS, TABLES, COLUMNS, VIEWS and USER FUNCTIONS, and of GET_DDL and its like. */
import { likePattern } from '../audit/like-pattern.ts'
import { GatewayError } from '../base/gateway-error.ts'
import type { DatabaseEntry, SchemaEntry, TableEntry } from '../catalog/catalog-snapshot.ts'
import { dollarQuote } from '../catalog/postgres/pg-proc.ts'
import { blueTypeName } from '../columnar/blue-type-name.ts'
import { blueValueBytes } from '../columnar/blue-type.ts'
import { parseTypeName } from '../columnar/parse-type-name.ts'
import { heldColumns, knownDefinition, visibleColumns } from '../gate/held-columns.ts'
import { quoteFullName, quoteName } from '../gate/quote-name.ts'
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
  { schema, of, like, extended }: Query<'describe_tables'>,
): Row[] {
  const storage = extended ? [null, null, null, null] : [] // what one table takes up is not told
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
      ...storage,
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
      blueValueBytes(type),
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

/** Tables and views; no functions, as in BLUE. A view whose text is its owner's secret is named. */
export function databaseDdl(asking: DefinitionsAsked): string {
  const { authority } = asking
  return relationsSeen(asking, undefined, undefined)
    .toSorted((a, b) => Number(a.kind === 'view') - Number(b.kind === 'view'))
    .map((table) => {
      if (table.kind !== 'view') return tableDdl(table, visibleColumns(authority, table)).trimEnd()
      const text = knownDefinition(authority, table)
      const name = quoteFullName(table.schema.name, table.name)
      return text === undefined
        ? `-- view ${onOneLine(name)}: only its owner sees its text`
        : ended(text)
    })
    .join('\n')
}

/** @throws GatewayError `undefined_table`, `wrong_object_type`, `insufficient_privilege`. */
export function viewDdl(asking: DefinitionsAsked, name: readonly string[]): string {
  const text = knownDefinition(asking.authority, findView(asking, name))
  if (text !== undefined) return ended(text)
  throw new GatewayError('insufficient_privilege', `must be owner of view ${name.join('.')}`)
}

/** @throws GatewayError `undefined_table`, also for one that the role may not know of. */
export function findView(asking: DefinitionsAsked, name: readonly string[]): TableEntry {
  const view = findTable(name, asking) ?? anywhere(asking, name)
  if (!view) throw noSuchTable(name)
  if (view.kind !== 'view') throw wrongKind(view, 'view')
  return view
}

/** @throws GatewayError `undefined_function`, also for one that the role may not know of. */
export function functionDdl(
  { catalog, authority, database }: DefinitionsAsked,
  name: string,
): string {
  const found = catalog.function(database, name)
  if (!found || !seesFunction(authority, found)) {
    throw new GatewayError('undefined_function', `function "${name}" does not exist`)
  }
  const type = (engineName: string) => blueTypeName(parseTypeName(engineName))
  const parameters = found.parameters.map((one) => `${quoteName(one.name)} ${type(one.type)}`)
  const head = `create function ${quoteName(found.name)} (${parameters.join(', ')})`
  const quote = dollarQuote(found.source)
  return `${head} returns ${type(found.returns)} as ${quote}${found.source}${quote} language sql;`
}

function ended(text: string): string {
  return `${text.trimEnd().replace(/;$/, '')};`
}

function onOneLine(name: string): string {
  return name.replaceAll(/\s+/g, ' ')
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
