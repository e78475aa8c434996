/**
 * The engine's error types: by the number that the C API gives (`duckdb_error_type`), and by the
 * words that the text begins with where it gives text alone (`duckdb_prepare_error`).
 */

/** In the order of `duckdb_error_type`, which is part of the engine's stable interface. */
const TYPES = [
  'Invalid',
  'Out of Range',
  'Conversion',
  'Unknown Type',
  'Decimal',
  'Mismatch Type',
  'Divide by Zero',
  'Object Size',
  'Invalid type',
  'Serialization',
  'TransactionContext',
  'Not implemented',
  'Expression',
  'Catalog',
  'Parser',
  'Planner',
  'Scheduler',
  'Executor',
  'Constraint',
  'Index',
  'Stat',
  'Connection',
  'Syntax',
  'Settings',
  'Binder',
  'Network',
  'Optimizer',
  'NullPointer',
  'IO',
  'INTERRUPT',
  'FATAL',
  'INTERNAL',
  'Invalid Input',
  'Out of Memory',
  'Permission',
  'Parameter Not Resolved',
  'Parameter Not Allowed',
  'Dependency',
  'HTTP',
  'Missing Extension',
  'Extension Autoloading',
  'Sequence',
  'Invalid Configuration',
] as const

export type EngineErrorType = (typeof TYPES)[number]

export interface TypedError {
  readonly type: EngineErrorType
  /** Without the type's words; may still hold the engine's echo of the statement. */
  readonly text: string
}

const typeByName = new Map<string, EngineErrorType>(TYPES.map((type) => [type.toLowerCase(), type]))

/** What a read says that comes after the failure, when another thread of the engine failed. */
const AFTER_FAILURE =
  /^Invalid Input Error: Attempting to (?:execute|fetch from) an unsuccessful or closed (?:pending query|streaming) result\nError: /

/**
 * `Binder Error: text` taken apart; the number wins over the words where both are there. The case of
 * the words does not matter: `json_serialize_sql` spells them in lower case. Where the text is about
 * a failure that came before, it is that failure that is taken apart.
 */
export function readErrorType(message: string, typeNumber = 0): TypedError {
  const failure = message.replace(AFTER_FAILURE, '')
  if (failure !== message) return readErrorType(failure)
  const separator = message.indexOf(' Error: ')
  const named =
    separator === -1 ? undefined : typeByName.get(message.slice(0, separator).toLowerCase())
  return {
    type: (typeNumber === 0 ? named : TYPES[typeNumber]) ?? named ?? 'Invalid',
    text: named === undefined ? message : message.slice(separator + ' Error: '.length),
  }
}
