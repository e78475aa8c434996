/**
 * PostgreSQL's own types that our columns and the catalogue's have, with the names that SQL gives
 * them. Source: PostgreSQL 15, `pg_type.dat` and `format_type.c`.
 */

export interface BuiltInType {
  readonly oid: number
  /** typname */
  readonly name: string
  /** As SQL spells it; where absent, the name. */
  readonly sqlName?: string
  readonly array: number
  readonly length: number
  readonly byValue: boolean
  readonly category: string
  readonly preferred?: true
  /** typalign */
  readonly alignment: 'c' | 's' | 'i' | 'd'
  readonly collatable?: true
}

const NUMBER = 'N'
const STRING = 'S'
const TIME = 'D'

export const BUILT_IN_TYPES: readonly BuiltInType[] = [
  {
    oid: 16,
    name: 'bool',
    sqlName: 'boolean',
    array: 1000,
    length: 1,
    byValue: true,
    category: 'B',
    preferred: true,
    alignment: 'c',
  },
  {
    oid: 17,
    name: 'bytea',
    array: 1001,
    length: -1,
    byValue: false,
    category: 'U',
    alignment: 'i',
  },
  {
    oid: 18,
    name: 'char',
    sqlName: '"char"',
    array: 1002,
    length: 1,
    byValue: true,
    category: 'Z',
    alignment: 'c',
  },
  {
    oid: 19,
    name: 'name',
    array: 1003,
    length: 64,
    byValue: false,
    category: STRING,
    alignment: 'c',
    collatable: true,
  },
  {
    oid: 20,
    name: 'int8',
    sqlName: 'bigint',
    array: 1016,
    length: 8,
    byValue: true,
    category: NUMBER,
    alignment: 'd',
  },
  {
    oid: 21,
    name: 'int2',
    sqlName: 'smallint',
    array: 1005,
    length: 2,
    byValue: true,
    category: NUMBER,
    alignment: 's',
  },
  {
    oid: 23,
    name: 'int4',
    sqlName: 'integer',
    array: 1007,
    length: 4,
    byValue: true,
    category: NUMBER,
    alignment: 'i',
  },
  {
    oid: 25,
    name: 'text',
    array: 1009,
    length: -1,
    byValue: false,
    category: STRING,
    preferred: true,
    alignment: 'i',
    collatable: true,
  },
  {
    oid: 26,
    name: 'oid',
    array: 1028,
    length: 4,
    byValue: true,
    category: NUMBER,
    preferred: true,
    alignment: 'i',
  },
  { oid: 114, name: 'json', array: 199, length: -1, byValue: false, category: 'U', alignment: 'i' },
  {
    oid: 700,
    name: 'float4',
    sqlName: 'real',
    array: 1021,
    length: 4,
    byValue: true,
    category: NUMBER,
    alignment: 'i',
  },
  {
    oid: 701,
    name: 'float8',
    sqlName: 'double precision',
    array: 1022,
    length: 8,
    byValue: true,
    category: NUMBER,
    preferred: true,
    alignment: 'd',
  },
  {
    oid: 1042,
    name: 'bpchar',
    sqlName: 'character',
    array: 1014,
    length: -1,
    byValue: false,
    category: STRING,
    alignment: 'i',
    collatable: true,
  },
  {
    oid: 1043,
    name: 'varchar',
    sqlName: 'character varying',
    array: 1015,
    length: -1,
    byValue: false,
    category: STRING,
    alignment: 'i',
    collatable: true,
  },
  {
    oid: 1082,
    name: 'date',
    array: 1182,
    length: 4,
    byValue: true,
    category: TIME,
    alignment: 'i',
  },
  {
    oid: 1083,
    name: 'time',
    sqlName: 'time without time zone',
    array: 1183,
    length: 8,
    byValue: true,
    category: TIME,
    alignment: 'd',
  },
  {
    oid: 1114,
    name: 'timestamp',
    sqlName: 'timestamp without time zone',
    array: 1115,
    length: 8,
    byValue: true,
    category: TIME,
    alignment: 'd',
  },
  {
    oid: 1184,
    name: 'timestamptz',
    sqlName: 'timestamp with time zone',
    array: 1185,
    length: 8,
    byValue: true,
    category: TIME,
    preferred: true,
    alignment: 'd',
  },
  {
    oid: 1186,
    name: 'interval',
    array: 1187,
    length: 16,
    byValue: false,
    category: 'T',
    preferred: true,
    alignment: 'd',
  },
  {
    oid: 1266,
    name: 'timetz',
    sqlName: 'time with time zone',
    array: 1270,
    length: 12,
    byValue: false,
    category: TIME,
    alignment: 'd',
  },
  {
    oid: 1560,
    name: 'bit',
    array: 1561,
    length: -1,
    byValue: false,
    category: 'V',
    alignment: 'i',
  },
  {
    oid: 1700,
    name: 'numeric',
    array: 1231,
    length: -1,
    byValue: false,
    category: NUMBER,
    alignment: 'i',
  },
  {
    oid: 2950,
    name: 'uuid',
    array: 2951,
    length: 16,
    byValue: false,
    category: 'U',
    alignment: 'c',
  },
]

const SQL_NAMES: ReadonlyMap<number, string> = new Map(
  BUILT_IN_TYPES.flatMap(({ oid, name, sqlName = name, array }) => [
    [oid, sqlName],
    [array, `${sqlName}[]`],
  ]),
)

export const DEFAULT_COLLATION = 100

const COLLATABLE = new Set(
  BUILT_IN_TYPES.filter(({ collatable }) => collatable).flatMap(({ oid, array }) => [oid, array]),
)

export function collationOf(oid: number): number {
  return COLLATABLE.has(oid) ? DEFAULT_COLLATION : 0
}

const NUMERIC = [1700, 1231]

/** As `format_type`: `numeric(10,2)`, `character varying[]`. */
export function formatType(oid: number, modifier: number): string {
  const name = SQL_NAMES.get(oid) ?? '???'
  if (!NUMERIC.includes(oid) || modifier < 0) return name
  const packed = modifier - 4
  return name.replace('numeric', `numeric(${packed >> 16},${packed & 0xffff})`)
}
