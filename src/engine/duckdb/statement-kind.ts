/** What a statement is, in the engine's words: `duckdb_statement_type`, in its order. */
const KINDS = [
  'INVALID',
  'SELECT',
  'INSERT',
  'UPDATE',
  'EXPLAIN',
  'DELETE',
  'PREPARE',
  'CREATE',
  'EXECUTE',
  'ALTER',
  'TRANSACTION',
  'COPY',
  'ANALYZE',
  'VARIABLE_SET',
  'CREATE_FUNC',
  'DROP',
  'EXPORT',
  'PRAGMA',
  'VACUUM',
  'CALL',
  'SET',
  'LOAD',
  'RELATION',
  'EXTENSION',
  'LOGICAL_PLAN',
  'ATTACH',
  'DETACH',
  'MULTI',
  'COPY_DATABASE',
  'UPDATE_EXTENSIONS',
  'MERGE_INTO',
] as const

export type StatementKind = (typeof KINDS)[number]

/** `INVALID` for a number that this list does not know. */
export function statementKind(number: number): StatementKind {
  return KINDS[number] ?? 'INVALID'
}
