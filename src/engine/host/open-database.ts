/**
 * Opening the engine: exactly once in the life of the process, before anything else runs.
 *
 * The instance itself is in memory and stays empty; the databases are attached to it.
 */
import { mkdirSync, realpathSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { closeDatabase, openDatabase } from '../duckdb/duckdb-database.ts'
import { DuckDbConnection } from '../duckdb/duckdb-connection.ts'
import { creationSettings, lockDown, setTimeZone } from '../duckdb/hardening.ts'
import type { OpenRequest } from '../wire/request.ts'
import { attachFiles } from './attached-files.ts'
import { openDatabases } from './databases.ts'
import type { Outcomes } from './task.ts'

/** What the engine may put on disk of sorts and joins that outgrow its memory. */
const TEMPORARY_BYTES_MAX = 64 * 1024 ** 3

/**
 * @throws GatewayError as the engine says (`io_error` for a file that is no database, or that
 *         another process holds); nothing is left open.
 */
export function openEngine(request: OpenRequest): Outcomes['open'] {
  const databases = join(request.dataDirectory, 'databases')
  mkdirSync(databases, { recursive: true, mode: 0o700 })
  const engineTemp = join(request.tempDirectory, 'engine')
  mkdirSync(request.tempDirectory, { recursive: true, mode: 0o700 })
  for (const directory of [engineTemp, spoolDirectory(request)]) {
    rmSync(directory, { recursive: true, force: true })
    mkdirSync(directory, { mode: 0o700 })
  }

  const { memoryBytes, threads } = request.limits
  const settings = creationSettings({
    threads,
    memoryBytesMax: memoryBytes,
    temporaryDirectory: engineTemp,
    temporaryBytesMax: TEMPORARY_BYTES_MAX,
  })
  const database = openDatabase({ path: ':memory:', settings })
  try {
    const connection = DuckDbConnection.open(database)
    try {
      const directory = realpathSync(databases)
      setTimeZone(connection)
      const opened = openDatabases(connection, directory)
      attachFiles(connection, request.attached)
      const allowed = [directory, ...request.allowedDirectories]
      lockDown(connection, { allowedDirectories: allowed })
      return { database, databases: opened }
    } finally {
      connection.close()
    }
  } catch (error) {
    closeDatabase(database)
    throw error
  }
}

/** As a realpath: SQL may use files below it. */
export function databasesDirectory({ dataDirectory }: Pick<OpenRequest, 'dataDirectory'>): string {
  return realpathSync(join(dataDirectory, 'databases'))
}

/** Where results are put aside. Apart from the engine's own: statements can read files in that. */
export function spoolDirectory({ tempDirectory }: Pick<OpenRequest, 'tempDirectory'>): string {
  return join(tempDirectory, 'spool')
}
