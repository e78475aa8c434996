/** The bounds of this door. The server's configuration may change those that it names. */
export interface BlueLimits {
  /** From the first byte of a connection to its first call by somebody who was proven. */
  readonly loginMs: number
  readonly unauthenticatedMax: number
  readonly unauthenticatedPerAddressMax: number
  /** Longest message of a client. */
  readonly messageBytesMax: number
  /** A session without a call for so long is ended. */
  readonly sessionIdleMs: number
  /** As `sessionIdleMs`, for one whose client has no connection any more. */
  readonly sessionLostMs: number
}

export const BLUE_LIMITS: BlueLimits = {
  loginMs: 30_000,
  unauthenticatedMax: 512,
  unauthenticatedPerAddressMax: 128,
  messageBytesMax: 64 * 1024 * 1024,
  sessionIdleMs: 3_600_000,
  sessionLostMs: 300_000,
}

/** What a connection may send before somebody was proven on it: the TLS handshake and a token. */
export const STRANGER_BYTES_MAX = 256 * 1024

/** Statements of a session that start at the same time; others wait in line. */
export const LANES_MAX = 16

/** Results that a session may leave half read, and what of them may be held here. */
export const OPEN_RESULTS_MAX = 256
export const HELD_BYTES_MAX = 16 * 1024 * 1024

/** Statements of a session that ended and whose end can still be asked for. */
export const ENDED_STATEMENTS_MAX = 256

/** What is read of a result before its client asks. */
export const READ_AHEAD_BYTES = 64 * 1024

/** One Fetch brings about so much, and waits so long for it once there is something. */
export const FETCH_BYTES = 1024 * 1024
export const FETCH_FILL_MS = 50

/** How long a Status or a Fetch is held while there is nothing to tell. */
export const STATUS_WAIT_MS = 500
export const FETCH_WAIT_MS = 4_000

/** A write's rows are told after its commit: so much of them can be kept until then. */
export const WRITTEN_ROWS_BYTES_MAX = 64 * 1024 * 1024
