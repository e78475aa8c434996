/**
 * The query of the view that a foreign table is to the engine. Every option of a reader is written
 * out, so that nothing is guessed from the files; which files they are, a variable says.
 *
 * All of it is of our making: names are quoted, types come from a closed list, texts are literals.
 */
import { GatewayError } from '../base/gateway-error.ts'
import type { ColumnType } from '../columnar/column-type.ts'
import { typeName } from '../columnar/parse-type-name.ts'
import type { FileFormat } from '../engine/engine.ts'
import { BAD_VALUE, fileVariable } from '../engine/file-variable.ts'
import type { CsvForm } from '../identity/permit.ts'
import { RECORD_BYTES_MAX, csvField } from '../sql/load-statement.ts'
import { LEAVE_OUT } from './foreign-columns.ts'
import type { ForeignColumn } from './foreign-columns.ts'
import { conversionFromJson } from './json-conversion.ts'
import { conversionFromText } from './load-conversion.ts'
import type { Conversion } from './load-conversion.ts'
import { quoteName } from './quote-name.ts'
import { notSupported } from './refusals.ts'

/** What the reader calls the path of the file that a row is from. */
const PATH = 'bluegate path'

export interface ForeignText {
  readonly tableId: string
  readonly format: FileFormat
  readonly columns: readonly ForeignColumn[]
  readonly csv: CsvForm
}

/** @throws GatewayError for a column that such files cannot have. */
export function foreignText(table: ForeignText): string {
  const { columns } = table
  switch (table.format) {
    case 'parquet': {
      const names = columns.map(({ name }) => quoteName(name)).join(', ')
      return `SELECT ${names} FROM read_parquet(${filesOf(table)}, ${NO_PARTITIONS}, union_by_name = false)`
    }
    case 'csv':
    case 'json':
      return checkedRows(readerOf(table), columns, fieldsOf(table))
  }
}

/** The number of the first record, from 1, whose value of a column does not fit. */
export function firstMisfitText(table: ForeignText, column: string): string | undefined {
  const field = fieldsOf(table)[table.columns.findIndex(({ name }) => name === column)]
  if (!field) return undefined
  const { from, conversion } = field
  const taken = `SELECT row_number() OVER () AS n, ${conversion.take(from)} AS t FROM ${readerOf(table)}`
  const values = `SELECT n, t, ${conversion.value('t')} AS v FROM (${taken})`
  const misfits = `t IS NOT NULL AND NOT coalesce(${conversion.fits('t', 'v')}, false)`
  return `SELECT CAST(n AS INTEGER) FROM (${values}) WHERE ${misfits} LIMIT 1`
}

function readerOf(table: ForeignText): string {
  return table.format === 'csv' ? csvReader(table) : jsonReader(table)
}

function fieldsOf({ format, columns, csv }: ForeignText): Field[] {
  return columns.map(({ name, type }, at) =>
    format === 'csv'
      ? { from: quoteName(csvField(at)), conversion: fromCsv(type, csv) }
      : { from: quoteName(name), conversion: fromJson(name, type) },
  )
}

const NO_PARTITIONS = 'hive_partitioning = false'

function filesOf({ tableId }: ForeignText): string {
  return `getvariable('${fileVariable(tableId)}')`
}

function csvReader(table: ForeignText): string {
  const { delimiter, quote, lineEnd, skip } = table.csv
  const fields = table.columns.map((_, at) => `'${csvField(at)}': 'VARCHAR'`)
  const settings = [
    filesOf(table),
    `columns = {${fields.join(', ')}}`,
    'auto_detect = false',
    'header = false',
    `skip = ${skip}`,
    `delim = ${literal(delimiter)}`,
    `quote = ${literal(quote)}`,
    `escape = ${literal(quote)}`,
    "nullstr = ['', '\\N']",
    'allow_quoted_nulls = false',
    'null_padding = false',
    'ignore_errors = false',
    'strict_mode = true',
    NO_PARTITIONS,
    `filename = ${literal(PATH)}`,
    `max_line_size = ${RECORD_BYTES_MAX}`,
    `buffer_size = ${2 * RECORD_BYTES_MAX}`,
    ...(lineEnd === undefined ? [] : [`new_line = ${literal(lineEnd)}`]),
  ]
  return `read_csv(${settings.join(', ')})`
}

function jsonReader(table: ForeignText): string {
  const keys = table.columns.map(({ name }) => `${literal(name)}: 'JSON'`)
  const settings = [
    filesOf(table),
    `columns = {${keys.join(', ')}}`,
    'auto_detect = false',
    "format = 'auto'",
    'records = true',
    'ignore_errors = false',
    NO_PARTITIONS,
    `filename = ${literal(PATH)}`,
  ]
  return `read_json(${settings.join(', ')})`
}

/** An empty text in quotes is a text, which no number or date can be. */
function fromCsv(type: ColumnType, { dateFormat }: CsvForm): Conversion {
  const conversion = conversionFromText(type, { decimal: '.', dateFormat })
  const isText = type.kind === 'varchar'
  return isText ? conversion : { ...conversion, take: (column) => `trim(${column})` }
}

function fromJson(name: string, type: ColumnType): Conversion {
  const conversion = conversionFromJson(type)
  if (name.toLowerCase() === PATH) throw notSupported(`a column "${name}" of JSON files`)
  if (conversion) return conversion
  throw notSupported(
    `column "${name}" of JSON files as ${typeName(type)}`,
    `JSON files give texts, whole numbers, DOUBLE, BOOLEAN, dates and times. ${LEAVE_OUT}`,
  )
}

interface Field {
  readonly from: string
  readonly conversion: Conversion
}

/** One layer for what is taken and one for its value: both are used more than once. */
function checkedRows(
  reader: string,
  columns: readonly ForeignColumn[],
  fields: readonly Field[],
): string {
  const taken = fields.map(({ from, conversion }, at) => `${conversion.take(from)} AS t${at}`)
  const values = fields.map(
    ({ conversion }, at) => `t${at}, ${conversion.value(`t${at}`)} AS v${at}`,
  )
  const items = columns.map(({ name, type }, at) => {
    const fits = fields[at]?.conversion.fits(`t${at}`, `v${at}`) ?? 'false'
    const place = literal(`${BAD_VALUE}{"column":${JSON.stringify(name)},"path":`)
    const complaint = `error(${place} || CAST(to_json(f) AS VARCHAR) || '}')`
    const value = `CASE WHEN t${at} IS NULL THEN NULL WHEN ${fits} THEN v${at} ELSE ${complaint} END`
    return `CAST(${value} AS ${typeName(type)}) AS ${quoteName(name)}`
  })
  const inner = `SELECT ${quoteName(PATH)} AS f, ${taken.join(', ')} FROM ${reader}`
  return `SELECT ${items.join(', ')} FROM (SELECT f, ${values.join(', ')} FROM (${inner}))`
}

function literal(text: string): string {
  if (!text.includes('\0')) return `'${text.replaceAll("'", "''")}'`
  throw new GatewayError('invalid_parameter_value', 'a NUL character cannot be part of this')
}
