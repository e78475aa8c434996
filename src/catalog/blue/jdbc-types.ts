/**
 * BLUE's types as JDBC describes types. Source: java.sql.Types; java.sql.DatabaseMetaData, getColumns
 * and getTypeInfo.
 */
import { BLUE_TYPE, blueTypeOf } from '../../columnar/blue-type.ts'
import type { BlueScalar, BlueTypeCode } from '../../columnar/blue-type.ts'
import type { ColumnType } from '../../columnar/column-type.ts'

export interface JdbcType {
  readonly name: string
  /** Of java.sql.Types. */
  readonly code: number
  /** Digits, or characters; null where there is no bound. */
  readonly precision: number | null
  readonly scale: number | null
  /** 10 for digits, 2 for bits. */
  readonly radix: number | null
  readonly isUnsigned: boolean
  /** What its constants stand in. */
  readonly quote: string | null
  /** What is written behind its name. */
  readonly parameters: string | null
}

function number(
  name: string,
  code: number,
  precision: number,
  scale: number | null = 0,
  isUnsigned = false,
): JdbcType {
  return { name, code, precision, scale, radix: 10, isUnsigned, quote: null, parameters: null }
}

function quotedType(name: string, code: number, precision: number | null): JdbcType {
  const none = { scale: null, radix: null, isUnsigned: true, parameters: null }
  return { name, code, precision, quote: `'`, ...none }
}

const BOOL = { ...number('BOOL', 16, 1, null), radix: null, isUnsigned: true }
const TINYINT = number('TINYINT', -6, 3, 0, true)
const SMALLINT = number('SMALLINT', 5, 5)
const INT = number('INT', 4, 10)
const BIGINT = number('BIGINT', -5, 19)
const REAL = number('REAL', 7, 7, null)
const DOUBLE = number('DOUBLE', 8, 15, null)
const NUMERIC = { ...number('NUMERIC', 2, 38), parameters: 'precision,scale' }
const DATE = quotedType('DATE', 91, 10)
const DATETIME = quotedType('DATETIME', 93, 23)
const TEXT = quotedType('TEXT', 12, null)
const ARRAY = { ...TEXT, name: 'ARRAY', code: 2003 }

/** In the order of their codes, as getTypeInfo has it. */
export const JDBC_TYPES: readonly JdbcType[] = [
  TINYINT,
  BIGINT,
  NUMERIC,
  INT,
  SMALLINT,
  REAL,
  DOUBLE,
  TEXT,
  BOOL,
  DATE,
  DATETIME,
]

const SCALARS: Readonly<Record<Exclude<BlueTypeCode, typeof BLUE_TYPE.ARRAY>, JdbcType>> = {
  [BLUE_TYPE.BOOL]: BOOL,
  [BLUE_TYPE.BYTE]: SMALLINT,
  [BLUE_TYPE.UBYTE]: TINYINT,
  [BLUE_TYPE.SHORT]: SMALLINT,
  [BLUE_TYPE.USHORT]: INT,
  [BLUE_TYPE.INT]: INT,
  [BLUE_TYPE.UINT]: BIGINT,
  [BLUE_TYPE.LONG_INT]: BIGINT,
  [BLUE_TYPE.ULONG_INT]: { ...NUMERIC, precision: 20 },
  [BLUE_TYPE.FLOAT]: REAL,
  [BLUE_TYPE.DOUBLE]: DOUBLE,
  [BLUE_TYPE.DATE]: DATE,
  [BLUE_TYPE.DATETIME]: DATETIME,
  [BLUE_TYPE.BLOB]: TEXT,
  [BLUE_TYPE.NUMERIC]: NUMERIC,
}

export function jdbcTypeOf(type: ColumnType): JdbcType {
  const blue = blueTypeOf(type)
  if (blue.code === BLUE_TYPE.ARRAY) return ARRAY
  const { code, precision, scale } = blue as BlueScalar
  const known = SCALARS[code]
  return code === BLUE_TYPE.NUMERIC ? { ...known, precision, scale } : known
}
