/**
 * Copying a database while it is in use: what a worker does for each step.
 *
 * The copy is a second file, attached beside the original on a connection of its own. One
 * transaction reads the original, so all of the copy is one state of it; writers go on meanwhile.
 * (The engine has no backup of its own, and its files change under a reader's hands.) The copy is
 * made with `COPY FROM DATABASE … (SCHEMA)`, which takes everything but rows, ids in our registry
 * being rows like others; then table by table. Each is compared with its original, and so are all
 * definitions: a thing that the engine would one day leave out fails the backup instead of being
 * missed in it.
 */
import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { present } from '../../base/assert.ts'
import { GatewayError } from '../../base/gateway-error.ts'
import type { DuckDbConnection } from '../duckdb/duckdb-connection.ts'
import { literal, quoteFullName, quoteName } from './quote-name.ts'
import { takeSnapshot } from './registry.ts'
import type { BackupTask, CopyOf, Outcomes, TableName } from './task.ts'

/** What the copy of one of the databases is attached as. No catalogue of ours lists it, so no client can name it. */
export function copyName(index: number): string {
  return `bluegate_backup_${index}`
}

const COPY_FILE = /^backup-[0-9a-f-]{36}\.duckdb(\.wal|\.tmp)?$/

/** Definitions that a copy must have as its original has them: everything but numbers and counts. */
const DEFINITIONS = {
  schemas: 'schema_name, comment',
  tables: 'schema_name, table_name, comment, sql',
  columns:
    'schema_name, table_name, column_name, column_index, column_default, is_nullable, data_type',
  constraints: 'schema_name, table_name, constraint_type, constraint_text, constraint_column_names',
  views: 'schema_name, view_name, comment, sql',
  indexes: 'schema_name, table_name, index_name, is_unique, is_primary, expressions',
  sequences: 'schema_name, sequence_name, min_value, max_value, increment_by, cycle',
  types: 'schema_name, type_name, logical_type, labels',
  functions: 'schema_name, function_name, parameters, macro_definition',
} as const

export function newCopyFile(directory: string): string {
  return join(directory, `backup-${randomUUID()}.duckdb`)
}

export function isCopyFile(name: string): boolean {
  return COPY_FILE.test(name)
}

/** @throws GatewayError as the engine says; `data_exception` when the copy is not as the original. */
export function performBackup(
  connection: DuckDbConnection,
  of: CopyOf,
  ask: BackupTask,
): Outcomes['backup'] {
  switch (ask.what) {
    case 'attach':
      connection.execute(`ATTACH ${literal(ask.file)} AS ${quoteName(of.copy)}`)
      return null
    case 'snapshot':
      return { tables: beginCopy(connection, of) }
    case 'copy':
      return { copiedRows: copyTable(connection, of, ask.table) }
    case 'commit':
      commit(connection, of)
      return null
    case 'checkpoint':
      return { checkpointed: checkpoint(connection, of) }
    case 'detach':
      detach(connection, of, ask.file)
      return null
  }
}

function beginCopy(connection: DuckDbConnection, { database }: CopyOf): TableName[] {
  connection.execute('BEGIN TRANSACTION')
  connection.execute(takeSnapshot([database]))
  return connection
    .rows(
      `SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = $1
       ORDER BY schema_name, table_name`,
      [database],
    )
    .map(([schema, name]) => ({
      schema: present(schema, 'a schema'),
      name: present(name, 'a table'),
    }))
}

function copyTable(
  connection: DuckDbConnection,
  { database, copy }: CopyOf,
  table: TableName,
): number {
  const [hasSchema] = connection.rows(`SELECT 1 FROM duckdb_tables() WHERE database_name = $1`, [
    copy,
  ])
  if (!hasSchema) {
    const [source, target] = [database, copy].map(quoteName)
    connection.execute(`COPY FROM DATABASE ${source} TO ${target} (SCHEMA)`)
  }
  const [from, to] = [database, copy].map((one) => quoteFullName(one, table.schema, table.name))
  const drawing = drawingDefaults(connection, copy, table)
  for (const { column } of drawing) {
    connection.execute(`ALTER TABLE ${to} ALTER ${column} DROP DEFAULT`)
  }
  connection.execute(`INSERT INTO ${to} BY NAME SELECT * FROM ${from}`)
  for (const { column, value } of drawing) {
    connection.execute(`ALTER TABLE ${to} ALTER ${column} SET DEFAULT (${value})`)
  }
  const [original, copied] = [from, to].map((name) =>
    connection.rows(`SELECT count(*), sum(hash(t)) FROM ${name} t`),
  )
  if (JSON.stringify(original) !== JSON.stringify(copied)) throw differs(`table ${table.name}`)
  return Number(present(copied?.[0]?.[0], 'a count'))
}

/**
 * A default that draws names its sequence with the database, so in the copy it means the original's:
 * with it an INSERT into the copy would write to both, which the engine forbids.
 */
function drawingDefaults(
  connection: DuckDbConnection,
  copy: string,
  { schema, name }: TableName,
): { readonly column: string; readonly value: string }[] {
  return connection
    .rows(
      `SELECT column_name, column_default FROM duckdb_columns()
       WHERE database_name = $1 AND schema_name = $2 AND table_name = $3
         AND contains(lower(column_default), 'nextval(')`,
      [copy, schema, name],
    )
    .map(([column, value]) => ({
      column: quoteName(present(column, 'a column')),
      value: present(value, 'a default'),
    }))
}

/** After this the copy is whole; a part of it may be in its log. */
function commit(connection: DuckDbConnection, { database, copy }: CopyOf): void {
  for (const [what, columns] of Object.entries(DEFINITIONS)) {
    const [original, copied] = [database, copy].map((one) =>
      connection.rows(
        `SELECT ${columns} FROM duckdb_${what}() WHERE database_name = $1 ORDER BY ALL`,
        [one],
      ),
    )
    if (JSON.stringify(original) !== JSON.stringify(copied)) throw differs(what)
  }
  connection.execute('COMMIT')
}

/**
 * Takes the log into the file. Others who look through all that is attached keep the engine from it
 * for as long as their transaction lasts.
 * @returns false when that is so: to be tried again.
 */
function checkpoint(connection: DuckDbConnection, { copy }: CopyOf): boolean {
  try {
    connection.execute(`CHECKPOINT ${quoteName(copy)}`)
  } catch (error) {
    if (error instanceof GatewayError && /other write transactions/.test(error.message))
      return false
    throw error
  }
  connection.execute(`DETACH ${quoteName(copy)}`) // its log is empty: nothing is written to the file any more
  return true
}

/** Wherever the backup stands, and also where it is finished. */
function detach(connection: DuckDbConnection, { copy }: CopyOf, file: string): void {
  for (const sql of ['ROLLBACK', `DETACH DATABASE IF EXISTS ${quoteName(copy)}`]) {
    try {
      connection.execute(sql)
    } catch {
      // there was no transaction
    }
  }
  for (const suffix of ['', '.wal', '.tmp']) rmSync(`${file}${suffix}`, { force: true })
}

function differs(what: string): GatewayError {
  return new GatewayError('data_exception', `the copy differs from the original: ${what}`, {
    hint: 'This is a flaw of the gateway: please report it. The databases are as they were.',
  })
}
