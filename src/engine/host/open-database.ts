/**
 * Opening the database: exactly once in the life of the process, before anything else runs.
 *
 * The instance itself is in memory and stays empty; the file is attached to it, so that more
 * databases can stand beside it later.
 */
import { randomUUID } from 'node:crypto'
import { mkdirSync, readdirSync, realpathSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { closeDatabase, openDatabase } from '../duckdb/duckdb-database.ts'
import { DuckDbConnection } from '../duckdb/duckdb-connection.ts'
import { creationSettings, lockDown } from '../duckdb/hardening.ts'
import type { OpenRequest } from '../wire/request.ts'
import { isCopyFile } from './backup-steps.ts'
import {
  COMPLETE_REGISTRY,
  CREATE_REGISTRY,
  DATABASE,
  OBJECTS,
  register,
  registerDatabase,
} from './registry.ts'

const PUBLIC_SCHEMA = 'public'

/** What the engine may put on disk of sorts and joins that outgrow its memory. */
const TEMPORARY_BYTES_MAX = 64 * 1024 ** 3

/**
 * Takes the write-ahead log in, and makes what a new database needs.
 *
 * @throws GatewayError as the engine says (`io_error` for a file that is no database, or that
 *         another process holds); nothing is left open.
 */
export function openMasterDatabase(request: OpenRequest): bigint {
  const databases = join(request.dataDirectory, 'databases')
  mkdirSync(databases, { recursive: true, mode: 0o700 })
  removeLeftCopies(databases)
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
      const file = join(realpathSync(databases), `${DATABASE}.duckdb`)
      connection.execute(`ATTACH ${literal(file)} AS ${DATABASE}`)
      makeIfNew(connection)
      const allowed = [realpathSync(databases), ...request.allowedDirectories]
      lockDown(connection, { allowedDirectories: allowed })
    } finally {
      connection.close()
    }
  } catch (error) {
    closeDatabase(database)
    throw error
  }
  return database
}

/** As a realpath: SQL may use files below it. */
export function databasesDirectory({ dataDirectory }: Pick<OpenRequest, 'dataDirectory'>): string {
  return realpathSync(join(dataDirectory, 'databases'))
}

/** Where results are put aside. Apart from the engine's own: statements can read files in that. */
export function spoolDirectory({ tempDirectory }: Pick<OpenRequest, 'tempDirectory'>): string {
  return join(tempDirectory, 'spool')
}

/** Of a backup during which the process was killed. */
function removeLeftCopies(databases: string): void {
  for (const name of readdirSync(databases).filter(isCopyFile)) rmSync(join(databases, name))
}

function makeIfNew(connection: DuckDbConnection): void {
  const found = connection.rows(
    `SELECT 1 FROM duckdb_tables() WHERE database_name || '.' || schema_name || '.' || table_name = $1`,
    [OBJECTS],
  )
  if (found.length > 0) {
    for (const statement of COMPLETE_REGISTRY) connection.execute(statement)
    return
  }
  connection.execute('BEGIN TRANSACTION')
  for (const statement of CREATE_REGISTRY) connection.execute(statement)
  connection.execute(`CREATE SCHEMA ${DATABASE}.${PUBLIC_SCHEMA}`)
  registerDatabase(connection, randomUUID())
  register(connection, [{ id: randomUUID(), kind: 'schema', schema: PUBLIC_SCHEMA }])
  connection.execute('COMMIT')
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
