/**
 * The one error vocabulary of the gateway.
 *
 * Inside, every expected failure is a `GatewayError` with a closed `kind`; each front door owns
 * one total table from kind to its own codes (SQLSTATE, HTTP status, gRPC status). The kinds bear
 * the condition names of the PostgreSQL manual, appendix "PostgreSQL Error Codes", because that is
 * the finest of the vocabularies that we speak.
 */
export const ERROR_KINDS = [
  'syntax_error',
  'undefined_table',
  'undefined_column',
  'undefined_function',
  'undefined_object',
  'undefined_parameter',
  'wrong_object_type',
  'invalid_table_definition',
  'invalid_schema_name',
  'invalid_catalog_name',
  'ambiguous_column',
  'ambiguous_function',
  'duplicate_table',
  'duplicate_schema',
  'duplicate_function',
  'duplicate_database',
  'duplicate_object',
  'duplicate_column',
  'duplicate_prepared_statement',
  'duplicate_cursor',
  'grouping_error',
  'datatype_mismatch',
  'invalid_column_reference',
  'indeterminate_datatype',
  'cannot_coerce',
  'dependent_objects_still_exist',
  'object_in_use',
  'object_not_in_prerequisite_state',
  'insufficient_privilege',
  'feature_not_supported',
  'invalid_password',
  'invalid_authorization',
  'password_proof_required',
  'too_many_attempts',
  'protocol_violation',
  'invalid_text_representation',
  'invalid_binary_representation',
  'invalid_datetime_format',
  'datetime_field_overflow',
  'numeric_value_out_of_range',
  'division_by_zero',
  'sequence_limit',
  'generated_always',
  'string_data_right_truncation',
  'character_not_in_repertoire',
  'invalid_parameter_value',
  'bad_copy_file_format',
  'data_exception',
  'not_null_violation',
  'foreign_key_violation',
  'unique_violation',
  'check_violation',
  'integrity_violation',
  'active_transaction',
  'no_active_transaction',
  'failed_transaction',
  'read_only_transaction',
  'serialization_failure',
  'lock_not_available',
  'invalid_statement_name',
  'invalid_cursor_name',
  'cancelled',
  'admin_shutdown',
  'crash_shutdown',
  'cannot_connect_now',
  'too_many_connections',
  'out_of_memory',
  'disk_full',
  'configuration_limit',
  'statement_too_complex',
  'program_limit',
  'io_error',
  'conflict',
  'internal',
] as const

export type ErrorKind = (typeof ERROR_KINDS)[number]

export interface ErrorDetails {
  /** A second sentence with facts, for people. */
  readonly detail?: string
  /** What to do next, for people. */
  readonly hint?: string
  /** 1-based position in characters in the text that the client sent. */
  readonly position?: number
  /** Where in the client's own data it arose, such as `COPY t, line 3`. Not for our records. */
  readonly context?: string
  /** The member of a request that is to blame, as the API names it: `expiresAt`. */
  readonly field?: string
  /** True where it is known that nothing was changed and the same request may be sent again. */
  readonly safeToRetry?: boolean
  /** Kept for our log, never shown to a client. */
  readonly cause?: unknown
  /** Where in a file of the server. Shown to no client as it is: it holds a path. */
  readonly place?: FilePlace
}

export interface FilePlace {
  /** Absolute. */
  readonly path: string
  /** From 1. */
  readonly line?: number
  /** From 1, where the line is not known. */
  readonly record?: number
  /** The column of the table that the value was for. */
  readonly column?: string
}

export class GatewayError extends Error {
  override readonly name = 'GatewayError'
  readonly kind: ErrorKind
  readonly detail: string | undefined
  readonly hint: string | undefined
  readonly position: number | undefined
  readonly context: string | undefined
  readonly field: string | undefined
  readonly safeToRetry: boolean
  readonly place: FilePlace | undefined

  constructor(kind: ErrorKind, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.kind = kind
    this.detail = details.detail
    this.hint = details.hint
    this.position = details.position
    this.context = details.context
    this.field = details.field
    this.safeToRetry = details.safeToRetry ?? false
    this.place = details.place
  }
}

/**
 * Whatever was thrown, as a `GatewayError`.
 *
 * What is not one becomes `internal`: its text stays in `cause` for our log and shows the client
 * nothing, because it may quote a value, a path or a secret.
 */
export function toGatewayError(thrown: unknown): GatewayError {
  if (thrown instanceof GatewayError) return thrown
  return new GatewayError('internal', 'internal error: see the log of the gateway', {
    cause: thrown,
  })
}

/**
 * The same error with its position in another text; without one where `move` gives none. What is no
 * such error, or has no position, is given back as it is.
 */
export function repositioned(
  thrown: unknown,
  move: (position: number) => number | undefined,
): unknown {
  if (!(thrown instanceof GatewayError) || thrown.position === undefined) return thrown
  const { kind, message, detail, hint, field, safeToRetry, cause } = thrown
  const position = move(thrown.position)
  return new GatewayError(kind, message, {
    ...(detail !== undefined && { detail }),
    ...(hint !== undefined && { hint }),
    ...(position !== undefined && { position }),
    ...(field !== undefined && { field }),
    safeToRetry,
    ...(cause !== undefined && { cause }),
  })
}

/** The same error, with the member of the request that is to blame where it does not name one yet. */
export function blaming(error: GatewayError, field: string): GatewayError {
  if (error.field !== undefined) return error
  const { cause } = error
  return new GatewayError(error.kind, error.message, {
    ...(error.detail !== undefined && { detail: error.detail }),
    ...(error.hint !== undefined && { hint: error.hint }),
    ...(error.position !== undefined && { position: error.position }),
    field,
    safeToRetry: error.safeToRetry,
    ...(cause !== undefined && { cause }),
  })
}

/** The same error, with where in the client's data it arose, where it does not say so yet. */
export function arisingIn(error: GatewayError, context: string): GatewayError {
  if (error.context !== undefined) return error
  const { cause } = error
  return new GatewayError(error.kind, error.message, {
    ...(error.detail !== undefined && { detail: error.detail }),
    ...(error.hint !== undefined && { hint: error.hint }),
    context,
    safeToRetry: error.safeToRetry,
    ...(cause !== undefined && { cause }),
  })
}

/** A `GatewayError` as plain data, to cross a process or a worker boundary. The cause stays behind. */
export interface ErrorRecord {
  readonly kind: ErrorKind
  readonly message: string
  readonly detail?: string | undefined
  readonly hint?: string | undefined
  readonly position?: number | undefined
  readonly field?: string | undefined
  readonly safeToRetry?: boolean
  readonly place?: FilePlace | undefined
}

export function toErrorRecord(error: GatewayError): ErrorRecord {
  const { kind, message, detail, hint, position, field, safeToRetry, place } = error
  return { kind, message, detail, hint, position, field, safeToRetry, place }
}

export function fromErrorRecord(record: ErrorRecord): GatewayError {
  return new GatewayError(record.kind, record.message, {
    ...(record.detail === undefined ? {} : { detail: record.detail }),
    ...(record.hint === undefined ? {} : { hint: record.hint }),
    ...(record.position === undefined ? {} : { position: record.position }),
    ...(record.field === undefined ? {} : { field: record.field }),
    ...(record.safeToRetry === undefined ? {} : { safeToRetry: record.safeToRetry }),
    ...(record.place === undefined ? {} : { place: record.place }),
  })
}
