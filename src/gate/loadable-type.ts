/** The types that a file's columns may be given by name. Nothing of what the caller wrote goes on. */
import { GatewayError } from '../base/gateway-error.ts'
import type { ColumnType } from '../columnar/column-type.ts'
import { parseTypeName } from '../columnar/parse-type-name.ts'

const LOADABLE: ReadonlySet<ColumnType['kind']> = new Set<ColumnType['kind']>([
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
  'float',
  'double',
  'decimal',
  'varchar',
  'date',
  'time',
  'timestamp',
  'timestamp_tz',
  'uuid',
])

/** Spellings of PostgreSQL and BLUE that the engine does not list. */
const SAME_TYPE: Readonly<Record<string, string>> = {
  TEXT: 'VARCHAR',
  STRING: 'VARCHAR',
  'CHARACTER VARYING': 'VARCHAR',
  BOOL: 'BOOLEAN',
  INT: 'INTEGER',
  INT2: 'SMALLINT',
  INT4: 'INTEGER',
  INT8: 'BIGINT',
  REAL: 'FLOAT',
  FLOAT4: 'FLOAT',
  FLOAT8: 'DOUBLE',
  'DOUBLE PRECISION': 'DOUBLE',
  DATETIME: 'TIMESTAMP',
}

const CHARACTERS_MAX = 60

/** @throws GatewayError `undefined_object` for a type that no file can be loaded into. */
export function loadableType(name: string, column: string): ColumnType {
  const upper = name.trim().replaceAll(/\s+/g, ' ').toUpperCase()
  const known = Object.hasOwn(SAME_TYPE, upper) ? (SAME_TYPE[upper] ?? upper) : upper
  const type = name.length > CHARACTERS_MAX ? undefined : parseTypeName(known)
  if (type && isLoadable(type)) return type
  throw new GatewayError(
    'undefined_object',
    `column "${column}": a file cannot be loaded into the type "${name.slice(0, CHARACTERS_MAX)}"`,
    {
      hint: 'Types: BOOLEAN, SMALLINT, INTEGER, BIGINT, HUGEINT, DECIMAL(p,s), FLOAT, DOUBLE, VARCHAR, DATE, TIME, TIMESTAMP, TIMESTAMP WITH TIME ZONE, UUID.',
    },
  )
}

/** Whether its values can be made from text. */
export function isLoadable(type: ColumnType): boolean {
  return LOADABLE.has(type.kind)
}
