/** What the suites ask of every stock client, whatever language it is written in. */
import type { Field } from './line-format.ts'

export interface ClientConnection {
  /** The client's operating-system process, for its memory. */
  readonly pid: number

  /** Parameters are `$1`, `$2` … in the text. @throws ClientError as the client saw it. */
  query(sql: string, parameters?: readonly Field[]): Promise<QueryResult>

  /** Starts and ends a transaction by the client's own means (autocommit off, then commit). */
  begin(): Promise<void>
  commit(): Promise<void>
  rollback(): Promise<void>

  /** Runs `sql` and cancels it, `afterMs` later, by the client's own means. */
  queryThenCancel(sql: string, afterMs: number): Promise<QueryResult>

  /** Reads a whole result in pages and keeps none of it. */
  page(sql: string, fetchSize: number): Promise<PageTotals>

  /** What COPY … TO STDOUT sends. node-postgres cannot. */
  copyOut(sql: string): Promise<Buffer>

  /** COPY … FROM STDIN by the client's own means. psql does it in a session of its own. */
  copyIn(sql: string, data: Buffer): Promise<void>

  /** Three calls for a result that is read a bit at a time, other statements between. */
  openPortal(name: string, sql: string, fetchSize: number): Promise<void>
  fetch(name: string, rows: number): Promise<Field[][]>
  closePortal(name: string): Promise<void>

  /** Asks the driver itself what the columns of an open portal are called and typed. */
  describePortal(name: string): Promise<Field[][]>

  close(): Promise<void>
}

export interface QueryResult {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly Field[])[]
}

export interface PageTotals {
  readonly rows: number
  /** Of the first column, whose values are integers. */
  readonly sum: bigint
}

export interface ConnectOptions {
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string
  readonly password: string
  readonly sslMode: 'disable' | 'require' | 'verify-full'
  readonly caFile: string
  /** Results in the binary format, where the client can ask for it. */
  readonly binary?: boolean
}

/** A failure as the client reported it. `sqlState` is absent where the client shows only text. */
export class ClientError extends Error {
  override readonly name = 'ClientError'
  readonly sqlState: string | undefined
  /** 1-based, in characters of the text that was sent. */
  readonly position: number | undefined
  readonly hint: string | undefined
  readonly detail: string | undefined

  constructor(
    message: string,
    parts: {
      readonly sqlState?: string | undefined
      readonly position?: number | undefined
      readonly hint?: string | undefined
      readonly detail?: string | undefined
    } = {},
  ) {
    super(message)
    this.sqlState = parts.sqlState
    this.position = parts.position
    this.hint = parts.hint
    this.detail = parts.detail
  }
}

/** The failure of a promise that must fail. */
export async function failureOf(promise: Promise<unknown>): Promise<ClientError> {
  try {
    await promise
  } catch (error) {
    if (error instanceof ClientError) return error
    throw error
  }
  throw new Error('this was expected to fail, and did not')
}
