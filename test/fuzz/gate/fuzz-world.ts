/**
 * The relations that made-up statements are about: tables, views of other roles, foreign tables over
 * files, a session's temporary tables; and functions.
 *
 * Every value of a text or number column is found again wherever it comes out: it holds a mark of its
 * column, those of a view and of a function their own. Keys (`id`, `kind`) are small and meet each other
 * in joins; nothing is marked in them.
 */
import { present } from '../../../src/base/assert.ts'

export type Kind = 'int' | 'text' | 'bool' | 'list' | 'box' | 'date' | 'amount'

export interface WorldColumn {
  readonly name: string
  readonly kind: Kind
  /** Of its values, where they have one. */
  readonly mark: RegExp | undefined
}

/** Roles with whose rights views, foreign tables and functions work. */
export const OWNERS = ['gardener', 'warden'] as const
export type Owner = (typeof OWNERS)[number]

export interface WorldTable {
  readonly kind: 'table' | 'view' | 'foreign table' | 'temporary'
  readonly schema: string
  readonly name: string
  /** Has an index: its writes read columns for the engine's own sake. */
  readonly keyed: boolean
  readonly columns: readonly WorldColumn[]
  /** Of views and foreign tables. */
  readonly owner?: Owner
  readonly view?: WorldView
  /** Of a foreign table: in the location. */
  readonly file?: string
}

export interface WorldView {
  readonly query: string
  readonly reads: readonly { readonly table: WorldTable; readonly columns: readonly string[] }[]
  readonly calls: readonly string[]
}

export interface WorldFunction {
  readonly name: string
  readonly parameters: readonly Kind[]
  readonly returns: Kind
  /** Its parameters are x and y. */
  readonly body: string
  readonly owner: Owner
  readonly calls: readonly string[]
  /** Of what it gives. */
  readonly mark: RegExp
}

export const SQL_TYPES: Readonly<Record<Kind, string>> = {
  int: 'INTEGER',
  text: 'VARCHAR',
  bool: 'BOOLEAN',
  list: 'VARCHAR[]',
  box: 'STRUCT(x INTEGER, y VARCHAR)',
  date: 'DATE',
  amount: 'DECIMAL(18,2)',
}

/** Of the files of foreign tables. */
export const LOCATION = 'barn'

/** The schema in which temporary tables are. */
const TEMPORARY = 'temp'

const KEYS = new Set(['id', 'kind'])
const ROWS = 4

let marks = 0

/** `kq07v3` in texts, `70070003` in numbers. */
function newMark(): { readonly two: string; readonly mark: RegExp } {
  const two = String((marks += 1)).padStart(2, '0')
  return { two, mark: new RegExp(`kq${two}v|(?<!\\d)70${two}00\\d\\d(?!\\d)`, 'i') }
}

/** Both digits. */
function numberOf({ mark }: Pick<WorldColumn, 'mark'>): string {
  return present(mark, 'a column with a mark').source.slice(2, 4)
}

function columnsOf(drawing: string): WorldColumn[] {
  return drawing.split(', ').map((column) => {
    const at = column.lastIndexOf(' ')
    const [name, kind] = [column.slice(0, at), column.slice(at + 1) as Kind]
    const marked = !KEYS.has(name) && kind !== 'bool' && kind !== 'date'
    return { name, kind, mark: marked ? newMark().mark : undefined }
  })
}

type Drawing = readonly [schema: string, name: string, columns: string]

/** A star: with a primary key. */
const TABLES: readonly Drawing[] = [
  ['public', 'amber', 'id int, amber_text text, amber_number int, amber_list list, kind int'],
  ['public', 'birch*', 'id int, birch_text text, birch_number int, birch_day date'],
  ['public', 'cedar', 'id int, cedar_text text, cedar_amount amount, cedar_box box, kind int'],
  ['public', 'Dog Wood', 'id int, Dog Text text, "quoted" text, collate int'],
  ['grove', 'elm', 'id int, elm_text text, elm_flag bool, elm_number int'],
  ['grove', 'fern*', 'id int, kind int, fern_text text, fern_list list'],
  ['cellar', 'ginkgo', 'id int, ginkgo_text text, ginkgo_number int'],
]

/** One of them has the name of a table that is in another schema. */
const TEMPORARIES: readonly Drawing[] = [
  [TEMPORARY, 'sprout', 'id int, sprout_text text, sprout_number int'],
  [TEMPORARY, 'fern', 'id int, kind int, spore_text text'],
]

const FILES: readonly (readonly [...Drawing, Owner, string])[] = [
  ['public', 'hazel', 'id int, hazel_text text, hazel_number int', 'warden', 'hazel.csv'],
  ['grove', 'iris', 'id int, iris_text text, iris_day date, kind int', 'gardener', 'iris.parquet'],
]

/** Each column of a view with the one that it comes from. */
const VIEWS: readonly (readonly [...Drawing, Owner, string, string?])[] = [
  [
    'public',
    'vine',
    'id int < id, vine_text text < amber_text, vine_number int < amber_number, kind int < kind',
    'gardener',
    'public.amber',
  ],
  ['public', 'ivy', 'id int < id, ivy_text text < ginkgo_text', 'warden', 'cellar.ginkgo'],
  [
    'grove',
    'moss',
    'id int < id, moss_text text < vine_text, moss_flag bool < elm_flag, moss_number int < elm_number',
    'warden',
    'public.vine JOIN grove.elm USING (id)',
  ],
  ['public', 'thorn', 'id int < id, thorn_text text < hazel_text', 'gardener', 'public.hazel'],
  [
    'grove',
    'lichen',
    'id int < id, lichen_text text < birch_text',
    'gardener',
    'public.birch',
    'prune',
  ],
]

export const FUNCTIONS: readonly WorldFunction[] = [
  made('prune', ['text'], 'text', 'warden', (two) => `x || 'kq${two}v'`),
  made('graft', ['int', 'int'], 'int', 'gardener', (two) => `x % 10 + y % 5 + 70${two}0050`),
  made('espalier', ['text'], 'text', 'gardener', (two) => `upper(prune(x)) || 'kq${two}v'`, [
    'prune',
  ]),
]

function made(
  name: string,
  parameters: readonly Kind[],
  returns: Kind,
  owner: Owner,
  body: (two: string) => string,
  calls: readonly string[] = [],
): WorldFunction {
  const { two, mark } = newMark()
  return { name, parameters, returns, owner, body: body(two), calls, mark }
}

export const WORLD: readonly WorldTable[] = drawn()

function drawn(): WorldTable[] {
  const plain = (kind: WorldTable['kind'], [schema, name, columns]: Drawing): WorldTable => ({
    kind,
    schema,
    name: name.replace('*', ''),
    keyed: name.endsWith('*'),
    columns: columnsOf(columns),
  })
  const world = [
    ...TABLES.map((drawing) => plain('table', drawing)),
    ...TEMPORARIES.map((drawing) => plain('temporary', drawing)),
    ...FILES.map(([schema, name, columns, owner, file]) => ({
      ...plain('foreign table', [schema, name, columns]),
      owner,
      file,
    })),
  ]
  for (const [schema, name, columns, owner, from, call] of VIEWS) {
    const pairs = columns.split(', ').map((column) => column.split(' < '))
    const own = pairs.map(([column]) => column).join(', ')
    const view = plain('view', [schema, name, own])
    const sources = pairs.map(([, source = '']) => source)
    world.push({ ...view, owner, view: viewOf(view, sources, from, world, call) })
  }
  return world
}

/** Its values have marks of their own in the place of those that they come with. */
function viewOf(
  { columns }: WorldTable,
  sources: readonly string[],
  from: string,
  world: readonly WorldTable[],
  call?: string,
): WorldView {
  const read = world.filter((table) => from.includes(`${table.schema}.${table.name}`))
  const items = columns.map(({ name, kind, mark }, index) => {
    const source = present(sources[index], 'a source')
    if (!mark) return `${source} AS ${name}`
    const there = read.flatMap((table) => table.columns).find((column) => column.name === source)
    const [old, two] = [numberOf(present(there, source)), numberOf({ mark })]
    const called = call === undefined ? source : `${call}(${source})[1:6]`
    return kind === 'int'
      ? `${source} + ${(Number(two) - Number(old)) * 10_000} AS ${name}`
      : `replace(${called}, 'kq${old}v', 'kq${two}v') AS ${name}`
  })
  return {
    query: `SELECT ${items.join(', ')} FROM ${from}`,
    reads: read.map((table) => ({
      table,
      columns: table.columns.map(({ name }) => name).filter((name) => sources.includes(name)),
    })),
    calls: call === undefined ? [] : [call],
  }
}

export function schemas(): string[] {
  return [...new Set(WORLD.map(({ schema }) => schema))].filter((name) => name !== TEMPORARY)
}

/** As it stands in a statement. */
export function fullName({ schema, name }: WorldTable): string {
  return schema === TEMPORARY ? `temp.main.${name}` : `master.${schema}.${quoted(name)}`
}

export function createTable(table: WorldTable): string {
  const { keyed, columns, kind } = table
  const list = columns.map(
    (column, index) =>
      `${quoted(column.name)} ${SQL_TYPES[column.kind]}${keyed && index === 0 ? ' PRIMARY KEY' : ''}`,
  )
  const name = kind === 'temporary' ? table.name : fullName(table)
  return `CREATE ${kind === 'temporary' ? 'TEMP ' : ''}TABLE ${name} (${list.join(', ')})`
}

export function insertRows(table: WorldTable): string {
  return `INSERT INTO ${fullName(table)} VALUES ${rowsOf(table).join(', ')}`
}

/** Of one that holds rows itself. */
export function rowsOf({ columns }: WorldTable): string[] {
  return Array.from({ length: ROWS }, (_, row) => {
    const values = columns.map((column) => valueOf(column, row + 1))
    return `(${values.join(', ')})`
  })
}

function valueOf(column: WorldColumn, row: number): string {
  const { name, kind, mark } = column
  const two = mark ? numberOf(column) : ''
  const [text, number] = [`'kq${two}v${row}'`, `70${two}000${row}`]
  switch (kind) {
    case 'int':
      return mark ? number : String(name === 'kind' ? row % 2 : row)
    case 'text':
      return row === ROWS ? 'NULL' : text
    case 'amount':
      return `${number}.25`
    case 'list':
      return row === 1 ? '[]' : `[${text}, 'x']`
    case 'box':
      return `{'x': ${number}, 'y': ${text}}`
    case 'bool':
      return row % 2 === 0 ? 'true' : 'false'
    case 'date':
      return `DATE '2020-01-0${row}'`
  }
}

export function quoted(name: string): string {
  return /^[a-z_]+$/.test(name) && name !== 'collate' ? name : `"${name.replaceAll('"', '""')}"`
}
