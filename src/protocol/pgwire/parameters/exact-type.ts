/** Types whose every value goes to a client as text that comes back as the same value. */
import type { ColumnType } from '../../../columnar/column-type.ts'
import { parseTypeName } from '../../../columnar/parse-type-name.ts'

const EXACT: ReadonlySet<ColumnType['kind']> = new Set<ColumnType['kind']>([
  'boolean',
  'tinyint',
  'smallint',
  'integer',
  'bigint',
  'hugeint',
  'utinyint',
  'usmallint',
  'uinteger',
  'ubigint',
  'uhugeint',
  'decimal',
  'float',
  'double',
  'varchar',
  'json',
  'blob',
  'bit',
  'uuid',
  'date',
  'time',
  'time_tz',
  'timestamp',
  'timestamp_tz',
  'interval',
])

/** @param name the engine's. Not those finer than a microsecond, nor structures. */
export function isExactType(name: string): boolean {
  const type = parseTypeName(name)
  return EXACT.has(type.kind === 'list' ? type.element.kind : type.kind)
}
