/**
 * From the engine's errors to ours: the only place that reads an engine's error text.
 *
 * The type decides where it can (spec/pgwire-compat.md, section 7). Where one type stands for
 * several of our kinds, `RULES` look at the text: they are tried from the top, the first wins.
 * A text that no rule knows falls back to the type's own kind, so that a new wording of the engine
 * costs precision but never an exception.
 *
 * Texts keep the names of objects: the gate decides what a principal may read of them.
 */
import { GatewayError } from '../../base/gateway-error.ts'
import type { ErrorKind } from '../../base/gateway-error.ts'
import { readEngineError } from './error-type.ts'
import type { EngineErrorType } from './error-type.ts'
import { readEcho } from './error-echo.ts'

const KIND_BY_TYPE = {
  Invalid: 'internal',
  'Out of Range': 'numeric_value_out_of_range',
  Conversion: 'invalid_text_representation',
  'Unknown Type': 'undefined_object',
  Decimal: 'numeric_value_out_of_range',
  'Mismatch Type': 'datatype_mismatch',
  'Divide by Zero': 'division_by_zero',
  'Object Size': 'program_limit',
  'Invalid type': 'datatype_mismatch',
  Serialization: 'feature_not_supported',
  TransactionContext: 'failed_transaction',
  'Not implemented': 'feature_not_supported',
  Expression: 'datatype_mismatch',
  Catalog: 'undefined_object',
  Parser: 'syntax_error',
  Planner: 'feature_not_supported',
  Scheduler: 'internal',
  Executor: 'internal',
  Constraint: 'integrity_violation',
  Index: 'integrity_violation',
  Stat: 'internal',
  Connection: 'internal',
  Syntax: 'syntax_error',
  Settings: 'invalid_parameter_value',
  Binder: 'syntax_error',
  Network: 'io_error',
  Optimizer: 'internal',
  NullPointer: 'internal',
  IO: 'io_error',
  INTERRUPT: 'cancelled',
  FATAL: 'internal',
  INTERNAL: 'internal',
  'Invalid Input': 'data_exception',
  'Out of Memory': 'out_of_memory',
  Permission: 'insufficient_privilege',
  'Parameter Not Resolved': 'indeterminate_datatype',
  'Parameter Not Allowed': 'syntax_error',
  Dependency: 'dependent_objects_still_exist',
  HTTP: 'io_error',
  'Missing Extension': 'feature_not_supported',
  'Extension Autoloading': 'feature_not_supported',
  Sequence: 'object_not_in_prerequisite_state',
  'Invalid Configuration': 'invalid_parameter_value',
} as const satisfies Record<EngineErrorType, ErrorKind>

interface Rule {
  readonly type: EngineErrorType
  readonly text: RegExp
  readonly kind: ErrorKind
}

const RULES: readonly Rule[] = []

/** The instance behind this error answers nothing any more: the host must restart it. */
const fatal = new WeakSet<GatewayError>()

export function isFatal(error: unknown): boolean {
  return error instanceof GatewayError && fatal.has(error)
}

/**
 * @param message    As the engine gives it, with the type's words in front.
 * @param typeNumber `duckdb_error_type`, or 0 where the C API gives none.
 * @param sql        The statement that was sent, for the position; absent when there was none.
 */
export function engineError(message: string, typeNumber = 0, sql?: string): GatewayError {
  const { type, text } = readEngineError(message, typeNumber)
  const { sentence, position } = readEcho(text, sql)
  const rule = RULES.find((one) => one.type === type && one.text.test(sentence))
  const error = new GatewayError(rule?.kind ?? KIND_BY_TYPE[type], sentence, {
    ...(position === undefined ? {} : { position }),
    cause: new Error(message),
  })
  if (type === 'FATAL' || type === 'INTERNAL') fatal.add(error)
  return error
}
