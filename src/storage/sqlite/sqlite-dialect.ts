/** Kysely over the SQLite thread: its compiler and adapter, our connection. */
import { SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely'
import type {
  CompiledQuery,
  DatabaseConnection,
  Dialect,
  Driver,
  Kysely,
  QueryResult,
} from 'kysely'
import type { SqliteThread } from './sqlite-thread.ts'
import type { SqliteValue } from './sqlite-messages.ts'

export class SqliteThreadDialect implements Dialect {
  readonly #thread: SqliteThread

  constructor(thread: SqliteThread) {
    this.#thread = thread
  }

  createDriver(): Driver {
    return new SqliteThreadDriver(this.#thread)
  }

  createAdapter(): SqliteAdapter {
    return new SqliteAdapter()
  }

  createQueryCompiler(): SqliteQueryCompiler {
    return new SqliteQueryCompiler()
  }

  createIntrospector(db: Kysely<unknown>): SqliteIntrospector {
    return new SqliteIntrospector(db)
  }
}

/** The adapter says "one connection", so Kysely hands it to one user after the other. */
class SqliteThreadDriver implements Driver {
  readonly #thread: SqliteThread
  readonly #connection: DatabaseConnection

  constructor(thread: SqliteThread) {
    this.#thread = thread
    this.#connection = new SqliteThreadConnection(thread)
  }

  init(): Promise<void> {
    return Promise.resolve()
  }

  acquireConnection(): Promise<DatabaseConnection> {
    return Promise.resolve(this.#connection)
  }

  async beginTransaction(): Promise<void> {
    await this.#thread.query('BEGIN IMMEDIATE')
  }

  async commitTransaction(): Promise<void> {
    await this.#thread.query('COMMIT')
  }

  rollbackTransaction(): Promise<void> {
    return this.#thread.rollback()
  }

  releaseConnection(): Promise<void> {
    return Promise.resolve()
  }

  destroy(): Promise<void> {
    return this.#thread.close()
  }
}

class SqliteThreadConnection implements DatabaseConnection {
  readonly #thread: SqliteThread

  constructor(thread: SqliteThread) {
    this.#thread = thread
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const answer = await this.#thread.query(query.sql, query.parameters as readonly SqliteValue[])
    return { rows: answer.rows as R[], numAffectedRows: BigInt(answer.changes) }
  }

  /** Metadata is small: nothing here is read row by row. */
  async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    yield await this.executeQuery<R>(query)
  }
}
