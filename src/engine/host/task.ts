/**
 * What the main thread gives a worker to do, and what comes back. One task at a time in a worker,
 * done with plain synchronous calls.
 *
 * Native handles travel as addresses: they are good in every thread of the process. Which thread may
 * use one, and when, is decided on the main thread alone: a connection works on one task at a time.
 */
import type { Brand } from '../../base/brand.ts'
import type { ErrorRecord } from '../../base/gateway-error.ts'
import type { NewDatabase } from '../engine.ts'
import type { ResultFormat } from '../../columnar/result-format.ts'
import type { Schema } from '../../columnar/column-type.ts'
import type {
  OpenRequest,
  WireAction,
  WireDefinitions,
  WireFileColumn,
  WireFiles,
  WireFileSource,
  WireStub,
} from '../wire/request.ts'
import type { WireParameter } from '../wire/wire-parameter.ts'
import type { QuestionTurn } from './question-turn.ts'
import type { PreparedLists } from './catalog-lists.ts'
import type { PreparedQuestions } from './questions.ts'

export type Task =
  | ({ readonly kind: 'open' } & OpenRequest)
  | ({ readonly kind: 'run' } & RunTask)
  /** Goes on with a `run` that is not done. */
  | ({ readonly kind: 'proceed'; readonly pending: bigint } & ResultTask)
  | ({ readonly kind: 'describe' } & StatementTask)
  | ({ readonly kind: 'fetch' } & StreamTask)
  | ({ readonly kind: 'spool' } & StreamTask & {
        readonly directory: string
        readonly bytesMax: number
      })
  | { readonly kind: 'readSpool'; readonly spool: Spool; readonly record: number }
  | {
      readonly kind: 'introspect'
      readonly connection: bigint | undefined
      readonly ask: Introspect
    }
  /** ROLLBACK always ends in no transaction; a COMMIT that fails, too. */
  | {
      readonly kind: 'execute'
      readonly connection: bigint
      readonly statement: 'COMMIT' | 'ROLLBACK' | 'SELECT 1'
    }
  | {
      readonly kind: 'definitions'
      readonly connection: bigint | undefined
      readonly databases: readonly string[]
      /** Names of databases that others write. */
      readonly attached: readonly string[]
      /** Whether the connection has temporary tables. */
      readonly temporary: boolean
      /** Whether it has a transaction, whose view of the definitions is wanted. */
      readonly inTransaction: boolean
    }
  | { readonly kind: 'createDatabase'; readonly directory: string; readonly made: NewDatabase }
  | { readonly kind: 'dropDatabase'; readonly directory: string; readonly dropped: DatabaseFile }
  | {
      readonly kind: 'backup'
      readonly connection: bigint
      readonly of: CopyOf
      readonly ask: BackupTask
    }
  | ({ readonly kind: 'release' } & Garbage)
  /** Checkpoints and closes; `connections`: all that are left, the workers' own. */
  | {
      readonly kind: 'shutDown'
      readonly database: bigint
      readonly databases: readonly string[]
      readonly connections: readonly OwnConnection[]
    }

export type Introspect =
  | { readonly what: 'parse'; readonly text: string }
  | {
      readonly what: 'regenerate'
      readonly run: string
      /** Where it is not `run`. */
      readonly check: string | undefined
      readonly stubs: readonly WireStub[]
      readonly parts: readonly string[]
    }
  | { readonly what: 'deparse'; readonly trees: readonly string[] }
  | { readonly what: 'plan'; readonly text: string; readonly stubs: readonly WireStub[] }
  | { readonly what: 'inspect'; readonly source: WireFileSource }

export interface DatabaseFile {
  readonly name: string
  /** Without its directory. */
  readonly file: string
}

/** A step of a backup (`backup-steps.ts`). `file`: of the copy. */
export type BackupTask =
  | { readonly what: 'attach' | 'detach'; readonly file: string }
  | { readonly what: 'snapshot' | 'commit' | 'checkpoint' }
  | { readonly what: 'copy'; readonly table: TableName }

/** Names that are attached: of a database, and of its copy. */
export interface CopyOf {
  readonly database: string
  readonly copy: string
}

export interface TableName {
  readonly schema: string
  readonly name: string
}

/** A result format as JSON: a text crosses threads at a fraction of an object's cost. */
export type FormatKey = Brand<string, 'FormatKey'>

export function formatKey(format: ResultFormat): FormatKey {
  return JSON.stringify(format) as FormatKey
}

/** A prepared statement. The number is never used twice, an address is. */
export interface StatementHandle {
  readonly number: number
  readonly address: bigint
  readonly columns: Schema
}

export interface StatementTask {
  readonly connection: bigint
  readonly text: string
  /** To be reused, or the number for a new one. */
  readonly prepared: StatementHandle | undefined
  readonly number: number
  /** Of the foreign tables in it, to be found anew: it is not prepared then. */
  readonly files: readonly WireFiles[]
}

/** What is needed from the moment on when a statement is bound. */
export interface ResultTask extends StatementTask {
  readonly action: WireAction
  readonly format: FormatKey
  readonly portal: number
}

export interface RunTask extends ResultTask {
  /** Of our own, before the statement: BEGIN. */
  readonly before: readonly string[]
  readonly parameters: readonly WireParameter[]
}

export interface StreamTask {
  readonly portal: number
  readonly result: bigint
  readonly columns: Schema
  readonly format: FormatKey
}

/** Some whole rows, encoded. */
export interface Rows {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly rows: number
}

/** How far a stream is. An ended one is closed already. */
export interface Stream {
  readonly rows: readonly Rows[]
  readonly ended: boolean
  /** The rest of a chunk too large for one answer waits in this very worker. */
  readonly pinned: boolean
}

/** A statement that took longer than its slice to its first rows, and is to proceed. */
export interface Unfinished {
  readonly statement: StatementHandle
  readonly pending: bigint
}

export interface RunOutcome extends Stream {
  /** Absent where the task had it, as most have: an object less to take from thread to thread. */
  readonly statement: StatementHandle | undefined
  /** Absent where they are the statement's. */
  readonly columns: Schema | undefined
  /** Absent when the stream ended. */
  readonly result: bigint | undefined
  /** Rows changed by a write. */
  readonly count: number | undefined
}

/** Rows put aside in a file, open in this process. The key is nowhere else. */
export interface Spool {
  readonly path: string
  readonly file: number
  readonly key: Uint8Array
  readonly records: readonly SpoolRecord[]
}

export interface SpoolRecord {
  readonly offset: number
  readonly bytes: number
  readonly rows: number
}

/** Handles that nobody needs any more. */
export interface Garbage {
  readonly results: readonly { readonly portal: number; readonly result: bigint }[]
  readonly statements: readonly StatementHandle[]
  readonly connections: readonly bigint[]
}

export interface Outcomes {
  open: { readonly database: bigint; readonly databases: readonly DatabaseFile[] }
  run: RunOutcome | Unfinished
  proceed: RunOutcome | Unfinished
  describe: {
    readonly statement: StatementHandle
    readonly parameterTypes: readonly (string | null)[]
    readonly columns: Schema
  }
  fetch: Stream
  spool: { readonly rows: readonly Rows[]; readonly spool: Spool | undefined }
  readSpool: Rows
  introspect:
    | { readonly tree: string }
    | {
        readonly text: string
        readonly plan: string
        readonly tree: string
        readonly parts: readonly string[]
      }
    | { readonly texts: readonly string[] }
    | { readonly plan: string }
    | { readonly columns: readonly WireFileColumn[] }
  execute: null
  definitions: Omit<WireDefinitions, 'catalogVersion'>
  createDatabase: null
  dropDatabase: null
  backup:
    | { readonly tables: readonly TableName[] }
    | { readonly copiedRows: number }
    | { readonly checkpointed: boolean }
    | null
  release: null
  shutDown: null
}

export type TaskKind = Task['kind']
export type Outcome = Outcomes[TaskKind]
export type TaskOf<K extends TaskKind> = Extract<Task, { readonly kind: K }>

/** A connection of a worker's own, for what belongs to no session. */
export interface OwnConnection {
  readonly address: bigint
  readonly questions: PreparedQuestions
  readonly lists: PreparedLists
}

/** From the main thread to a worker. */
export type WorkerMessage =
  /** `binds`: the worker leaves the bind lock, once. */
  | { readonly task: Task; readonly binds: boolean }
  /** Before any other task than the one that opens. */
  | { readonly connection: OwnConnection }

/** From a worker to the main thread: once, that it is up; then one for each task. */
export type WorkerReport = 'up' | Report

export type Report = TaskResult & {
  /** What the worker's own thread spent on it. */
  readonly cpuMs: number
}

export type TaskResult =
  | { readonly outcome: Outcome }
  | {
      readonly error: ErrorRecord
      /** The database is of no use any more. */
      readonly fatal: boolean
      /** Of an internal error, for the log. */
      readonly cause?: string
    }

/** What a worker is started with. */
export interface WorkerStart {
  readonly binding: Int32Array<SharedArrayBuffer>
}

/** What the thread of the gate's questions is started with. */
export interface QuestionThreadStart {
  readonly turn: QuestionTurn
}
