/**
 * GET_DDL: a definition in BLUE SQL, in the one form that the SQLAlchemy dialect of BLUE can take
 * apart: a column a line, the closing bracket alone in its line, and three more lines behind it.
 *
 * Of a table of which the role may know some columns alone, it shows those.
 */
import { blueTypeName } from '../columnar/blue-type-name.ts'
import { quoteName } from '../gate/quote-name.ts'
import type { ColumnEntry, IdentityColumn, TableEntry } from '../catalog/catalog-snapshot.ts'

const HEADS = {
  table: 'create table',
  view: 'create view',
  'foreign table': 'create foreign table',
} as const

export function tableDdl(
  { kind, name, schema }: TableEntry,
  columns: readonly ColumnEntry[],
): string {
  const lines = columns.map((column) => ` ${quoteName(column.name)} ${columnDdl(column)}`)
  return `${HEADS[kind]} ${quoteName(schema.name)}.${quoteName(name)} (\n${lines.join(',\n')}\n)\n;\n\n\n`
}

function columnDdl({ type, nullable, defaultExpression, identity }: ColumnEntry): string {
  if (identity) return `${blueTypeName(type)} ${identityDdl(identity)} not null`
  const value = defaultExpression === undefined ? '' : ` default ${onOneLine(defaultExpression)}`
  return `${blueTypeName(type)} ${nullable ? 'null' : 'not null'}${value}`
}

/** In PostgreSQL's form: BLUE's says neither bounds nor ALWAYS. */
function identityDdl({ generation, options }: IdentityColumn): string {
  const { start, increment, minimum, maximum, cycles } = options
  const counts = `start with ${start} increment by ${increment}`
  const bounds = `minvalue ${minimum} maxvalue ${maximum}${cycles ? ' cycle' : ''}`
  return `generated ${generation} as identity (${counts} ${bounds})`
}

/**
 * On one line, and the same value: the dialect takes lines apart, and a line end is inside of a string
 * here. The characters are those at which Python ends a line.
 */
function onOneLine(expression: string): string {
  return expression.replaceAll(LINE_ENDS, (end) => `' || chr(${end.charCodeAt(0)}) || '`)
}

// oxlint-disable-next-line no-control-regex -- they are what is looked for
const LINE_ENDS = /[\n\v\f\r\x1c-\x1e\x85\u2028\u2029]/g
