/** The types that a statement may name: the engine's own. User-defined types do not exist here. */
import { GatewayError } from '../base/gateway-error.ts'
import type { JsonObject } from './engine-json.ts'
import { nodeOf, nodesOf, textOf } from './tree-node.ts'

/** What the engine's parser resolves itself. */
const TYPE_IDS: ReadonlySet<string> = new Set([
  'NULL',
  'BOOLEAN',
  'TINYINT',
  'SMALLINT',
  'INTEGER',
  'BIGINT',
  'HUGEINT',
  'UTINYINT',
  'USMALLINT',
  'UINTEGER',
  'UBIGINT',
  'UHUGEINT',
  'BIGNUM',
  'FLOAT',
  'DOUBLE',
  'DECIMAL',
  'CHAR',
  'VARCHAR',
  'BLOB',
  'BIT',
  'UUID',
  'DATE',
  'TIME',
  'TIME_NS',
  'TIME WITH TIME ZONE',
  'TIMESTAMP',
  'TIMESTAMP_S',
  'TIMESTAMP_MS',
  'TIMESTAMP_NS',
  'TIMESTAMP WITH TIME ZONE',
  'INTERVAL',
  'LIST',
  'ARRAY',
  'STRUCT',
  'MAP',
  'UNION',
])

/** Types that the parser leaves as names, with the values that may stand in brackets after them. */
const TYPE_NAMES: ReadonlySet<string> = new Set(['json', 'enum', 'oid', 'bignum', 'varint'])

/** Spellings of PostgreSQL that the engine does not know. */
const SAME_TYPE: Readonly<Record<string, string>> = {
  character_varying: 'VARCHAR',
  name: 'VARCHAR',
  float4: 'FLOAT',
  float8: 'DOUBLE',
  bool: 'BOOLEAN',
  int2: 'SMALLINT',
  int4: 'INTEGER',
  int8: 'BIGINT',
  text: 'VARCHAR',
  varchar: 'VARCHAR',
  bpchar: 'VARCHAR',
  date: 'DATE',
  time: 'TIME',
  timestamp: 'TIMESTAMP',
  timestamptz: 'TIMESTAMP WITH TIME ZONE',
  numeric: 'DECIMAL',
  uuid: 'UUID',
  bytea: 'BLOB',
  interval: 'INTERVAL',
}

/**
 * Checks a type of the tree, and everything inside it.
 *
 * `pg_catalog.int4` and its like, which the engine would look up as user-defined types, become the
 * engine's types in place.
 *
 * @throws GatewayError `undefined_object`.
 */
export function checkType(type: JsonObject): void {
  const info = nodeOf(type, 'type_info')
  if (textOf(type, 'id') === 'UNBOUND') return checkNamedType(type, info ?? {})
  if (!TYPE_IDS.has(textOf(type, 'id'))) throw noSuchType(textOf(type, 'id'))
  if (!info) return
  if (textOf(info, 'alias') !== '' || info['extension_info'] !== null) {
    throw noSuchType(textOf(info, 'alias'))
  }
  const child = nodeOf(info, 'child_type')
  if (child) checkType(child)
  for (const field of nodesOf(info, 'child_types')) {
    const fieldType = nodeOf(field, 'second')
    if (fieldType) checkType(fieldType)
  }
}

function checkNamedType(type: JsonObject, info: JsonObject): void {
  const name = textOf(info, 'name').toLowerCase()
  const schema = textOf(info, 'schema').toLowerCase()
  const modifiers = nodesOf(info, 'user_type_modifiers')
  const same = Object.hasOwn(SAME_TYPE, name) ? SAME_TYPE[name] : undefined
  if (textOf(info, 'catalog') !== '' || (schema !== '' && schema !== 'pg_catalog')) {
    throw noSuchType(`${schema}.${name}`)
  }
  if (same !== undefined && modifiers.length === 0) {
    type['id'] = same
    type['type_info'] = same === 'DECIMAL' ? DEFAULT_DECIMAL : null
    return
  }
  if (!TYPE_NAMES.has(name)) throw noSuchType(name)
  info['schema'] = ''
  for (const modifier of modifiers) {
    const modifierType = nodeOf(modifier, 'type')
    if (modifierType) checkType(modifierType)
  }
}

/** What the engine's parser makes of NUMERIC alone. */
const DEFAULT_DECIMAL: JsonObject = {
  type: 'DECIMAL_TYPE_INFO',
  alias: '',
  extension_info: null,
  width: 18,
  scale: 3,
}

function noSuchType(name: string): GatewayError {
  return new GatewayError('undefined_object', `type "${name}" does not exist`)
}
