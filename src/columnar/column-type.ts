/**
 * The types of result columns: the engine's types, named once.
 *
 * Encoders, the catalogue and the doors all map from here. A type that no encoder can carry
 * exactly arrives as `other`, and the engine's adapter hands its values over as text.
 */
export type ColumnType =
  | { readonly kind: ScalarKind }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'enum'; readonly labels: readonly string[] }
  | { readonly kind: 'list'; readonly element: ColumnType }
  | { readonly kind: 'array'; readonly element: ColumnType; readonly length: number }
  | { readonly kind: 'struct'; readonly fields: readonly ColumnField[] }
  | { readonly kind: 'map'; readonly key: ColumnType; readonly value: ColumnType }
  | { readonly kind: 'union'; readonly members: readonly ColumnField[] }
  | { readonly kind: 'other'; readonly name: string }

export type ScalarKind =
  | 'null'
  | 'boolean'
  | 'tinyint'
  | 'smallint'
  | 'integer'
  | 'bigint'
  | 'hugeint'
  | 'utinyint'
  | 'usmallint'
  | 'uinteger'
  | 'ubigint'
  | 'uhugeint'
  | 'bignum'
  | 'float'
  | 'double'
  | 'varchar'
  | 'json'
  | 'blob'
  | 'bit'
  | 'uuid'
  | 'date'
  | 'time'
  | 'time_ns'
  | 'time_tz'
  | 'timestamp'
  | 'timestamp_s'
  | 'timestamp_ms'
  | 'timestamp_ns'
  | 'timestamp_tz'
  | 'interval'

export interface ColumnField {
  readonly name: string
  readonly type: ColumnType
}

/** The columns of a result, in order. Names may repeat. */
export type Schema = readonly ColumnField[]
