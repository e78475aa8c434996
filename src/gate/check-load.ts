/**
 * Loads: the only statements that read a file. The caller names an upload of its own, never a path
 * and never a reader; what runs is written here, from checked parts alone.
 *
 * There is no plan to verify: nothing but the file is read, and the target is named in full.
 */
import { randomUUID } from 'node:crypto'
import path from 'node:path'
import { GatewayError, blaming } from '../base/gateway-error.ts'
import type { ColumnEntry } from '../catalog/catalog-snapshot.ts'
import type { ColumnType } from '../columnar/column-type.ts'
import { parseTypeName, typeName } from '../columnar/parse-type-name.ts'
import type { Requirement } from '../identity/permission.ts'
import { RECORD_BYTES_MAX, csvField } from '../sql/load-statement.ts'
import type { LoadColumn, LoadFile, LoadStatement, LoadTarget } from '../sql/load-statement.ts'
import type { CheckedStatement } from './checked-statement.ts'
import type { LoadAuthorization } from './gate.ts'
import { conversionBetween, conversionFromText } from './load-conversion.ts'
import type { Conversion } from './load-conversion.ts'
import { isLoadable, loadableType } from './loadable-type.ts'
import { checkNewName } from './new-name.ts'
import { quoteFullName, quoteName } from './quote-name.ts'
import { noSuchRelation, noSuchSchema, notSupported } from './refusals.ts'
import { requireAll } from './require-all.ts'
import { needOnSchema, needOnTable } from './requirements.ts'
import { findSchema, findTable } from './visible-names.ts'

/** Columns of one table, as in CREATE TABLE. */
const COLUMNS_MAX = 1_600

const NAME_CHARACTERS_MAX = 255

/** Of a value in a report. */
const SHOWN_CHARACTERS_MAX = 100

/** Names of files that the gateway gives. */
const UPLOAD_NAME = /^[0-9a-f]{64}$/

/** @param uploadsDirectory Undefined: this gateway takes no files. */
export function checkLoad(
  request: LoadAuthorization,
  uploadsDirectory: string | undefined,
): CheckedStatement {
  const { load } = request
  const reader = inField('csv', () => readerOf(load.file, uploadsDirectory))
  if (load.step === 'peek') return read(`SELECT * FROM ${reader} LIMIT ${whole(load.rowsMax)}`, [])
  const { target: wanted } = load
  const target = wanted && inField('table', () => targetOf(wanted, load.columns, request))
  const columns = inField('columns', () => columnsOf(load, target?.columns))
  const requires = target?.requires ?? []
  if (load.step === 'find_bad') {
    const limit = load.rowsMax === undefined ? '' : ` LIMIT ${whole(load.rowsMax)}`
    return read(findBadText(`(SELECT * FROM ${reader}${limit})`, columns), requires)
  }
  if (load.step === 'check') return read('SELECT 0 LIMIT 0', requires)
  const rows = rowsText(reader, columns)
  const { schema, name, mode, database } = target ?? missingTarget()
  const full = quoteFullName(database, schema, name)
  const common = { requires, personal: false, reusable: false }
  if (mode === 'append') {
    const names = columns.map((column) => quoteName(column.name)).join(', ')
    return {
      ...common,
      text: `INSERT INTO ${full} (${names}) ${rows}`,
      action: { kind: 'write', tag: 'INSERT' },
    }
  }
  return {
    ...common,
    text: `CREATE TABLE ${full} AS ${rows}`,
    action: {
      kind: 'define',
      tag: 'CREATE TABLE',
      database,
      registers: [{ id: randomUUID(), kind: 'table', schema, name }],
      unregisters: [],
      countsRows: true,
    },
  }
}

/** What is wrong in it names the member of the request; a right that is missing is no member's fault. */
function inField<T>(field: string, check: () => T): T {
  try {
    return check()
  } catch (thrown) {
    const isOfField = thrown instanceof GatewayError && thrown.kind !== 'insufficient_privilege'
    throw isOfField ? blaming(thrown, field) : thrown
  }
}

function read(text: string, requires: readonly Requirement[]): CheckedStatement {
  return { text, requires, action: { kind: 'read' }, personal: false, reusable: false }
}

interface Target {
  readonly mode: LoadTarget['mode']
  readonly database: string
  readonly schema: string
  readonly name: string
  readonly requires: readonly Requirement[]
  /** Of a table that is there, one for each of the load's columns. */
  readonly columns: readonly ColumnEntry[] | undefined
}

function targetOf(
  { mode, database, schema, name }: LoadTarget,
  columns: readonly LoadColumn[],
  request: LoadAuthorization,
): Target {
  if (mode === 'append') {
    const table = findTable([database, schema, name], request)
    if (!table) throw new GatewayError('undefined_table', noSuchRelation([schema, name]))
    const requires = requireAll(needOnTable('INSERT', table), request.authority)
    if (table.kind !== 'table') throw notSupported('loading into a view')
    const known = columns.map((column) => {
      const lower = column.name.toLowerCase()
      const found = table.columns.find((one) => one.name.toLowerCase() === lower)
      if (found) return found
      const message = `column "${column.name}" of relation "${table.name}" does not exist`
      throw new GatewayError('undefined_column', message, {
        field: 'columns',
        hint: `Columns of the table: ${table.columns.map((one) => one.name).join(', ')}.`,
      })
    })
    const { schema: holder } = table
    return {
      mode,
      database: holder.database.name,
      schema: holder.name,
      name: table.name,
      requires,
      columns: known,
    }
  }
  const holder = findSchema([database, schema], request)
  if (!holder) throw noSuchSchema([schema])
  const requires = requireAll(
    [...needOnSchema('USAGE', holder), ...needOnSchema('CREATE', holder)],
    request.authority,
  )
  checkName(name, 'table')
  if (request.catalog.table(holder.database.name, holder.name, name)) {
    throw new GatewayError('duplicate_table', `relation "${name}" already exists`, {
      hint: 'Choose another name, or add the rows to the table.',
    })
  }
  return {
    mode,
    database: holder.database.name,
    schema: holder.name,
    name,
    requires,
    columns: undefined,
  }
}

interface Column {
  readonly from: string
  readonly name: string
  readonly type: ColumnType
  readonly conversion: Conversion
  readonly required: boolean
}

function columnsOf(
  { file, columns }: Exclude<LoadStatement, { step: 'peek' }>,
  existing: readonly ColumnEntry[] | undefined,
): Column[] {
  if (columns.length === 0) {
    throw new GatewayError('invalid_parameter_value', 'a load needs at least one column')
  }
  if (columns.length > COLUMNS_MAX) {
    throw new GatewayError(
      'program_limit',
      `a table has at most ${COLUMNS_MAX} columns, and ${columns.length} are to be loaded`,
      { hint: 'Choose those that are needed.' },
    )
  }
  const names = new Set<string>()
  return columns.map((column, index) => {
    const entry = existing?.[index]
    const name = entry?.name ?? column.name
    if (!entry) checkName(name, 'column')
    if (names.has(name.toLowerCase())) {
      throw new GatewayError('duplicate_column', `column "${name}" specified more than once`)
    }
    names.add(name.toLowerCase())
    const from = fieldOf(file, column)
    const type = typeOf(file, column, entry)
    return {
      from,
      name,
      type,
      conversion: conversionOf(file, column, type),
      required: entry?.nullable === false,
    }
  })
}

function fieldOf(file: LoadFile, { from }: LoadColumn): string {
  if (file.format === 'parquet') return quoteName(from)
  const field = /^c(\d{1,6})$/.exec(from)
  if (field && Number(field[1]) < file.fields) return quoteName(from)
  throw new GatewayError('undefined_column', `the file has no column ${from}`)
}

function typeOf(file: LoadFile, column: LoadColumn, entry: ColumnEntry | undefined): ColumnType {
  if (file.format === 'parquet') {
    const type = parseTypeName(column.fromType ?? '')
    if (type.kind !== 'other') return entry?.type ?? type
    throw notSupported(
      `the type of the file's column "${column.from}" (${type.name})`,
      'Leave the column out.',
    )
  }
  if (!entry) return loadableType(column.type ?? '', column.name)
  if (isLoadable(entry.type)) return entry.type
  throw notSupported(`loading CSV into the type ${entry.typeName} of column "${entry.name}"`)
}

function conversionOf(file: LoadFile, column: LoadColumn, to: ColumnType): Conversion {
  if (file.format === 'csv') return conversionFromText(to, file.csv)
  const from = parseTypeName(column.fromType ?? '')
  const same = typeName(from) === typeName(to)
  if (same || (isLoadable(from) && isLoadable(to))) return conversionBetween(from, to)
  throw new GatewayError(
    'datatype_mismatch',
    `column "${column.name}" is ${typeName(to)}, and the file has ${typeName(from)}`,
  )
}

function checkName(name: string, what: 'table' | 'column'): void {
  checkNewName(name, what)
  if (name.trim() !== '' && name.length <= NAME_CHARACTERS_MAX) return
  throw new GatewayError(
    'invalid_parameter_value',
    `the name of a ${what} has 1 to ${NAME_CHARACTERS_MAX} characters`,
  )
}

/** One layer for what is taken and one for its value: both are used more than once. */
function layers(reader: string, columns: readonly Column[], besides: readonly string[]): string {
  const taken = columns.map(({ from, conversion }, at) => `${conversion.take(from)} AS t${at}`)
  const values = columns.map(
    ({ conversion }, at) => `t${at}, ${conversion.value(`t${at}`)} AS v${at}`,
  )
  const inner = `SELECT ${[...besides, ...taken].join(', ')} FROM ${reader}`
  return `(SELECT ${[...besides.map(() => 'n'), ...values].join(', ')} FROM (${inner}))`
}

function rowsText(reader: string, columns: readonly Column[]): string {
  const items = columns.map(({ conversion, type, name }, at) => {
    const fits = conversion.fits(`t${at}`, `v${at}`)
    const value =
      fits === 'true'
        ? `v${at}`
        : `CASE WHEN t${at} IS NULL THEN NULL WHEN ${fits} THEN v${at} ELSE error('a value does not fit') END`
    return `CAST(${value} AS ${typeName(type)}) AS ${quoteName(name)}`
  })
  return `SELECT ${items.join(', ')} FROM ${layers(reader, columns, [])}`
}

function findBadText(reader: string, columns: readonly Column[]): string {
  const cells = columns.map(({ conversion, required }, at) => {
    const fits = conversion.fits(`t${at}`, `v${at}`)
    const shown = `left(CAST(t${at} AS VARCHAR), ${SHOWN_CHARACTERS_MAX})`
    const empty = required ? `WHEN t${at} IS NULL THEN '' ` : ''
    return `CASE ${empty}WHEN t${at} IS NOT NULL AND NOT coalesce(${fits}, false) THEN ${shown} END`
  })
  const numbered = layers(reader, columns, ['row_number() OVER () AS n'])
  const found = `(SELECT n, [${cells.join(', ')}] AS cells FROM ${numbered})`
  return `SELECT n, cells FROM ${found} WHERE list_count(cells) > 0`
}

/** @throws GatewayError for a path that is none of the gateway's making. */
function readerOf(file: LoadFile, uploadsDirectory: string | undefined): string {
  const isUpload =
    uploadsDirectory !== undefined &&
    path.dirname(file.path) === uploadsDirectory &&
    UPLOAD_NAME.test(path.basename(file.path))
  if (!isUpload) throw new GatewayError('insufficient_privilege', 'there is no such upload')
  const place = literal(file.path.replaceAll(/[*?[]/g, '[$&]')) // readers take patterns
  if (file.format === 'parquet') return `read_parquet(${place})`
  const { delimiter, quote, escape, header, encoding, nullTexts } = file.csv
  for (const text of nullTexts) {
    if (![delimiter, quote, '\n', '\r'].some((part) => part !== '' && text.includes(part))) continue
    throw new GatewayError(
      'invalid_parameter_value',
      'a text that stands for no value holds neither delimiter nor quote nor line end',
    )
  }
  const fields = Array.from({ length: file.fields }, (_, at) => `'${csvField(at)}': 'VARCHAR'`)
  const settings = [
    place,
    `columns = {${fields.join(', ')}}`,
    'auto_detect = false',
    `header = ${header ? 'true' : 'false'}`,
    `delim = ${literal(delimiter)}`,
    `quote = ${literal(quote)}`,
    `escape = ${literal(escape === 'backslash' ? '\\' : quote)}`,
    `nullstr = [${['', ...nullTexts].map(literal).join(', ')}]`,
    'allow_quoted_nulls = false',
    `max_line_size = ${RECORD_BYTES_MAX}`,
    `buffer_size = ${2 * RECORD_BYTES_MAX}`, // else eight times of it, several times over
    ...(encoding === 'utf-8' ? [] : [`encoding = ${literal(encoding)}`]),
  ]
  return `read_csv(${settings.join(', ')})`
}

function literal(text: string): string {
  if (!text.includes('\0')) return `'${text.replaceAll("'", "''")}'`
  throw new GatewayError('invalid_parameter_value', 'a NUL character cannot be part of this')
}

function whole(number: number): string {
  if (Number.isSafeInteger(number) && number >= 0) return String(number)
  throw new GatewayError('invalid_parameter_value', 'a number of rows is a whole number')
}

function missingTarget(): never {
  throw new GatewayError('invalid_parameter_value', 'a load needs a table')
}
