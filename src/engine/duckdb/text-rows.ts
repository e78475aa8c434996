/** Whole small results as text, for the host's own reads. */
import type { ColumnVector } from '../../columnar/column-batch.ts'
import { isNull } from '../../columnar/column-batch.ts'
import { present } from '../../base/assert.ts'
import { prepareAsIs } from './duckdb-statement.ts'
import type { DuckDbStatement } from './duckdb-statement.ts'
import type { Address } from './native/library.ts'
import { castToText } from './text-casts.ts'

export function readTextRows(
  connection: Address,
  sql: string,
  parameters: readonly string[],
): (string | null)[][] {
  const statement = prepareAsText(connection, sql)
  try {
    return textRows(statement, parameters)
  } finally {
    statement.close()
  }
}

/** All rows of a prepared statement whose columns are texts. Parameters are bound as text. */
export function textRows(
  statement: DuckDbStatement,
  parameters: readonly string[],
): (string | null)[][] {
  statement.bind(parameters.map((value) => ({ kind: 'text', value })))
  const result = statement.start()
  try {
    const rows: (string | null)[][] = []
    for (let batch = result.next(); batch !== undefined; batch = result.next()) {
      for (let row = 0; row < batch.rowCount; row += 1) {
        rows.push(batch.columns.map((column) => textAt(column, row)))
      }
    }
    return rows
  } finally {
    result.close()
  }
}

function prepareAsText(connection: Address, sql: string): DuckDbStatement {
  const statement = prepareAsIs(connection, sql)
  if (statement.columns.every(({ type }) => type.kind === 'varchar' || type.kind === 'json')) {
    return statement
  }
  statement.close()
  return prepareAsIs(connection, castToText(sql, statement.columns))
}

function textAt(column: ColumnVector, row: number): string | null {
  if (isNull(column, row)) return null
  const offsets = present(column.offsets, 'offsets of a text column')
  const bytes = present(column.bytes, 'bytes of a text column')
  return decoder.decode(bytes.subarray(offsets[row], offsets[row + 1]))
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
