/** What somebody chose for a load, and the request that it becomes. Knows nothing of the screen. */
import type {
  BadRow,
  CsvChoice,
  LoadColumn,
  LoadFormat,
  LoadPreview,
  LoadTable,
} from '../../api/loads.ts'
import type { ObjectTree } from '../../api/roles.ts'

export interface ColumnEdit {
  readonly leftOut?: boolean
  readonly name?: string
  readonly type?: string
}

export interface Target extends LoadTable {
  readonly mode: 'create' | 'append'
}

export interface LoadChoice {
  /** What differs from how the file seems to be. */
  readonly csv: CsvChoice
  /** By the column's place in the file. */
  readonly edits: ReadonlyMap<number, ColumnEdit>
  readonly target: Target
}

/** One column as it stands on the screen. */
export interface ShownColumn {
  /** Its place in the file, from 0. */
  readonly from: number
  readonly included: boolean
  readonly name: string
  readonly type: string
  /** As the file calls it, or its number where it does not. */
  readonly title: string
}

const FIRST_DATABASE = 'master'
const NAME_CHARACTERS_MAX = 63

export function firstChoice(
  fileName: string,
  table: LoadTable | undefined,
  mode: Target['mode'] = 'create',
): LoadChoice {
  const target = table ?? {
    database: FIRST_DATABASE,
    schema: 'public',
    name: tableNameFor(fileName),
  }
  return { csv: {}, edits: new Map(), target: { ...target, mode } }
}

/** `Flights 2024 (final).csv` → `flights_2024_final` */
export function tableNameFor(fileName: string): string {
  const name = fileName
    .replace(/\.[^.]*$/, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '_')
    .replaceAll(/^_+|_+$/g, '')
    .slice(0, NAME_CHARACTERS_MAX)
  return /^\p{L}/u.test(name) ? name : `t_${name}`.slice(0, NAME_CHARACTERS_MAX)
}

/** Other delimiters or quotes make other columns: what was chosen for the old ones goes. */
export function withCsv(choice: LoadChoice, change: CsvChoice): LoadChoice {
  const makesOtherColumns = 'delimiter' in change || 'quote' in change || 'escape' in change
  return {
    ...choice,
    csv: { ...choice.csv, ...change },
    edits: makesOtherColumns ? new Map() : choice.edits,
  }
}

export function withColumn(choice: LoadChoice, from: number, edit: ColumnEdit): LoadChoice {
  return {
    ...choice,
    edits: new Map([...choice.edits, [from, { ...choice.edits.get(from), ...edit }]]),
  }
}

export function shownColumns(preview: LoadPreview, { edits }: LoadChoice): ShownColumn[] {
  return preview.columns.map(({ from, name, type, fileName }) => {
    const edit = edits.get(from)
    return {
      from,
      included: edit?.leftOut !== true,
      name: edit?.name ?? name,
      type: edit?.type ?? type,
      title: fileName ?? name,
    }
  })
}

/** By the column's name in lower case: how a table that is there has its columns. */
export type TableTypes = ReadonlyMap<string, string>

export function typesOfTable(tree: ObjectTree | undefined, target: Target): TableTypes {
  if (target.mode === 'create') return new Map()
  const table = tree?.databases
    .find(({ name }) => name === target.database)
    ?.schemas.find(({ name }) => name === target.schema)
    ?.tables.find(({ name }) => name === target.name)
  return new Map(table?.columns.map(({ name, type }) => [name.toLowerCase(), type]))
}

/** The API takes no longer one. */
const TYPE_CHARACTERS_MAX = 60

/**
 * Those that are to be loaded. Types are chosen for CSV into a new table alone: a Parquet file and
 * a table that is there have theirs. Those of the table are sent along where they are known, so that
 * what is wrong with a value is told of the right type.
 */
export function requestColumns(
  columns: readonly ShownColumn[],
  format: LoadFormat,
  mode: Target['mode'],
  ofTable: TableTypes = new Map(),
): LoadColumn[] {
  const typeOf = ({ name, type }: ShownColumn) => {
    if (format !== 'csv') return undefined
    return mode === 'create' ? type : ofTable.get(name.toLowerCase())
  }
  return columns
    .filter(({ included }) => included)
    .map((column) => {
      const { from, name } = column
      const type = typeOf(column)
      const isSent = type !== undefined && type.length <= TYPE_CHARACTERS_MAX
      return { from, name, ...(isSent && { type }) }
    })
}

/** Undefined while a part of it is missing. */
export function tableOf({ database, schema, name }: LoadTable): LoadTable | undefined {
  const table = { database: database.trim(), schema: schema.trim(), name: name.trim() }
  return Object.values(table).includes('') ? undefined : table
}

export function fullName({ database, schema, name }: LoadTable): string {
  return [database, schema, name].join('.')
}

/** As it is written in SQL. */
export function sqlName({ database, schema, name }: LoadTable): string {
  return [database, schema, name]
    .map((part) => (/^[a-z_][a-z0-9_]*$/.test(part) ? part : `"${part.replaceAll('"', '""')}"`))
    .join('.')
}

/** `public` is in the first database. */
export function schemaFrom(text: string): Pick<LoadTable, 'database' | 'schema'> {
  const dot = text.indexOf('.')
  if (dot < 0) return { database: FIRST_DATABASE, schema: text }
  return { database: text.slice(0, dot), schema: text.slice(dot + 1) }
}

/** What a report shows of a value. */
const REPORTED_CHARACTERS = 100

/**
 * The bad values of each column, with what is wrong. Whether a value is bad does not depend on its
 * row, so that all of its kind are found by their text.
 */
export function badValues(
  badRows: readonly BadRow[],
): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const found = new Map<string, Map<string, string>>()
  for (const { column, value = '', problem } of badRows) {
    if (column === undefined) continue
    const ofColumn = found.get(column) ?? new Map<string, string>()
    found.set(column, ofColumn.set(value, problem))
  }
  return found
}

/** What is wrong with this value; undefined when nothing is. */
export function problemOfValue(
  bad: ReadonlyMap<string, string> | undefined,
  value: string | null,
): string | undefined {
  return bad?.get(
    Array.from(value ?? '')
      .slice(0, REPORTED_CHARACTERS)
      .join(''),
  )
}
