/** The settings of one session (PostgreSQL's GUCs): SET, SHOW, RESET, and what they change. */
import type { TextSettings } from '../columnar/result-format.ts'

export interface SessionSettings {
  /** How values look as text now. */
  readonly text: TextSettings
  /** Schemas in which one-part names are looked up, in order. Never empty. */
  readonly searchPath: readonly string[]
  /** 0 = none. */
  readonly statementTimeoutMs: number
  readonly idleInTransactionTimeoutMs: number
  readonly applicationName: string
  readonly defaultIsolation: 'read committed' | 'repeatable read' | 'serializable'
  readonly defaultReadOnly: boolean
  /** Names without a database are looked up there. Whether it is there is known elsewhere. */
  readonly database: string
  /** In lower case; empty: the default one. Whether it is there is known elsewhere. */
  readonly pool: string
  readonly dialect: 'blue' | 'postgres' | 'duckdb'

  /**
   * What RESET goes back to. A search path that the client asked for at start-up stays. Before the
   * first statement only.
   */
  startIn(database: string, schema?: string): void
  /** USE: names without a schema are looked up in this one from now on; undone with a transaction. */
  use(database: string, schema: string): void
  /** @throws GatewayError `invalid_parameter_value`, `undefined_object`, `insufficient_privilege`. */
  set(
    name: string,
    values: readonly string[] | undefined,
    scope: 'session' | 'local',
  ): SettingOutcome
  /** @throws GatewayError `undefined_object` for a name that nobody knows. */
  show(name: string): { readonly columnName: string; readonly value: string }
  showAll(): readonly {
    readonly name: string
    readonly value: string
    /** What a session has that asks for nothing else. */
    readonly default: string
    readonly description: string
  }[]
  reset(name: string): void
  resetAll(): void
  /**
   * SET LOCAL ends with the transaction; a rolled-back SET is undone. `modes` are what SHOW
   * transaction_isolation and transaction_read_only tell until then; called again inside the
   * transaction, they are changed.
   */
  beginTransaction(modes?: TransactionModesNow): void
  endTransaction(outcome: 'committed' | 'rolled_back'): void
  /** Parameters whose change must be told to a PostgreSQL client, with their present values. */
  reported(): ReadonlyMap<string, string>
}

export interface TransactionModesNow {
  readonly isolation?: 'read committed' | 'repeatable read' | 'serializable'
  readonly readOnly?: boolean
}

export interface SettingOutcome {
  /** A text for a NOTICE, when the setting was accepted without effect. */
  readonly notice?: string
}
