/**
 * What a front door asks of the gateway: one `Executor` per session.
 *
 * A door reads its protocol, calls these, and writes the answers in its protocol. It sees no
 * engine, no permit and no policy.
 */
import type { ParameterValue } from '../columnar/parameter-value.ts'
import type { ResultFormat } from '../columnar/result-format.ts'
import type { ColumnField, Schema } from '../columnar/column-type.ts'
import type { Session } from '../session/session.ts'
import type {
  CopyInStatement,
  ExecuteStatement,
  PrepareStatement,
  Statement,
  StatementPlace,
} from '../sql/statement.ts'

export interface Executor {
  readonly session: Session

  /**
   * Splits a text into statements and classifies them. Nothing is authorized yet.
   * @throws GatewayError `syntax_error` or a limit, with the position in `text`.
   */
  read(text: string): Statement[]

  /**
   * The shape of a statement, without running it. `parameterTypes`: engine type names that the
   * client declared, by number from 1; undefined where it left them open. `queryId`: as in
   * `StatementOptions`; a refusal is on record with it.
   */
  describe(
    statement: Statement,
    parameterTypes: readonly (string | undefined)[],
    queryId?: number,
  ): Promise<PreparedShape>

  /**
   * Starts a statement: authorize, admit, run. Writes outside an explicit transaction open an
   * implicit one that `endImplicitTransaction` ends.
   */
  run(
    statement: Statement,
    options: StatementOptions,
    signal: AbortSignal,
  ): Promise<RunningStatement>

  /**
   * Starts COPY … FROM STDIN as `run` starts others: when it resolves, the rows may come.
   * @throws GatewayError when it may not run, or fails at once.
   */
  copyIn(statement: StatementPlace & CopyInStatement, signal: AbortSignal): Promise<RunningCopyIn>

  /**
   * PREPARE, but for keeping it: the shape of what is prepared, which may be run by its name then.
   * `parameterTypes` as `describe`. @throws GatewayError as `run`.
   */
  prepare(
    prepare: StatementPlace & PrepareStatement,
    parameterTypes: readonly (string | undefined)[],
  ): Promise<PreparedShape>

  /**
   * Starts computing arguments of EXECUTE: gives one row, of those that have a type.
   *
   * @param types Engine type names of what the arguments become; undefined where the value is known.
   * @throws GatewayError as `run`.
   */
  evaluate(
    execute: StatementPlace & ExecuteStatement,
    types: readonly (string | undefined)[],
    format: ResultFormat,
    signal: AbortSignal,
  ): Promise<RunningStatement>

  /**
   * Commits the implicit transaction of a query string or a pipeline (`failed`: rolls it back).
   * Does nothing when there is none, or inside an explicit one. A statement that failed makes an
   * explicit transaction `failed_transaction`; the executor does that itself.
   */
  endImplicitTransaction(outcome: 'succeeded' | 'failed'): Promise<void>

  /** Ends the session: portals, transaction, audit record. Never throws. */
  close(reason: string): Promise<void>
}

/** A session whose statements may run at the same time, each in a lane. */
export interface ParallelSession {
  readonly session: Session
  /** The lane that the session was opened with. */
  readonly firstLane: Executor
  /**
   * Another executor of the session, with a transaction of its own. It serves one statement at a
   * time until that has started; rows that are still to come may be left for later.
   */
  openLane(): Promise<Executor>
  /** Ends the session with all lanes, as `Executor.close`. */
  close(reason: string): Promise<void>
}

export interface PreparedShape {
  /** Engine type names, one per parameter, none open any more (VARCHAR where nothing is known). */
  readonly parameterTypes: readonly string[]
  /** Undefined for a statement that returns no rows. */
  readonly columns: Schema | undefined
}

export interface StatementOptions {
  readonly parameters: readonly ParameterValue[]
  /** As `PreparedShape.parameterTypes`; empty when there are no parameters. */
  readonly parameterTypes: readonly (string | undefined)[]
  readonly format: ResultFormat
  /** Its number in the session, where the door has told it already. */
  readonly queryId?: number
  /** Rows until the first suspension; 0 = all. */
  readonly rowsMax: number
  /** Told now and then how far a write is, from 0 to 100. */
  readonly onProgress?: ((percent: number) => void) | undefined
}

/** A statement under way. The door pulls; when it does not, the engine waits. */
export interface RunningStatement {
  /** Undefined for a statement that returns no rows. */
  readonly columns: Schema | undefined
  /** It changes nothing: no commit has to follow. */
  readonly isRead: boolean
  /**
   * @throws GatewayError when the statement failed, whatever was given before.
   */
  next(): Promise<StatementEvent>
  /** @throws GatewayError when a right that it needs is gone: for rows that a door held back. */
  recheck(): void
  /** After `suspended`: lets the next `rowsMax` rows come (0 = all). */
  resume(rowsMax: number): void
  /** Ends it early or after the end; records it in the audit. Never throws. */
  close(): Promise<void>
}

/** COPY … FROM STDIN under way. Ends with `end` or `fail`, whichever comes first; one is called. */
export interface RunningCopyIn {
  /** The table's name. */
  readonly table: string
  /** What each row has a value for, in order. */
  readonly columns: readonly CopyInColumn[]
  /** Aborts when it is to stop, for whatever reason. */
  readonly signal: AbortSignal
  /**
   * Takes rows; resolves when the next may come. @throws GatewayError what this batch or the one
   * before failed with.
   */
  add(batch: CopyInBatch): Promise<void>
  /** All rows are there. @throws GatewayError as `add`. */
  end(): Promise<{ readonly tag: string; readonly notices: readonly Notice[] }>
  /** Gives it up: on record, and nothing of it is left. @returns what the client is to be told. */
  fail(thrown: unknown): Promise<unknown>
}

export interface CopyInColumn extends ColumnField {
  readonly nullable: boolean
}

export interface CopyInBatch {
  /** Of each column all its values: texts in the engine's spelling, of a BLOB in base64. */
  readonly columns: readonly (readonly (string | null)[])[]
  readonly rows: number
  /** As the client sent them. */
  readonly bytes: number
  /** For an error that the engine finds in them: `COPY t, lines 1 to 100`. */
  readonly context: string
}

export type StatementEvent =
  | {
      readonly kind: 'frame'
      readonly bytes: Uint8Array
      readonly rows: number
      /** The memory behind `bytes` serves nothing else: it may be freed when they are sent. */
      readonly owned?: boolean
    }
  | { readonly kind: 'suspended' }
  /** `tag`: PostgreSQL's command tag, such as `SELECT 3`, `INSERT 0 1`, `CREATE TABLE`. */
  | { readonly kind: 'complete'; readonly tag: string; readonly notices: readonly Notice[] }

export interface Notice {
  readonly severity: 'NOTICE' | 'WARNING'
  readonly code: string
  readonly message: string
}
