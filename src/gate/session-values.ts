/**
 * Functions about the session that the gateway answers itself: the engine would name its own user,
 * its own version, and schemas that clients never see.
 *
 * They become constants in the tree.
 */
import type { JsonObject } from './engine-json.ts'
import { byteOffsetOf, nodesOf, replaceNode, textConstant, textOf, textsOf } from './tree-node.ts'

export interface SessionValues {
  readonly user: string
  readonly database: string
  /** Undefined when no schema of the search path is there: NULL. */
  readonly schema: string | undefined
  readonly version: string
}

/** Without brackets, as PostgreSQL's keywords of the same name. */
const KEYWORDS: Readonly<Record<string, keyof SessionValues>> = {
  current_user: 'user',
  session_user: 'user',
  current_role: 'user',
  user: 'user',
  current_catalog: 'database',
  current_schema: 'schema',
}

const FUNCTIONS: Readonly<Record<string, keyof SessionValues>> = {
  ...KEYWORDS,
  current_database: 'database',
  version: 'version',
}

/**
 * Replaces a call or keyword by its value, in place.
 *
 * @param text the text that the tree was read from: `"user"` in quotes is a column.
 * @returns which value was used, undefined when `node` is none of these.
 */
export function replaceSessionValue(
  node: JsonObject,
  text: Buffer,
  values: SessionValues,
): keyof SessionValues | undefined {
  const name = functionName(node) ?? keyword(node, text)
  const key = name !== undefined && Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined
  if (key === undefined || name === undefined) return undefined
  const value = values[key]
  const constant = textConstant(value ?? '', node)
  if (value === undefined) {
    constant['value'] = { type: { id: 'NULL', type_info: null }, is_null: true }
  }
  replaceNode(node, constant)
  return key
}

/** How PostgreSQL names a result column that is such a call. */
export function sessionValueName(node: JsonObject): string | undefined {
  const name = functionName(node) ?? textsOf(node, 'column_names')[0]?.toLowerCase()
  return name !== undefined && Object.hasOwn(FUNCTIONS, name) ? name : undefined
}

function functionName(node: JsonObject): string | undefined {
  if (node['class'] !== 'FUNCTION' || nodesOf(node, 'children').length > 0) return undefined
  const schema = textOf(node, 'schema').toLowerCase()
  return schema === '' || schema === 'pg_catalog'
    ? textOf(node, 'function_name').toLowerCase()
    : undefined
}

function keyword(node: JsonObject, text: Buffer): string | undefined {
  if (node['class'] !== 'COLUMN_REF') return undefined
  const [name, second] = textsOf(node, 'column_names')
  const offset = byteOffsetOf(node)
  if (name === undefined || second !== undefined || offset === undefined) return undefined
  const quoted = text[offset] === '"'.charCodeAt(0)
  return !quoted && Object.hasOwn(KEYWORDS, name.toLowerCase()) ? name.toLowerCase() : undefined
}
