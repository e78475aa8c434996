/** The types that PREPARE declares by name, as the protocol's OIDs. Source: PostgreSQL 15, gram.y, GenericType. */
import { GatewayError } from '../../../base/gateway-error.ts'
import { BUILT_IN_TYPES } from '../../../catalog/postgres/type-names.ts'
import { typeNameOfOid } from './parameter-type.ts'

/** Left to be inferred. */
const UNKNOWN = 0

const OIDS = new Map<string, number>([['unknown', UNKNOWN]])
for (const { oid, array, name, sqlName = name } of BUILT_IN_TYPES) {
  if (typeNameOfOid(oid) === undefined) continue
  for (const spelling of [name, sqlName]) {
    OIDS.set(spelling, oid)
    OIDS.set(`${spelling}[]`, array)
  }
}

/** Other spellings in PostgreSQL's grammar, and the engine's of types that both have. */
const SPELLINGS: Readonly<Record<string, string>> = {
  int: 'int4',
  dec: 'numeric',
  decimal: 'numeric',
  float: 'float8',
  double: 'float8',
  char: 'bpchar',
  'char varying': 'varchar',
  'bit varying': 'bit',
  time: 'time without time zone',
  timestamp: 'timestamp without time zone',
  string: 'text',
  blob: 'bytea',
}

/**
 * @param name in lower case, without a precision: `int4[]`.
 * @throws GatewayError `undefined_object`.
 */
export function typeOidOfName(name: string): number {
  const [, element = name, list = ''] = /^(.*?)(\[\])?$/.exec(name) ?? []
  const spelling = Object.hasOwn(SPELLINGS, element) ? SPELLINGS[element] : element
  const oid = OIDS.get(`${spelling}${list}`)
  if (oid !== undefined) return oid
  throw new GatewayError('undefined_object', `type "${name}" does not exist`, {
    hint: 'Parameters have types that PostgreSQL knows. Without types they are inferred.',
  })
}
