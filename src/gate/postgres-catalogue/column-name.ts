/**
 * The names that PostgreSQL gives result columns without one: tools fetch columns by them, and the
 * engine's would hold the text of what stands in the place of a function, rows and all.
 *
 * Source: PostgreSQL 15, parse_target.c, FigureColname.
 */
import type { JsonObject } from '../engine-json.ts'
import { nodeOf, nodesOf, textOf, textsOf } from '../tree-node.ts'

/** @returns undefined for what names its columns itself: a column, `*`, COLUMNS. */
export function columnName(item: JsonObject): string | undefined {
  if (item['class'] === 'COLUMN_REF' || hasStar(item)) return undefined
  return inner(item) ?? '?column?'
}

/** The engine's names of functions that PostgreSQL calls otherwise. */
const FUNCTION_NAMES: Readonly<Record<string, string>> = {
  count_star: 'count',
  list_value: 'array',
  regexp_full_match: '?column?',
}

/** Spellings of types in casts of constants. */
const TYPE_NAMES: Readonly<Record<string, string>> = {
  VARCHAR: 'text',
  BIGINT: 'int8',
  INTEGER: 'int4',
  SMALLINT: 'int2',
  BOOLEAN: 'bool',
  DOUBLE: 'float8',
  FLOAT: 'float4',
  DECIMAL: 'numeric',
}

function inner(node: JsonObject): string | undefined {
  switch (textOf(node, 'class')) {
    case 'COLUMN_REF':
      return textsOf(node, 'column_names').at(-1)
    case 'FUNCTION':
      return functionName(node)
    case 'WINDOW':
      return textOf(node, 'function_name')
    case 'CASE':
      return 'case'
    case 'CAST':
      return castName(node)
    case 'COLLATE':
      return inner(nodeOf(node, 'child') ?? {})
    case 'OPERATOR':
      return operatorName(node)
    case 'SUBQUERY':
      return subqueryName(node)
    default:
      return undefined
  }
}

function functionName(node: JsonObject): string | undefined {
  if (node['is_operator'] === true) return undefined
  const name = textOf(node, 'function_name').toLowerCase()
  if (!/^[a-z_]/.test(name)) return undefined
  return Object.hasOwn(FUNCTION_NAMES, name) ? FUNCTION_NAMES[name] : name
}

function castName(node: JsonObject): string | undefined {
  const known = inner(nodeOf(node, 'child') ?? {})
  if (known !== undefined) return known
  const type = nodeOf(node, 'cast_type') ?? {}
  const own = textOf(nodeOf(type, 'type_info') ?? {}, 'name').toLowerCase()
  const id = textOf(type, 'id')
  return own || (Object.hasOwn(TYPE_NAMES, id) ? TYPE_NAMES[id] : id.toLowerCase())
}

function operatorName(node: JsonObject): string | undefined {
  const type = textOf(node, 'type')
  if (type === 'OPERATOR_COALESCE') return 'coalesce'
  if (type === 'OPERATOR_NULLIF') return 'nullif'
  if (type === 'ARRAY_CONSTRUCTOR') return 'array'
  if (type === 'ARRAY_EXTRACT') return inner(nodesOf(node, 'children')[0] ?? {})
  if (type !== 'STRUCT_EXTRACT') return undefined
  return textOf(nodeOf(nodesOf(node, 'children')[1] ?? {}, 'value') ?? {}, 'value') || undefined
}

function subqueryName(node: JsonObject): string | undefined {
  if (node['subquery_type'] === 'EXISTS') return 'exists'
  const query = nodeOf(nodeOf(node, 'subquery') ?? {}, 'node') ?? {}
  const [item] = nodesOf(query, 'select_list')
  if (node['subquery_type'] !== 'SCALAR' || !item) return undefined
  return textOf(item, 'alias') || inner(item)
}

function hasStar(node: JsonObject): boolean {
  if (node['class'] === 'STAR') return true
  const child = nodeOf(node, 'child')
  return [...nodesOf(node, 'children'), ...(child ? [child] : [])].some(hasStar)
}
