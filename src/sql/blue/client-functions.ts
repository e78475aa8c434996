/**
 * Functions whose rows are relations of BLUE's catalogue: `SELECT GET_TABLES('*', 's', '*', 'view')`.
 *
 * Each is a query of its own, at the beginning or in brackets. Arguments are filters: strings, written
 * out, or NULL. Source: BLUE SQL, 3.5; the queries that its JDBC driver asks for metadata with.
 */
import { itemsWithin } from './definitions.ts'
import type { Edits } from './edits.ts'
import { quoted } from './patterns.ts'
import type { Reading } from './reading.ts'
import { isText } from './text-token.ts'

export interface ClientFunction {
  readonly name: string
  /** For the manual. */
  readonly written: string
  readonly gives: string
  /** Columns that the arguments filter, in their order; `types` takes a list of kinds. */
  readonly filters: readonly string[]
  readonly relation: string
  /** Whether arguments are patterns; otherwise names, and `*` is any. */
  readonly like: boolean
}

function plain(name: string, gives: string): ClientFunction {
  const written = `${name.toUpperCase()}()`
  return { name, written, gives, filters: [], relation: name, like: false }
}

/** `x` by names, `x_like` by patterns. */
function filtered(
  name: string,
  last: string,
  filters: ClientFunction['filters'],
  gives: string,
): ClientFunction[] {
  const of = (given: string) => `${given.toUpperCase()}('database', 'schema', 'table', '${last}')`
  return [
    { name, written: of(name), gives, filters, relation: name, like: false },
    {
      name: `${name}_like`,
      written: of(`${name}_like`),
      gives: `the same, with patterns of \`LIKE\` (\`\\\` before \`%\` and \`_\` that mean themselves)`,
      filters,
      relation: name,
      like: true,
    },
  ]
}

const OF_TABLE = ['table_cat', 'table_schem', 'table_name']

export const CLIENT_FUNCTIONS: readonly ClientFunction[] = [
  plain('get_catalogs', 'the databases that one may connect to'),
  plain('get_schemas', '`schema_name`, `database_name`'),
  plain('get_views', '`view_id`, `view_name`, which is `schema.view`'),
  plain('get_table_types', '`TABLE`, `VIEW`, `EXTERNAL_TABLE`'),
  plain('get_type_info', 'the types, as `getTypeInfo` of JDBC has them'),
  plain('get_sqream_server_version', 'name and version of the product'),
  plain('show_version', 'name and version of the product'),
  ...filtered(
    'get_tables',
    'table,view',
    [...OF_TABLE, 'types'],
    'tables, views and foreign tables, as `getTables` of JDBC has them; `*` is any name',
  ),
  ...filtered(
    'get_columns',
    'column',
    [...OF_TABLE, 'column_name'],
    'columns, as `getColumns` of JDBC has them; `*` is any name',
  ),
]

const BY_NAME: ReadonlyMap<string, ClientFunction> = new Map(
  CLIENT_FUNCTIONS.map((one) => [one.name, one]),
)

/** Whether the query that begins with the SELECT at `index` is a call of one of these. */
export function asksForClient(reading: Reading, index: number): boolean {
  return callAt(reading, index + 1) !== undefined && reading.isWord(index, 'select')
}

/** @throws GatewayError `feature_not_supported`, `undefined_function`. */
export function rewriteClientFunctions(reading: Reading, edits: Edits): void {
  for (const index of reading.tokens.keys()) {
    const call = reading.isSymbol(index - 1, '.') ? undefined : callAt(reading, index)
    if (!call) continue
    const { one, open, close } = call
    const what = `${one.name.toUpperCase()}(…)`
    const behind = reading.at(close + 1)
    const isWhole = behind === undefined || reading.isSymbol(close + 1, ')')
    if (!reading.isWord(index - 1, 'select') || !isWhole) {
      throw reading.notSupported(index, `${what} in a query with anything else`, ALONE)
    }
    const conditions = conditionsOf(reading, one, open, close)
    const where = conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : ''
    edits.instead(index, `* FROM sqream_catalog.${one.relation}${where}`)
    edits.drop(open, close)
  }
}

const ALONE = 'It is a query of its own: SELECT * FROM (SELECT GET_SCHEMAS()) AS s.'

function callAt(reading: Reading, index: number) {
  const token = reading.at(index)
  const one = token?.kind === 'word' ? BY_NAME.get(token.value) : undefined
  const close = reading.isSymbol(index + 1, '(') ? reading.partner(index + 1) : undefined
  return one && close !== undefined ? { one, open: index + 1, close } : undefined
}

function conditionsOf(
  reading: Reading,
  { name, written, filters, like }: ClientFunction,
  open: number,
  close: number,
): string[] {
  const given = itemsWithin(reading, open, close)
  if (given.length !== filters.length) {
    const hint = `In the dialect blue it is ${written}.`
    const message = `function ${name} does not take these arguments`
    throw reading.error('undefined_function', open - 1, message, hint)
  }
  return given.flatMap(({ first, last }, at) => {
    const column = filters[at] ?? ''
    const isNull = reading.isWord(first, 'null')
    if (first !== last || (!isNull && !isText(reading, first))) {
      throw reading.notSupported(first, `${name.toUpperCase()} with an argument that is no string`)
    }
    const text = isNull ? '' : (reading.at(first)?.value ?? '')
    if (text === '' || text === (like ? '%' : '*')) return []
    if (column === 'types') return [ofTypes(text)]
    const pattern = like ? text : text.replaceAll(/[\\%_]/g, String.raw`\$&`)
    return [`${column} ILIKE ${quoted(pattern)} ESCAPE '\\'`]
  })
}

/** `table` are the foreign ones, too: the column tells them apart. */
function ofTypes(list: string): string {
  const types = list.split(',').map((type) => type.trim().toUpperCase())
  const all = types.includes('TABLE') ? [...types, 'EXTERNAL_TABLE'] : types
  return `table_type IN (${all.map(quoted).join(', ')})`
}
