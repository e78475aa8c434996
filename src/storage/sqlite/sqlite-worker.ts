/**
 * The thread in which SQLite runs: one connection, one request at a time.
 *
 * `node:sqlite` is synchronous and every commit waits for the disk, so it must not run where the
 * sockets are served. A reply to COMMIT leaves only after the write-ahead log was flushed
 * (`synchronous=FULL`).
 */
import { DatabaseSync } from 'node:sqlite'
import type { SQLOutputValue, StatementSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import { assert, present } from '../../base/assert.ts'
import { OPENING } from './sqlite-messages.ts'
import type {
  SqliteFailure,
  SqliteReply,
  SqliteRequest,
  SqliteRow,
  SqliteValue,
} from './sqlite-messages.ts'

const STATEMENTS_KEPT_MAX = 200

const SETTINGS = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA fullfsync = ON;
  PRAGMA checkpoint_fullfsync = ON;
  PRAGMA trusted_schema = OFF;
  PRAGMA cell_size_check = ON;
`

const port = present(parentPort, 'this file is started as a worker')
const { file } = workerData as { file: string }
const statements = new Map<string, StatementSync>()

try {
  const database = new DatabaseSync(file, {
    enableForeignKeyConstraints: true,
    enableDoubleQuotedStringLiterals: false,
    allowExtension: false,
    defensive: true,
  })
  database.exec(SETTINGS)
  port.on('message', (request: SqliteRequest) => port.postMessage(answer(database, request)))
  port.postMessage({ id: OPENING, rows: [], changes: 0 } satisfies SqliteReply)
} catch (error) {
  port.postMessage({ id: OPENING, failure: failureOf(error) } satisfies SqliteReply)
}

function answer(database: DatabaseSync, request: SqliteRequest): SqliteReply {
  const { id } = request
  try {
    switch (request.kind) {
      case 'query':
        return { id, ...query(database, request.sql, request.parameters) }
      case 'script':
        database.exec(request.sql)
        break
      case 'rollback':
        if (database.isTransaction) database.exec('ROLLBACK')
        break
      case 'close':
        statements.clear()
        database.close()
        break
    }
    return { id, rows: [], changes: 0 }
  } catch (error) {
    return { id, failure: failureOf(error) }
  }
}

function query(
  database: DatabaseSync,
  sql: string,
  parameters: readonly SqliteValue[],
): { rows: SqliteRow[]; changes: number } {
  let statement = statements.get(sql)
  if (!statement) {
    if (statements.size >= STATEMENTS_KEPT_MAX) statements.clear()
    statements.set(sql, (statement = database.prepare(sql)))
  }
  if (statement.columns().length === 0) {
    return { rows: [], changes: Number(statement.run(...parameters).changes) }
  }
  return { rows: statement.all(...parameters).map(plainRow), changes: 0 }
}

/** Integers beyond 2^53 already made `all` throw; so none arrives as a bigint. */
function plainRow(row: Record<string, SQLOutputValue>): SqliteRow {
  for (const value of Object.values(row)) assert(typeof value !== 'bigint', 'numbers are exact')
  return { ...row } as SqliteRow
}

function failureOf(error: unknown): SqliteFailure {
  const { message } = error instanceof Error ? error : new Error(String(error))
  const code = error instanceof Error && 'errcode' in error ? error.errcode : undefined
  return { message, code: typeof code === 'number' ? code : undefined }
}
