/** Columns of the rows that the gateway answers with itself. */
import type { ColumnField } from '../columnar/column-type.ts'

export function integer(name: string): ColumnField {
  return { name, type: { kind: 'integer' } }
}

export function bigint(name: string): ColumnField {
  return { name, type: { kind: 'bigint' } }
}

export function text(name: string): ColumnField {
  return { name, type: { kind: 'varchar' } }
}

export function boolean(name: string): ColumnField {
  return { name, type: { kind: 'boolean' } }
}

/** An instant, to the microsecond. */
export function time(name: string): ColumnField {
  return { name, type: { kind: 'timestamp_tz' } }
}
