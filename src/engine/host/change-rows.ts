/** One change of our own tables, with texts and NULLs as its parameters. */
import type { DuckDbConnection } from '../duckdb/duckdb-connection.ts'

/** @throws GatewayError as the engine says; the transaction can only be rolled back then. */
export function changeRows(
  connection: DuckDbConnection,
  sql: string,
  parameters: readonly (string | undefined)[],
): void {
  const statement = connection.prepare(sql)
  try {
    statement.bind(
      parameters.map((value) => (value === undefined ? { kind: 'null' } : { kind: 'text', value })),
    )
    statement.start().close()
  } finally {
    statement.close()
  }
}
