/**
 * What a worker does, task by task: plain synchronous calls to the engine, one at a time.
 *
 * Nothing of a session is kept here, only wrappers of native handles that make the next task with
 * the same handle cheaper; they can be forgotten at any time.
 */
import { present } from '../../base/assert.ts'
import type { Schema } from '../../columnar/column-type.ts'
import { closeDatabase } from '../duckdb/duckdb-database.ts'
import { DuckDbConnection } from '../duckdb/duckdb-connection.ts'
import { DuckDbResult } from '../duckdb/duckdb-result.ts'
import { DuckDbStatement } from '../duckdb/duckdb-statement.ts'
import { PendingExecution } from '../duckdb/pending-execution.ts'
import { fromWireParameter } from '../wire/wire-parameter.ts'
import { performBackup } from './backup-steps.ts'
import { introspect } from './introspect.ts'
import { readOnce, readPrepared } from './catalog-lists.ts'
import type { ReadList } from './catalog-lists.ts'
import { createDatabase, dropDatabase } from './databases.ts'
import { withFiles } from './foreign-files.ts'
import { openEngine } from './open-database.ts'
import { OpenStream } from './open-stream.ts'
import { closeOwn } from './own-connection.ts'
import { RecentMap } from './recent-map.ts'
import { readDefinitions } from './read-definitions.ts'
import { askOnce, askPrepared } from './questions.ts'
import type { AskEngine } from './questions.ts'
import { quoteName } from './quote-name.ts'
import { record } from './registry.ts'
import { readSpool, SpoolWriter } from './spool.ts'
import type {
  Outcomes,
  OwnConnection,
  ResultTask,
  Rows,
  RunOutcome,
  RunTask,
  StatementHandle,
  StatementTask,
  Stream,
  StreamTask,
  Task,
  TaskOf,
  Unfinished,
} from './task.ts'

/** Wrappers kept. Those of streams have memory for a batch each. */
const STATEMENTS_MAX = 256
const STREAMS_MAX = 8

/**
 * A statement that has no rows after its first slice is a long one: it goes on in the lane for
 * those, slice by slice, and leaves the workers for small statements alone.
 */
const FIRST_SLICE_MS = 50
const SLICE_MS = 100

/** The rest of a result that is no longer than this stays in memory. */
const SPOOL_FROM_BYTES = 1024 * 1024

export class WorkerTasks {
  readonly #statements = new RecentMap<number, DuckDbStatement>(STATEMENTS_MAX)
  readonly #streams = new RecentMap<number, OpenStream>(STREAMS_MAX)
  /** Streams of which a part is here and nowhere else. */
  readonly #pinned = new Map<number, OpenStream>()
  /** For what belongs to no session. */
  #own: DuckDbConnection | undefined
  #ask: AskEngine | undefined
  #readList: ReadList | undefined

  useConnection({ address, questions, lists }: OwnConnection): void {
    this.#own = DuckDbConnection.at(address)
    this.#readList = readPrepared(lists)
    this.#ask = askPrepared(questions)
  }

  /**
   * @param bound To be called when names are bound, at the latest; the caller makes up for a task
   *              that fails before.
   * @throws GatewayError what the task fails with.
   */
  perform(task: Task, bound: () => void): Outcomes[Task['kind']] {
    switch (task.kind) {
      case 'open':
        return openEngine(task)
      case 'run':
        return this.#run(task, bound)
      case 'proceed':
        return this.#proceed(task)
      case 'describe':
        return this.#describe(task)
      case 'fetch':
        return this.#fetch(task)
      case 'spool':
        return this.#spool(task)
      case 'readSpool':
        return readSpool(task.spool, task.record)
      case 'introspect':
        return this.#introspect(task)
      case 'execute':
        return execute(DuckDbConnection.at(task.connection), task.statement)
      case 'definitions':
        return this.#definitions(task)
      case 'createDatabase':
        createDatabase(this.#connection(undefined), task.directory, task.made)
        return null
      case 'dropDatabase':
        dropDatabase(this.#connection(undefined), task.directory, task.dropped)
        return null
      case 'backup':
        return performBackup(DuckDbConnection.at(task.connection), task.of, task.ask)
      case 'release':
        return this.#release(task)
      case 'shutDown':
        return this.#shutDown(task)
    }
  }

  #run(task: RunTask, bound: () => void): RunOutcome | Unfinished {
    const connection = DuckDbConnection.at(task.connection)
    for (const statement of task.before) connection.execute(statement)
    return withFiles(connection, task.files, () => {
      const { statement, handle } = this.#prepare(connection, task)
      try {
        statement.bind(task.parameters.map(fromWireParameter))
        return this.#work(statement.begin(bound), FIRST_SLICE_MS, task, handle)
      } catch (error) {
        if (!task.prepared) this.#closeStatement(handle)
        throw error
      }
    })
  }

  #proceed(task: TaskOf<'proceed'>): RunOutcome | Unfinished {
    const { prepared, pending, text } = task
    const handle = present(prepared, 'a statement that runs was prepared')
    const execution = PendingExecution.at(pending, handle.columns, text)
    return this.#work(execution, SLICE_MS, task, handle)
  }

  #work(
    execution: PendingExecution,
    sliceMs: number,
    task: ResultTask,
    statement: StatementHandle,
  ): RunOutcome | Unfinished {
    if (!execution.work(sliceMs)) return { statement, pending: execution.address }
    const connection = DuckDbConnection.at(task.connection)
    const first = this.#firstRows(connection, execution.finish(), task, statement.columns)
    return { ...first, statement: task.prepared ? undefined : statement }
  }

  #firstRows(
    connection: DuckDbConnection,
    result: DuckDbResult,
    task: ResultTask,
    announced: Schema,
  ): Omit<RunOutcome, 'statement'> {
    const { action, format, portal } = task
    const isQuery = action.kind === 'read'
    try {
      const count = isQuery ? undefined : result.rowsChanged()
      if (isQuery || (action.kind === 'write' && count === undefined)) {
        const { columns } = result
        const stream = new OpenStream(result, columns, format)
        const first = this.#fill(portal, stream)
        return {
          ...first,
          columns: sameColumns(columns, announced) ? undefined : columns,
          result: first.ended ? undefined : result.address,
          count,
        }
      }
      result.close()
      if (action.kind === 'define') record(connection, action)
      return { rows: [], ended: true, pinned: false, columns: [], result: undefined, count }
    } catch (error) {
      result.close()
      throw error
    }
  }

  #describe(task: StatementTask): Outcomes['describe'] {
    const connection = DuckDbConnection.at(task.connection)
    const { statement, handle } = withFiles(connection, task.files, () =>
      this.#prepare(connection, task),
    )
    return {
      statement: handle,
      parameterTypes: statement.parameterTypeNames.map((name) => name ?? null),
      columns: statement.columns,
    }
  }

  #prepare(
    connection: DuckDbConnection,
    { text, prepared, number }: StatementTask,
  ): { statement: DuckDbStatement; handle: StatementHandle } {
    if (prepared) {
      const known = this.#statements.get(prepared.number)
      const statement = known ?? DuckDbStatement.at(prepared.address, prepared.columns, text)
      if (!known) this.#statements.set(prepared.number, statement)
      return { statement, handle: prepared }
    }
    const statement = connection.prepare(text)
    this.#statements.set(number, statement)
    const { address, columns } = statement
    return { statement, handle: { number, address, columns } }
  }

  #fetch(task: StreamTask): Stream {
    const stream = this.#open(task)
    try {
      return this.#fill(task.portal, stream)
    } catch (error) {
      stream.result.close()
      throw error
    }
  }

  /** Keeps what is short in memory, puts the rest into a sealed file. Closes the result. */
  #spool(task: TaskOf<'spool'>): Outcomes['spool'] {
    const stream = this.#open(task)
    const rows: Rows[] = []
    let bytes = 0
    let file: SpoolWriter | undefined
    try {
      for (;;) {
        const part = this.#fill(task.portal, stream)
        for (const one of part.rows) {
          bytes += one.bytes.length
          if (bytes > SPOOL_FROM_BYTES) file ??= new SpoolWriter(task.directory, task.bytesMax)
          if (file) file.write(one)
          else rows.push(one)
        }
        if (part.ended) return { rows, spool: file?.finish() }
      }
    } catch (error) {
      file?.discard()
      this.#forget(task.portal)
      stream.result.close()
      throw error
    }
  }

  #open({ portal, result, columns, format }: StreamTask): OpenStream {
    const known = this.#pinned.get(portal) ?? this.#streams.get(portal)
    return known ?? new OpenStream(DuckDbResult.at(result, columns), columns, format)
  }

  #fill(portal: number, stream: OpenStream): Stream {
    this.#forget(portal)
    const part = stream.fill()
    if (part.ended) stream.result.close()
    else if (part.pinned) this.#pinned.set(portal, stream)
    else this.#streams.set(portal, stream)
    return part
  }

  #forget(portal: number): void {
    this.#pinned.delete(portal)
    this.#streams.delete(portal)
  }

  #introspect({ connection: address, ask }: TaskOf<'introspect'>): Outcomes['introspect'] {
    const connection = this.#connection(address)
    const asking = address === undefined ? this.#ask : askOnce(connection)
    return introspect(connection, present(asking, 'a connection of the worker'), ask)
  }

  #definitions(task: TaskOf<'definitions'>): Outcomes['definitions'] {
    const connection = this.#connection(task.connection)
    const readList = task.connection === undefined ? this.#readList : readOnce(connection)
    const read = (): Outcomes['definitions'] =>
      readDefinitions(connection, present(readList, 'a connection of the worker'), task)
    if (task.inTransaction) return read()
    connection.execute('BEGIN TRANSACTION')
    try {
      return read()
    } finally {
      connection.execute('ROLLBACK')
    }
  }

  #release({ results, statements, connections }: TaskOf<'release'>): null {
    for (const { portal, result } of results) {
      this.#forget(portal)
      DuckDbResult.at(result, []).close()
    }
    for (const handle of statements) this.#closeStatement(handle)
    for (const address of connections) DuckDbConnection.at(address).close()
    return null
  }

  #closeStatement({ number, address, columns }: StatementHandle): void {
    const known = this.#statements.get(number)
    this.#statements.delete(number)
    const statement = known ?? DuckDbStatement.at(address, columns)
    statement.close()
  }

  /** The instance goes with its last connection. */
  #shutDown({ database, databases, connections }: TaskOf<'shutDown'>): null {
    for (const name of databases) {
      this.#connection(undefined).execute(`CHECKPOINT ${quoteName(name)}`)
    }
    for (const connection of connections) closeOwn(connection)
    closeDatabase(database)
    return null
  }

  #connection(address: bigint | undefined): DuckDbConnection {
    if (address !== undefined) return DuckDbConnection.at(address)
    return present(this.#own, 'a connection of the worker')
  }
}

function execute(connection: DuckDbConnection, statement: TaskOf<'execute'>['statement']): null {
  try {
    connection.execute(statement)
  } catch (error) {
    // where the engine has no transaction any more, a rollback has nothing left to do
    if (statement === 'ROLLBACK') return null
    if (statement === 'COMMIT') execute(connection, 'ROLLBACK')
    throw error
  }
  return null
}

/** Cheap where they are: names and plain kinds decide nearly always. */
function sameColumns(columns: Schema, announced: Schema): boolean {
  if (columns.length !== announced.length) return false
  return columns.every(({ name, type }, index) => {
    const other = announced[index]
    if (name !== other?.name || type.kind !== other.type.kind) return false
    return JSON.stringify(type) === JSON.stringify(other.type)
  })
}
