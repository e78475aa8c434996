/** The columns of a result, in its own words and ours. */
import { GatewayError } from '../../base/gateway-error.ts'
import type { Schema } from '../../columnar/column-type.ts'
import { takeColumnType } from './logical-type.ts'
import { duckdb } from './native/library.ts'
import type { Address } from './native/library.ts'
import { holdsOther } from './text-casts.ts'

/** The result's own columns, with the announced type where a column is read as text. */
export function resultColumns(result: Address, announced: Schema): Schema {
  const count = Number(duckdb.columnCount(result))
  return Array.from({ length: count }, (_, index) => {
    const name = duckdb.columnName(result, index)
    const type = takeColumnType(duckdb.columnLogicalType(result, index))
    if (type === undefined) throw new GatewayError('internal', 'a result without column types')
    return { name, type }
  }).map((column, index) => {
    const before = announced[index]
    return before !== undefined && holdsOther(before.type) ? before : column
  })
}
