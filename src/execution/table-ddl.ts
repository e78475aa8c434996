/**
 * GET_DDL: a definition in BLUE SQL, in the one form that the SQLAlchemy dialect of BLUE can take
 * apart: a column a line, the closing bracket alone in its line, and three more lines behind it.
 *
 * Of a table of which the role may know some columns alone, it shows those.
 */
import { blueTypeName } from '../columnar/blue-type-name.ts'
import type { ColumnEntry, TableEntry } from '../catalog/catalog-snapshot.ts'

const HEADS = {
  table: 'create table',
  view: 'create view',
  'foreign table': 'create foreign table',
} as const

export function tableDdl(
  { kind, name, schema }: TableEntry,
  columns: readonly ColumnEntry[],
): string {
  const lines = columns.map((column) => ` ${quoted(column.name)} ${columnDdl(column)}`)
  return `${HEADS[kind]} ${quoted(schema.name)}.${quoted(name)} (\n${lines.join(',\n')}\n)\n;\n\n\n`
}

function columnDdl({ type, nullable, defaultExpression }: ColumnEntry): string {
  const value = defaultExpression === undefined ? '' : ` default ${oneLine(defaultExpression)}`
  return `${blueTypeName(type)} ${nullable ? 'null' : 'not null'}${value}`
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** A line end inside of a string would be one of the definition's. */
function oneLine(expression: string): string {
  return expression.replaceAll(/\s+/g, ' ')
}
