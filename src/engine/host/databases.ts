/**
 * The databases: a file each, attached under its name.
 *
 * The first one is `master.duckdb`. The file of every other one bears its id, and its name stands in
 * its registry: a name may hold what a file's must not.
 */
import { randomUUID } from 'node:crypto'
import { closeSync, fsyncSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { DuckDbConnection } from '../duckdb/duckdb-connection.ts'
import { isCopyFile } from './backup-steps.ts'
import { literal, quoteFullName, quoteName } from './quote-name.ts'
import {
  completeRegistry,
  createRegistry,
  FIRST_DATABASE,
  hasRegistry,
  register,
  registerDatabase,
  registeredName,
} from './registry.ts'
import type { NewDatabase } from '../engine.ts'
import type { DatabaseFile } from './task.ts'

const PUBLIC_SCHEMA = 'public'

/** What a file is attached under until its name is known. */
const UNNAMED = 'bluegate_unnamed'

/** What the name of a file begins with until it is whole. */
const UNFINISHED = 'new-'

const FILE = /^(?<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.duckdb(?<log>\.wal)?$/

/**
 * Attaches all, takes their write-ahead logs in, and makes the first one where it is missing.
 *
 * @param directory As a realpath.
 * @throws GatewayError as the engine says, `io_error` for a file that is no database.
 */
export function openDatabases(connection: DuckDbConnection, directory: string): DatabaseFile[] {
  removeLeftovers(directory)
  const first = fileOf(FIRST_DATABASE)
  attach(connection, join(directory, first), FIRST_DATABASE)
  if (hasRegistry(connection, FIRST_DATABASE)) completeRegistry(connection, FIRST_DATABASE)
  else fill(connection, FIRST_DATABASE, { name: FIRST_DATABASE, ...newIds() })
  const others = readdirSync(directory)
    .filter((file) => FILE.test(file) && !file.endsWith('.wal'))
    .map((file) => openNamed(connection, directory, file))
  return [{ name: FIRST_DATABASE, file: first }, ...others]
}

/**
 * Filled under another file name, and renamed when it is whole: a crash leaves all of it or nothing.
 *
 * @throws GatewayError as the engine says; nothing is left behind then.
 */
export function createDatabase(
  connection: DuckDbConnection,
  directory: string,
  made: NewDatabase,
): void {
  const unfinished = `${UNFINISHED}${fileOf(made.databaseId)}`
  const file = fileOf(made.databaseId)
  try {
    attach(connection, join(directory, unfinished), UNNAMED)
    fill(connection, UNNAMED, made)
    connection.execute(`CHECKPOINT ${UNNAMED}`)
    connection.execute(`DETACH ${UNNAMED}`)
    renameSync(join(directory, unfinished), join(directory, file))
    attach(connection, join(directory, file), made.name)
    flushDirectory(directory)
  } catch (error) {
    for (const sql of ['ROLLBACK', `DETACH DATABASE IF EXISTS ${UNNAMED}`]) {
      tryTo(() => connection.execute(sql))
    }
    for (const left of [unfinished, file]) removeFile(directory, left)
    throw error
  }
}

/**
 * What reads it at this moment reads on to its end: the engine keeps the file that has no name any
 * more until then.
 */
export function dropDatabase(
  connection: DuckDbConnection,
  directory: string,
  { name, file }: DatabaseFile,
): void {
  connection.execute(`DETACH ${quoteName(name)}`)
  removeFile(directory, file)
}

export function fileOf(idOrFirst: string): string {
  return `${idOrFirst}.duckdb`
}

function newIds(): Pick<NewDatabase, 'databaseId' | 'schemaId'> {
  return { databaseId: randomUUID(), schemaId: randomUUID() }
}

function openNamed(connection: DuckDbConnection, directory: string, file: string): DatabaseFile {
  const path = join(directory, file)
  attach(connection, path, UNNAMED)
  const name = registeredName(connection, UNNAMED)
  connection.execute(`DETACH ${UNNAMED}`)
  attach(connection, path, name)
  completeRegistry(connection, name)
  return { name, file }
}

function attach(connection: DuckDbConnection, path: string, name: string): void {
  connection.execute(`ATTACH ${literal(path)} AS ${quoteName(name)}`)
}

/** All that a new database has, in one transaction. */
function fill(
  connection: DuckDbConnection,
  attachedAs: string,
  { name, databaseId, schemaId }: NewDatabase,
): void {
  connection.execute('BEGIN TRANSACTION')
  createRegistry(connection, attachedAs)
  connection.execute(`CREATE SCHEMA ${quoteFullName(attachedAs, PUBLIC_SCHEMA)}`)
  registerDatabase(connection, attachedAs, { id: databaseId, name })
  register(connection, {
    database: attachedAs,
    registers: [{ id: schemaId, kind: 'schema', schema: PUBLIC_SCHEMA }],
  })
  connection.execute('COMMIT')
}

function tryTo(work: () => void): void {
  try {
    work()
  } catch {
    // there was nothing to be undone
  }
}

/** Of backups and changes during which the process was killed. */
function removeLeftovers(directory: string): void {
  const files = readdirSync(directory)
  for (const file of files) {
    const { id, log } = FILE.exec(file)?.groups ?? {}
    const isLoneLog = log === '.wal' && id !== undefined && !files.includes(fileOf(id))
    const isUnfinished = file.startsWith(UNFINISHED)
    if (isLoneLog || isUnfinished || isCopyFile(file)) rmSync(join(directory, file))
  }
}

/** A file that is new, or gone, is so after a crash of the machine too. */
function flushDirectory(directory: string): void {
  const opened = openSync(directory, 'r')
  try {
    fsyncSync(opened)
  } finally {
    closeSync(opened)
  }
}

/** The file first: a log without its file is a leftover, a file without its log has lost commits. */
function removeFile(directory: string, file: string): void {
  for (const suffix of ['', '.wal']) rmSync(join(directory, `${file}${suffix}`), { force: true })
  flushDirectory(directory)
}
