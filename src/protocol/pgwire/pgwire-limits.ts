/** The bounds of this door. The server's configuration may change those that it names. */
export interface PgWireLimits {
  /** From the first byte to a finished login. */
  readonly loginMs: number
  /** Connections that are not logged in yet, all together and from one address. */
  readonly unauthenticatedMax: number
  readonly unauthenticatedPerAddressMax: number
  /** Longest message of a client that is logged in. */
  readonly messageBytesMax: number
  /** Bytes that are read ahead while a statement runs; then the socket is left alone. */
  readonly readAheadBytesMax: number
  /** Bytes handed to the socket and not taken by the client yet; then the engine waits. */
  readonly unsentBytesMax: number
  readonly preparedStatementsMax: number
  /** Texts and names of a session's prepared statements together. */
  readonly preparedBytesMax: number
  readonly portalsMax: number
  /** Parameter values and names of a session's portals together. */
  readonly portalBytesMax: number
}

export const PGWIRE_LIMITS: PgWireLimits = {
  loginMs: 30_000,
  unauthenticatedMax: 512,
  unauthenticatedPerAddressMax: 128,
  messageBytesMax: 64 * 1024 * 1024,
  readAheadBytesMax: 1024 * 1024,
  unsentBytesMax: 1024 * 1024,
  preparedStatementsMax: 4096,
  preparedBytesMax: 32 * 1024 * 1024,
  portalsMax: 256,
  portalBytesMax: 128 * 1024 * 1024,
}

/** MAX_STARTUP_PACKET_LENGTH in PostgreSQL's own source. */
export const STARTUP_PACKET_BYTES_MAX = 10_000

/** A token has 75 characters. libpq's own callers send at most a few thousand. */
export const PASSWORD_BYTES_MAX = 4096
