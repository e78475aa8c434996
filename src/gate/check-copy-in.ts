/**
 * COPY … FROM STDIN: an INSERT of rows that the door reads, column by column.
 *
 * What runs is written here from the table's own names. Each column is one parameter, the texts of
 * all its values with a separator between them; two more are that separator and what stands for
 * NULL. (A list would be plainer, and the engine reads it more slowly.) The engine makes of
 * every text what it makes of a text parameter of that column. A BLOB comes in base64, which is the
 * shortest text of any bytes.
 */
import { GatewayError } from '../base/gateway-error.ts'
import type { ColumnEntry, TableEntry } from '../catalog/catalog-snapshot.ts'
import type { CopyInStatement } from '../sql/statement.ts'
import type { CheckedStatement } from './checked-statement.ts'
import type { GateContext } from './gate-context.ts'
import { quoteFullName, quoteName } from './quote-name.ts'
import { noSuchColumn, noSuchRelation } from './refusals.ts'
import { requireAll } from './require-all.ts'
import { needOnTable } from './requirements.ts'
import { verifyWrite } from './verify-write.ts'
import { findTable } from './visible-names.ts'

export async function checkCopyIn(
  { table: parts, columns: names, options }: CopyInStatement,
  context: GateContext,
): Promise<CheckedStatement> {
  const table = findTable(parts, context)
  if (!table) throw new GatewayError('undefined_table', noSuchRelation(parts))
  const requires = requireAll(needOnTable('INSERT', table), context.authority)
  if (table.kind !== 'table') {
    throw new GatewayError('wrong_object_type', `cannot copy to ${table.kind} "${table.name}"`)
  }
  const columns = columnsOf(names, table)
  refuseForced(options.forceNotNull, 'FORCE_NOT_NULL', columns, table)
  refuseForced(options.forceNull, 'FORCE_NULL', columns, table)

  const others = table.columns.filter((column) => !columns.includes(column))
  context.sequences.addDefaultsOf(others, context.catalog)
  const text = insertText(table, columns)
  await verifyWrite(text, table, [], context)
  const takes = {
    table: table.name,
    columns: columns.map(({ name, typeName, nullable }) => ({ name, typeName, nullable })),
  }
  return {
    text,
    requires,
    action: { kind: 'write', tag: 'COPY', takes },
    personal: false,
    reusable: true,
  }
}

/** All of them where the client names none. */
function columnsOf(names: readonly string[], table: TableEntry): readonly ColumnEntry[] {
  if (names.length === 0) return table.columns
  const columns = names.map((name) => columnOf(name, table))
  const twice = columns.find((column, index) => columns.indexOf(column) < index)
  if (!twice) return columns
  throw new GatewayError('duplicate_column', `column "${twice.name}" specified more than once`)
}

function columnOf(name: string, table: TableEntry): ColumnEntry {
  const lower = name.toLowerCase()
  const column = table.columns.find((one) => one.name.toLowerCase() === lower)
  if (column) return column
  throw new GatewayError('undefined_column', noSuchColumn(name, table).message)
}

function refuseForced(
  names: readonly string[],
  option: string,
  columns: readonly ColumnEntry[],
  table: TableEntry,
): void {
  const stray = names.find((name) => !columns.includes(columnOf(name, table)))
  if (stray === undefined) return
  throw new GatewayError(
    'invalid_column_reference',
    `${option} column "${stray}" not referenced by COPY`,
  )
}

function parameter(number: number): string {
  return `CAST($${number} AS VARCHAR)`
}

function insertText(table: TableEntry, columns: readonly ColumnEntry[]): string {
  const names = columns.map(({ name }) => quoteName(name)).join(', ')
  const [separator, nullMark] = [columns.length + 1, columns.length + 2].map(parameter)
  const texts = columns.map(
    (_, index) => `unnest(string_split(${parameter(index + 1)}, ${separator})) AS v${index}`,
  )
  const values = columns.map(({ type }, index) => {
    const value = `CASE WHEN v${index} = ${nullMark} THEN NULL ELSE v${index} END`
    return type.kind === 'blob' ? `from_base64(${value})` : value
  })
  const { schema, name } = table
  const full = quoteFullName(schema.database.name, schema.name, name)
  return `INSERT INTO ${full} (${names}) SELECT ${values.join(', ')} FROM (SELECT ${texts.join(', ')})`
}
