/**
 * The types of parameters: PostgreSQL's OIDs and the engine's names.
 *
 * A numeric has no precision of its own, a DECIMAL must have one: parameters are DECIMAL(38,10), and
 * a value with more than 28 digits before the point or 10 behind it is refused by the decoder,
 * because any conversion of it would lose digits. DOUBLE would lose them silently.
 *
 * Source of the OIDs: PostgreSQL 15, pg_type.
 */
import { parseTypeName } from '../../../columnar/parse-type-name.ts'
import { pgTypeOf } from '../../../columnar/pg-type.ts'

export const NUMERIC_PRECISION = 38
export const NUMERIC_SCALE = 10

/** How a type's text and binary forms are read. */
export type Form =
  | 'boolean'
  | 'bytea'
  | 'int2'
  | 'int4'
  | 'int8'
  | 'oid'
  | 'float4'
  | 'float8'
  | 'numeric'
  | 'text'
  | 'json'
  | 'jsonb'
  | 'date'
  | 'time'
  | 'timetz'
  | 'timestamp'
  | 'timestamptz'
  | 'interval'
  | 'uuid'
  | 'bit'

export interface ParameterType {
  readonly form: Form
  /** The engine's name. */
  readonly name: string
}

const NUMERIC = `DECIMAL(${NUMERIC_PRECISION},${NUMERIC_SCALE})`

/** OID, OID of the array, form, engine's name. */
const TYPES: readonly (readonly [number, number, Form, string])[] = [
  [16, 1000, 'boolean', 'BOOLEAN'],
  [17, 1001, 'bytea', 'BLOB'],
  [18, 1002, 'text', 'VARCHAR'], // "char"
  [19, 1003, 'text', 'VARCHAR'], // name
  [20, 1016, 'int8', 'BIGINT'],
  [21, 1005, 'int2', 'SMALLINT'],
  [23, 1007, 'int4', 'INTEGER'],
  [25, 1009, 'text', 'VARCHAR'],
  [26, 1028, 'oid', 'BIGINT'],
  [114, 199, 'json', 'JSON'],
  [700, 1021, 'float4', 'FLOAT'],
  [701, 1022, 'float8', 'DOUBLE'],
  [1042, 1014, 'text', 'VARCHAR'], // bpchar
  [1043, 1015, 'text', 'VARCHAR'],
  [1082, 1182, 'date', 'DATE'],
  [1083, 1183, 'time', 'TIME'],
  [1114, 1115, 'timestamp', 'TIMESTAMP'],
  [1184, 1185, 'timestamptz', 'TIMESTAMP WITH TIME ZONE'],
  [1186, 1187, 'interval', 'INTERVAL'],
  [1266, 1270, 'timetz', 'TIME WITH TIME ZONE'],
  [1560, 1561, 'bit', 'BIT'],
  [1562, 1563, 'bit', 'BIT'],
  [1700, 1231, 'numeric', NUMERIC],
  [2950, 2951, 'uuid', 'UUID'],
  [3802, 3807, 'jsonb', 'JSON'],
]

const SCALARS = new Map<number, ParameterType>()
const ELEMENTS = new Map<number, number>()
for (const [oid, arrayOid, form, name] of TYPES) {
  SCALARS.set(oid, { form, name })
  ELEMENTS.set(arrayOid, oid)
}

export function scalarType(oid: number): ParameterType | undefined {
  return SCALARS.get(oid)
}

/** The OID of what an array holds; undefined for what is no known array. */
export function elementOid(arrayOid: number): number | undefined {
  return ELEMENTS.get(arrayOid)
}

/**
 * The engine's name of the type to which a declared parameter is cast; undefined where the engine
 * has to infer it (0, `unknown`, and types that the gateway does not know).
 */
export function typeNameOfOid(oid: number): string | undefined {
  const scalar = SCALARS.get(oid)
  if (scalar !== undefined) return scalar.name
  const element = ELEMENTS.get(oid)
  return element === undefined ? undefined : `${SCALARS.get(element)?.name}[]`
}

/** The OID to announce for a parameter of the engine's type. */
export function oidOfTypeName(typeName: string): number {
  return pgTypeOf(parseTypeName(typeName)).oid
}
