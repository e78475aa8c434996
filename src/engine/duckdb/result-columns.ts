/** The columns of a result, in its own words and ours. */
import { GatewayError } from '../../base/gateway-error.ts'
import type { ColumnField, Schema } from '../../columnar/column-type.ts'
import { takeColumnType } from './logical-type.ts'
import { duckdb } from './native/library.ts'
import type { Address } from './native/library.ts'
import { holdsOther, textInstead } from './text-casts.ts'
import { typeName } from './type-name.ts'

/**
 * The result's own columns, with the announced type where the statement casts a column to text.
 *
 * @throws GatewayError `feature_not_supported` for a type that can be read as text only, in a
 *         statement that could not be made to cast it.
 */
export function resultColumns(result: Address, announced: Schema): Schema {
  const count = Number(duckdb.columnCount(result))
  return Array.from({ length: count }, (_, index) => {
    const column = resultColumn(result, index)
    const before = announced[index]
    if (before !== undefined && isTextOf(column, before)) return before
    if (!holdsOther(column.type)) return column
    throw new GatewayError(
      'feature_not_supported',
      `column "${column.name}" has the type ${typeName(column.type)}, which this statement cannot give`,
      { hint: 'Cast the column to VARCHAR, or read it with SELECT.' },
    )
  })
}

function resultColumn(result: Address, index: number): ColumnField {
  const type = takeColumnType(duckdb.columnLogicalType(result, index))
  if (type === undefined) throw new GatewayError('internal', 'a result without column types')
  return { name: duckdb.columnName(result, index), type }
}

function isTextOf(column: ColumnField, before: ColumnField): boolean {
  return holdsOther(before.type) && typeName(column.type) === textInstead(before.type)
}
