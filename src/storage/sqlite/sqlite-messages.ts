/** What the gateway's thread and the SQLite thread say to each other. One answer to each request. */
export type SqliteValue = string | number | null | Uint8Array

export type SqliteRow = Readonly<Record<string, SqliteValue>>

export type SqliteRequest =
  | {
      readonly id: number
      readonly kind: 'query'
      readonly sql: string
      readonly parameters: readonly SqliteValue[]
    }
  /** Several statements, without parameters and without an answer. */
  | { readonly id: number; readonly kind: 'script'; readonly sql: string }
  /** Does nothing where SQLite has rolled back by itself. */
  | { readonly id: number; readonly kind: 'rollback' }
  | { readonly id: number; readonly kind: 'close' }

export type SqliteReply =
  | { readonly id: number; readonly rows: readonly SqliteRow[]; readonly changes: number }
  | { readonly id: number; readonly failure: SqliteFailure }

/** `code`: SQLite's extended result code; undefined when the failure is not SQLite's. */
export interface SqliteFailure {
  readonly message: string
  readonly code: number | undefined
}

/** The id of the answer to the opening itself. */
export const OPENING = 0
