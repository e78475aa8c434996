/**
 * What a front door asks of the gateway: one `Executor` per session.
 *
 * A door reads its protocol, calls these, and writes the answers in its protocol. It sees no
 * engine, no permit and no policy.
 */
import type { ParameterValue } from '../columnar/parameter-value.ts'
import type { ResultFormat } from '../columnar/result-format.ts'
import type { Schema } from '../columnar/column-type.ts'
import type { Session } from '../session/session.ts'
import type { Statement } from '../sql/statement.ts'

export interface Executor {
  readonly session: Session

  /**
   * Splits a text into statements and classifies them. Nothing is authorized yet.
   * @throws GatewayError `syntax_error` or a limit, with the position in `text`.
   */
  read(text: string): Statement[]

  /**
   * The shape of a statement, without running it. `parameterTypes`: engine type names that the
   * client declared, by number from 1; undefined where it left them open.
   */
  describe(
    statement: Statement,
    parameterTypes: readonly (string | undefined)[],
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
   * Commits the implicit transaction of a query string or a pipeline (`failed`: rolls it back).
   * Does nothing when there is none, or inside an explicit one. A statement that failed makes an
   * explicit transaction `failed_transaction`; the executor does that itself.
   */
  endImplicitTransaction(outcome: 'succeeded' | 'failed'): Promise<void>

  /** Ends the session: portals, transaction, audit record. Never throws. */
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
  /** Rows until the first suspension; 0 = all. */
  readonly rowsMax: number
  /** Told now and then how far a write is, from 0 to 100. */
  readonly onProgress?: ((percent: number) => void) | undefined
}

/** A statement under way. The door pulls; when it does not, the engine waits. */
export interface RunningStatement {
  /** Undefined for a statement that returns no rows. */
  readonly columns: Schema | undefined
  /**
   * @throws GatewayError when the statement failed, whatever was given before.
   */
  next(): Promise<StatementEvent>
  /** After `suspended`: lets the next `rowsMax` rows come (0 = all). */
  resume(rowsMax: number): void
  /** Ends it early or after the end; records it in the audit. Never throws. */
  close(): Promise<void>
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
