/** The columns of a load: which fields of the file, under which names, as which types. */
import { GatewayError } from '../base/gateway-error.ts'
import type { ColumnEntry } from '../catalog/catalog-snapshot.ts'
import type { ColumnType } from '../columnar/column-type.ts'
import { parseTypeName, typeName } from '../columnar/parse-type-name.ts'
import type { LoadColumn, LoadFile } from '../sql/load-statement.ts'
import { conversionBetween, conversionFromText } from './load-conversion.ts'
import type { Conversion } from './load-conversion.ts'
import { isLoadable, loadableType } from './loadable-type.ts'
import { checkLoadName } from './load-name.ts'
import { quoteName } from './quote-name.ts'
import { notSupported } from './refusals.ts'

/** Columns of one table, as in CREATE TABLE. */
const COLUMNS_MAX = 1_600

export interface CheckedColumn {
  readonly from: string
  readonly name: string
  readonly type: ColumnType
  readonly conversion: Conversion
  readonly required: boolean
}

/**
 * @param existing Of the table that rows are added to, one for each of `columns`; undefined: a new one.
 * @throws GatewayError that names the column; nothing is left behind.
 */
export function checkLoadColumns(
  file: LoadFile,
  columns: readonly LoadColumn[],
  existing: readonly ColumnEntry[] | undefined,
): CheckedColumn[] {
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
    if (!entry) checkLoadName(name, 'column')
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
