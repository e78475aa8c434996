/** What is on record: one event per login, refusal, session end, statement, token event and act. */
export interface AuditEvent {
  readonly category:
    | 'SESSION'
    | 'SELECT'
    | 'DESCRIBE'
    | 'INSERT'
    | 'UPDATE'
    | 'DELETE'
    | 'DDL'
    | 'TRANSACTION'
    | 'SETTING'
    | 'ROLE'
    | 'CLIENT'
    | 'TOKEN'
    | 'USER'
    | 'AUDITLOG'
    | 'SYSTEM'
    | 'OTHER'
  /** Such as `login`, `login_refused`, `session_end`, `statement`, `client_created`, `token_regenerated`. */
  readonly action: string
  readonly outcome: 'succeeded' | 'failed' | 'refused' | 'cancelled'
  /** Client name, `local`, or what an unauthenticated peer claimed to be. */
  readonly username: string
  readonly clientId?: string
  readonly tokenId?: string
  readonly roleName?: string
  readonly sessionId?: string
  /** Counts 1, 2, 3 … inside a session. */
  readonly queryId?: number
  /** The peer's address; `local` for the Unix socket. */
  readonly address: string
  /** How the tool calls itself: application_name, driver, version. Claimed, never trusted. */
  readonly clientVersion?: string
  readonly door: 'postgres' | 'http' | 'grpc' | 'flight' | 'local' | 'system'
  /** Of the connection, such as `TLSv1.3`: of logins and refused ones. */
  readonly tlsVersion?: string
  /** Statement text or the act's parameters, never cut, never with a secret. */
  readonly details?: string
  /** SQLSTATE-like kind and message of the error, as the client saw it; plus the true reason. */
  readonly error?: string
  /** Of a refused login, as one word: an `AuthenticationFailure`, or the kind of the error. */
  readonly reason?: string
  /** Objects touched: `SELECT on master.public.flights(a,b)`. */
  readonly objects?: readonly string[]
  /** Of a refused statement: the GRANT statements that would have allowed it. Never told to the client. */
  readonly missingGrants?: readonly string[]
  readonly rows?: number
  readonly bytes?: number
  readonly durationMs?: number
  /** The resource pool that a statement ran or waited in. */
  readonly pool?: string
  /** How long a statement stood in line for its turn; absent when it did not. */
  readonly queuedMs?: number
  /** The limit that something exceeded: `rowsPerStatement`. */
  readonly limit?: string
  /** BLUE: External, CLI, Jobs, Blue_UI_User, Blue_UI_System, Statistics. */
  readonly initiatedBy:
    'External' | 'CLI' | 'Jobs' | 'Blue_UI_User' | 'Blue_UI_System' | 'Statistics'
  /** When the act began; the record carries when it was written. */
  readonly startedAt: string
}

/** An event on record: its place in the chain is part of it. */
export interface AuditRecord extends AuditEvent {
  readonly sequence: number
  /** ISO 8601, UTC. */
  readonly time: string
}
