/** The messages of `blue.proto`, as they are decoded: every member is there, with its zero value. */

export interface BlueError {
  readonly code: number
  readonly message: string
}

/** Its presence alone makes a reply a failure: it is left out where all is well. */
export interface MayFail {
  readonly error?: BlueError
}

export const AUTHENTICATION_TYPE = { INTERNAL: 1, IDP: 2 } as const

export interface AuthRequest {
  readonly authType: number
  readonly user: string
  readonly password: string
  readonly accessToken: string
}

export interface AuthResponse extends MayFail {
  readonly token?: string
}

export const SOURCE_TYPE = { CLI: 3, JOBS: 4 } as const

export interface SessionRequest {
  readonly tenantId: string
  readonly database: string
  readonly sourceIp: string
  readonly clientInfo: { readonly version: string; readonly sourceType: number } | null
  readonly poolName: string
}

export interface SessionResponse extends MayFail {
  readonly contextId?: string
  readonly sqreamVersion?: string
}

export interface RefreshTokenRequest {
  readonly refreshToken: string
}

export interface RefreshTokenResponse extends MayFail {
  readonly accessToken?: string
}

export interface CompileRequest {
  readonly contextId: string
  readonly sql: Uint8Array
  readonly encoding: string
  /** Seconds, in decimal digits; `0`: none. */
  readonly queryTimeout: string
}

export interface ColumnMetadata {
  readonly type: number
  readonly nullable: boolean
  readonly truVarchar: boolean
  readonly name: string
  readonly valueSize: number
  readonly scale: number
  readonly precision: number
  readonly subType: number
}

export const QUERY_TYPE = { QUERY: 1, NON_QUERY: 2 } as const

export interface CompileResponse extends MayFail {
  readonly contextId: string
  readonly columns?: readonly ColumnMetadata[]
  readonly queryType?: number
}

/** Of Execute, Status, Fetch and Cancel: a statement's id. */
export interface StatementRequest {
  readonly contextId: string
}

export interface ExecuteResponse extends MayFail {
  readonly contextId: string
}

export const EXECUTION_STATUS = {
  RUNNING: 1,
  SUCCEEDED: 2,
  FAILED: 3,
  CANCELLED: 4,
  ABORTED: 5,
  QUEUED: 6,
  QUEUE_TIMEOUT: 7,
  QUERY_RUNTIME_TIMEOUT: 8,
} as const

export type ExecutionStatus = (typeof EXECUTION_STATUS)[keyof typeof EXECUTION_STATUS]

export interface StatusResponse extends MayFail {
  readonly status: ExecutionStatus
}

export interface FetchResponse extends MayFail {
  readonly queryResult?: Uint8Array
  readonly retryFetch?: boolean
}

export interface CloseRequest {
  readonly closeRequest: { readonly contextId: string } | null
}

export interface CloseResponse {
  readonly closeResponse: { readonly closed: boolean }
}

export interface CancelResponse extends MayFail {
  readonly canceled: boolean
}
