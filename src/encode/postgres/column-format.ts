/** Which format a column of a result really has: what RowDescription must announce. */
import { GatewayError } from '../../base/gateway-error.ts'
import { present } from '../../base/assert.ts'
import type { Schema } from '../../columnar/column-type.ts'
import type { ColumnFormat } from '../../columnar/result-format.ts'
import { pgTypeOf } from '../../columnar/pg-type.ts'

/**
 * What was asked for the column, or text where its type has no binary form.
 *
 * @param asked One a column, one for all, or none: all text.
 * @throws GatewayError `protocol_violation` when there are several and not one a column.
 */
export function columnFormat(
  schema: Schema,
  asked: readonly ColumnFormat[],
  index: number,
): ColumnFormat {
  if (asked.length > 1 && asked.length !== schema.length) {
    throw new GatewayError(
      'protocol_violation',
      `${asked.length} result formats for ${schema.length} columns`,
    )
  }
  const format = asked.length === 1 ? asked[0] : asked[index]
  if (format !== 'binary') return 'text'
  return pgTypeOf(present(schema[index], 'column').type).binary ? 'binary' : 'text'
}
