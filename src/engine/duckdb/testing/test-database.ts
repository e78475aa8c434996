/** For tests: a database in memory with one connection, closed by the caller. */
import { closeDatabase, openDatabase } from '../duckdb-database.ts'
import { DuckDbConnection } from '../duckdb-connection.ts'

export interface TestDatabase {
  readonly address: bigint
  readonly connection: DuckDbConnection
  close(): void
}

export function openTestDatabase(settings: Record<string, string> = {}): TestDatabase {
  const address = openDatabase({ path: ':memory:', settings: { threads: '2', ...settings } })
  const connection = DuckDbConnection.open(address)
  connection.execute("SET GLOBAL TimeZone = 'UTC'")
  return {
    address,
    connection,
    close() {
      connection.close()
      closeDatabase(address)
    },
  }
}

export function openTestConnection(database: bigint): DuckDbConnection {
  return DuckDbConnection.open(database)
}
