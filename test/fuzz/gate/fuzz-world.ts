/**
 * The tables that made-up statements are about, and roles with rights made up as well.
 *
 * Every value of a text or number column is found again wherever it comes out: it holds a mark of its
 * column. Keys (`id`, `kind`) are small and meet each other in joins; nothing is marked in them.
 */
import type { Permission } from '../../../src/base/permission-name.ts'
import type { GrantText } from '../../fixtures/test-authority.ts'
import type { Random } from '../random.ts'

export type Kind = 'int' | 'text' | 'bool' | 'list' | 'box' | 'date' | 'amount'

export interface WorldColumn {
  readonly name: string
  readonly kind: Kind
  /** Of its values, where they have one. */
  readonly mark: RegExp | undefined
}

export interface WorldTable {
  readonly schema: string
  readonly name: string
  /** Has an index: its writes read columns for the engine's own sake. */
  readonly keyed: boolean
  readonly columns: readonly WorldColumn[]
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

const KEYS = new Set(['id', 'kind'])
const ROWS = 4

/** By schema, table (a star: with a primary key), and column with its kind. */
const DRAWING: readonly (readonly [string, string, string])[] = [
  ['public', 'amber', 'id int, amber_text text, amber_number int, amber_list list, kind int'],
  ['public', 'birch*', 'id int, birch_text text, birch_number int, birch_day date'],
  ['public', 'cedar', 'id int, cedar_text text, cedar_amount amount, cedar_box box, kind int'],
  ['public', 'Dog Wood', 'id int, Dog Text text, "quoted" text, collate int'],
  ['grove', 'elm', 'id int, elm_text text, elm_flag bool, elm_number int'],
  ['grove', 'fern*', 'id int, kind int, fern_text text, fern_list list'],
  ['cellar', 'ginkgo', 'id int, ginkgo_text text, ginkgo_number int'],
]

let marks = 0

export const WORLD: readonly WorldTable[] = DRAWING.map(([schema, name, columns]) => ({
  schema,
  name: name.replace('*', ''),
  keyed: name.endsWith('*'),
  columns: columns.split(', ').map((column) => {
    const at = column.lastIndexOf(' ')
    const [called, kind] = [column.slice(0, at), column.slice(at + 1) as Kind]
    const marked = !KEYS.has(called) && kind !== 'bool' && kind !== 'date'
    return { name: called, kind, mark: marked ? markOf((marks += 1)) : undefined }
  }),
}))

/** `kq07v3` in texts, `70070003` in numbers. */
function markOf(number: number): RegExp {
  const two = String(number).padStart(2, '0')
  return new RegExp(`kq${two}v|(?<!\\d)70${two}00\\d\\d(?!\\d)`, 'i')
}

/** Run by an administrator, in order. */
export function worldSetUp(): string[] {
  const schemas = new Set(WORLD.map(({ schema }) => schema))
  return [
    ...[...schemas]
      .filter((name) => name !== 'public')
      .map((name) => `CREATE SCHEMA master.${name}`),
    ...WORLD.flatMap((table) => [createTable(table), insertRows(table)]),
    // what a name must not lead to
    'CREATE MACRO master.public.leak() AS (SELECT max(ginkgo_text) FROM master.cellar.ginkgo)',
    'CREATE VIEW master.public.window_on AS FROM master.cellar.ginkgo',
  ]
}

function createTable({ schema, name, keyed, columns }: WorldTable): string {
  const list = columns.map(
    (column, index) =>
      `${quoted(column.name)} ${SQL_TYPES[column.kind]}${keyed && index === 0 ? ' PRIMARY KEY' : ''}`,
  )
  return `CREATE TABLE master.${schema}.${quoted(name)} (${list.join(', ')})`
}

function insertRows({ schema, name, columns }: WorldTable): string {
  const rows = Array.from({ length: ROWS }, (_, row) => {
    const values = columns.map((column) => valueOf(column, row + 1))
    return `(${values.join(', ')})`
  })
  return `INSERT INTO master.${schema}.${quoted(name)} VALUES ${rows.join(', ')}`
}

function valueOf({ name, kind, mark }: WorldColumn, row: number): string {
  const two = mark ? mark.source.slice(2, 4) : ''
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

export const WRITE_PERMISSIONS = ['INSERT', 'UPDATE', 'DELETE'] as const
export type WritePermission = (typeof WRITE_PERMISSIONS)[number]

/** What one role may do: kept beside the grants themselves, for judges that trust no code of ours. */
export class Rights {
  readonly grants: GrantText[] = ['CONNECT ON master']
  readonly #readable = new Map<WorldTable, ReadonlySet<string>>()
  readonly #writable = new Map<WorldTable, ReadonlySet<WritePermission>>()
  /** Of every column that may not be read. */
  readonly hiddenMarks: readonly RegExp[]

  constructor(random: Random) {
    const schemas = [...new Set(WORLD.map(({ schema }) => schema))]
    const used = new Set(schemas.filter((schema) => schema !== 'cellar' && !random.onceIn(12)))
    for (const schema of used) this.#grant('USAGE', schema)
    for (const table of WORLD) this.#grantOn(table, random, used.has(table.schema))
    this.hiddenMarks = WORLD.flatMap((table) =>
      table.columns.flatMap((column) =>
        column.mark && !this.reads(table, column.name) ? [column.mark] : [],
      ),
    )
  }

  reads(table: WorldTable, column: string): boolean {
    return this.#readable.get(table)?.has(column) ?? false
  }

  readable(table: WorldTable): readonly WorldColumn[] {
    return table.columns.filter(({ name }) => this.reads(table, name))
  }

  /** Has some right on it, so its name is no secret. */
  knows(table: WorldTable): boolean {
    return this.readable(table).length > 0 || (this.#writable.get(table)?.size ?? 0) > 0
  }

  writes(table: WorldTable, permission: WritePermission): boolean {
    return this.#writable.get(table)?.has(permission) ?? false
  }

  #grantOn(table: WorldTable, random: Random, usable: boolean): void {
    const place = `${table.schema}.${table.name}`
    const form = random.below(5)
    const some = table.columns.filter(() => !random.onceIn(3)).map(({ name }) => name)
    if (form < 2) this.#grant('SELECT', place)
    else if (form < 4 && some.length > 0) this.#grant('SELECT', `${place} (${some.join(', ')})`)
    const names = form < 2 ? table.columns.map(({ name }) => name) : form < 4 ? some : []
    if (usable) this.#readable.set(table, new Set(names))
    const writes = WRITE_PERMISSIONS.filter(() => !random.onceIn(3))
    for (const permission of writes) this.#grant(permission, place)
    if (usable) this.#writable.set(table, new Set(writes))
  }

  #grant(permission: Permission, place: string): void {
    this.grants.push(`${permission} ON master.${place}`)
  }
}
