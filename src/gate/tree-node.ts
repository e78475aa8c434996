/** Reading and replacing nodes of the engine's syntax tree. */
import { isObject, NO_LOCATION } from './engine-json.ts'
import type { Json, JsonObject } from './engine-json.ts'

/** A text property; empty when it is absent. */
export function textOf(node: JsonObject, name: string): string {
  const value = node[name]
  return typeof value === 'string' ? value : ''
}

/** A property that is a list of texts. */
export function textsOf(node: JsonObject, name: string): string[] {
  const value = node[name]
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}

/** The nodes in a list property. */
export function nodesOf(node: JsonObject, name: string): JsonObject[] {
  const value = node[name]
  return Array.isArray(value) ? value.filter(isObject) : []
}

export function nodeOf(node: JsonObject, name: string): JsonObject | undefined {
  const value = node[name]
  return isObject(value) ? value : undefined
}

/** Offset in UTF-8 bytes of the text that was parsed; undefined for what is nowhere in it. */
export function byteOffsetOf(node: JsonObject): number | undefined {
  const offset = node['query_location']
  return typeof offset === 'number' && offset !== NO_LOCATION ? offset : undefined
}

/** Turns `node` into `replacement`, so that whatever holds it holds that. */
export function replaceNode(node: JsonObject, replacement: JsonObject): void {
  for (const name of Object.keys(node)) delete node[name]
  Object.assign(node, replacement)
}

export function textConstant(value: string, node: JsonObject): JsonObject {
  return {
    class: 'CONSTANT',
    type: 'VALUE_CONSTANT',
    alias: textOf(node, 'alias'),
    query_location: node['query_location'] ?? NO_LOCATION,
    value: { type: { id: 'VARCHAR', type_info: null }, is_null: false, value },
  }
}

export function castNode(child: JsonObject, type: Json): JsonObject {
  return {
    class: 'CAST',
    type: 'OPERATOR_CAST',
    alias: textOf(child, 'alias'),
    query_location: child['query_location'] ?? NO_LOCATION,
    child: { ...child, alias: '' },
    cast_type: structuredClone(type),
    try_cast: false,
  }
}

export function columnNode(names: readonly string[]): JsonObject {
  return {
    class: 'COLUMN_REF',
    type: 'COLUMN_REF',
    alias: '',
    query_location: NO_LOCATION,
    column_names: [...names],
  }
}
