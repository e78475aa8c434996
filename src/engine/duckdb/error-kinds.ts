/** Which of our kinds an engine error is: by type, and by text where a type holds several. */
import type { ErrorKind } from '../../base/gateway-error.ts'
import type { EngineErrorType } from './error-type.ts'

interface KindRules {
  /** Tried in order on the text without the type's words; the first that matches decides. */
  readonly rules?: readonly (readonly [text: RegExp, kind: ErrorKind])[]
  readonly otherwise: ErrorKind
}

const TOO_DEEP = [/^Max expression depth limit/, 'statement_too_complex'] as const
const DISK_FULL = [/No space left|max_temp_directory_size|disk full/i, 'disk_full'] as const
const OUT_OF_RANGE = [/out of range/i, 'numeric_value_out_of_range'] as const
const READ_ONLY = [/read-only mode/, 'read_only_transaction'] as const

export const KIND_RULES = {
  Catalog: {
    rules: [
      [/^(?:Table|View|Sequence) with name .* does not exist/s, 'undefined_table'],
      [/^\w+(?: \w+)? Function with name .* does not exist/s, 'undefined_function'],
      [/^Schema with name .* does not exist/s, 'invalid_schema_name'],
      [/^SET schema: No catalog/, 'invalid_schema_name'],
      [/^Column with name .* already exists/s, 'duplicate_column'],
      [/^Schema with name .* already exists/s, 'duplicate_schema'],
      [/^(?:Table|View|Sequence|Index) with name .* already exists/s, 'duplicate_table'],
      [/^Could not rename .* already exists/s, 'duplicate_table'],
      [/already exists/, 'duplicate_object'],
      [/^Existing object .* is of type|is not an? table$/s, 'object_not_in_prerequisite_state'],
      [/^Could not drop the table because/, 'dependent_objects_still_exist'],
    ],
    otherwise: 'undefined_object',
  },
  Binder: {
    rules: [
      [/^Referenced column .* not found/s, 'undefined_column'],
      [/does not have a column (?:named|with name)/, 'undefined_column'],
      [/^Referenced update column .* not found/s, 'undefined_column'],
      [/^Column .* in \w+ list not found/s, 'undefined_column'],
      [/^Column .* does not exist$/s, 'undefined_column'],
      [/^Could not find key .* in struct/s, 'undefined_column'],
      [/^Referenced table .* not found/s, 'undefined_table'],
      [/^Catalog .* does not exist/s, 'invalid_catalog_name'],
      [/database not found$|^Database .* not found/s, 'invalid_catalog_name'],
      [/database with name .* already exists/s, 'duplicate_database'],
      [/^Ambiguous reference to column/, 'ambiguous_column'],
      [/^Ambiguous reference to table/, 'duplicate_object'],
      [/^Duplicate column name/, 'duplicate_column'],
      [/^No function matches/, 'undefined_function'],
      [/^Macro .* does not support the supplied/s, 'undefined_function'],
      [/^Could not choose a best candidate/, 'ambiguous_function'],
      [/must appear in the GROUP BY clause/, 'grouping_error'],
      [/cannot contain (?:aggregates|window functions)/, 'grouping_error'],
      [/(?:aggregate|window) function calls cannot be nested/, 'grouping_error'],
      [/term out of range/, 'invalid_column_reference'],
      [/^LIMIT\/OFFSET cannot be negative/, 'invalid_parameter_value'],
      [/^Prepared statement .* does not exist/s, 'invalid_statement_name'],
      [/can only be applied to|^Cannot (?:compare|mix|combine)/, 'datatype_mismatch'],
      [/^Can only \w+ (?:from )?base table/, 'object_not_in_prerequisite_state'],
      TOO_DEEP,
    ],
    otherwise: 'syntax_error',
  },
  Parser: { rules: [TOO_DEEP], otherwise: 'syntax_error' },
  Syntax: { otherwise: 'syntax_error' },
  Conversion: {
    rules: [
      [/^invalid \w+ field format/, 'invalid_datetime_format'],
      [/^Could not convert string .* to INTERVAL/s, 'invalid_datetime_format'],
      [/^(?:date|time|timestamp)\b.* out of range/is, 'datetime_field_overflow'],
      [/^Could not convert string '\s*[-+]?\d+\s*' to U?INT\d+/, 'numeric_value_out_of_range'],
      [/^Could not cast value .* to DECIMAL/s, 'numeric_value_out_of_range'],
      OUT_OF_RANGE,
      [/^Unimplemented type for cast|^Cannot cast/, 'cannot_coerce'],
      [/invalid UTF-?8/i, 'character_not_in_repertoire'],
    ],
    otherwise: 'invalid_text_representation',
  },
  'Out of Range': {
    rules: [
      [/^Cannot create a string of size/, 'program_limit'],
      [/\b(?:date|time|timestamp|interval)\b/i, 'datetime_field_overflow'],
    ],
    otherwise: 'numeric_value_out_of_range',
  },
  Constraint: {
    rules: [
      [/^NOT NULL constraint failed/, 'not_null_violation'],
      [/^CHECK constraint failed/, 'check_violation'],
      [/^Violates foreign key/, 'foreign_key_violation'],
      [/^Duplicate key|PRIMARY KEY or UNIQUE|^Data contains duplicates/, 'unique_violation'],
    ],
    otherwise: 'integrity_violation',
  },
  TransactionContext: {
    rules: [
      // a commit that found no memory
      [/could not allocate|failed to allocate/, 'out_of_memory'],
      [/PRIMARY KEY or UNIQUE constraint/, 'unique_violation'],
      [/conflict|has (?:been )?(?:altered|dropped|deleted)|altered by/i, 'serialization_failure'],
      [/outstanding updates/, 'object_in_use'],
      [/no transaction is active/, 'no_active_transaction'],
      [/within a transaction/, 'active_transaction'],
      READ_ONLY,
      [/already modified database|single attached database/, 'feature_not_supported'],
    ],
    otherwise: 'failed_transaction',
  },
  'Invalid Input': {
    rules: [
      [/^No statement to prepare|^Cannot prepare multiple statements/, 'syntax_error'],
      [/^Values were not provided|^Expected \d+ parameters/, 'protocol_violation'],
      [/configuration has been locked/, 'insufficient_privilege'],
      [/^The following options were not recognized/, 'invalid_parameter_value'],
      [/^Malformed JSON/, 'invalid_text_representation'],
      [/^Lists larger than/, 'program_limit'],
      // Another call ended the stream: a mistake of ours (design, engine fact 2).
      [/closed (?:pending|streaming) query result/, 'internal'],
      READ_ONLY,
      OUT_OF_RANGE,
    ],
    otherwise: 'data_exception',
  },
  'Not implemented': {
    rules: [[/^Unknown TimeZone/, 'invalid_parameter_value']],
    otherwise: 'feature_not_supported',
  },
  IO: {
    rules: [DISK_FULL, [/^Could not set lock on file/, 'object_in_use']],
    otherwise: 'io_error',
  },
  'Out of Memory': { rules: [DISK_FULL], otherwise: 'out_of_memory' },
  Sequence: {
    rules: [[/reached (?:max|min)imum/, 'sequence_limit']],
    otherwise: 'object_not_in_prerequisite_state',
  },
  INTERRUPT: { otherwise: 'cancelled' },
  Permission: { otherwise: 'insufficient_privilege' },
  Dependency: { otherwise: 'dependent_objects_still_exist' },
  'Parameter Not Resolved': { otherwise: 'indeterminate_datatype' },
  'Parameter Not Allowed': { otherwise: 'syntax_error' },
  'Divide by Zero': { otherwise: 'division_by_zero' },
  'Mismatch Type': { otherwise: 'datatype_mismatch' },
  'Invalid type': { otherwise: 'datatype_mismatch' },
  'Unknown Type': { otherwise: 'undefined_object' },
  Decimal: { otherwise: 'numeric_value_out_of_range' },
  'Object Size': { otherwise: 'program_limit' },
  Expression: { otherwise: 'datatype_mismatch' },
  Settings: { otherwise: 'invalid_parameter_value' },
  'Invalid Configuration': { otherwise: 'invalid_parameter_value' },
  Index: { otherwise: 'integrity_violation' },
  Serialization: { otherwise: 'feature_not_supported' },
  Planner: { otherwise: 'feature_not_supported' },
  'Missing Extension': { otherwise: 'feature_not_supported' },
  'Extension Autoloading': { otherwise: 'feature_not_supported' },
  Network: { otherwise: 'io_error' },
  HTTP: { otherwise: 'io_error' },
  Invalid: { otherwise: 'internal' },
  Scheduler: { otherwise: 'internal' },
  Executor: { otherwise: 'internal' },
  Stat: { otherwise: 'internal' },
  Connection: { otherwise: 'internal' },
  Optimizer: { otherwise: 'internal' },
  NullPointer: { otherwise: 'internal' },
  FATAL: { otherwise: 'internal' },
  INTERNAL: { otherwise: 'internal' },
} as const satisfies Record<EngineErrorType, KindRules> as Record<EngineErrorType, KindRules>
