import { expect, test } from 'vitest'
import type { JsonObject } from './engine-json.ts'
import { walkStatement } from './walk-tree.ts'

const SEES_ALL = {
  enterQuery: () => {},
  expression: () => {},
  tableFunction: () => {},
  table: () => {},
  type: () => {},
}

const constant = (): JsonObject => ({
  class: 'CONSTANT',
  type: 'VALUE_CONSTANT',
  alias: '',
  query_location: 0,
  value: { type: { id: 'INTEGER', type_info: null }, is_null: false, value: 1 },
})

const table = (): JsonObject => ({
  type: 'BASE_TABLE',
  alias: '',
  sample: null,
  table_name: 't',
  at_clause: null,
})

const query = (): JsonObject => ({
  type: 'SELECT_NODE',
  modifiers: [{ type: 'LIMIT_MODIFIER', limit: constant(), offset: null }],
  cte_map: { map: [] },
  select_list: [constant()],
  from_table: table(),
})

function walk(node: JsonObject): string {
  try {
    walkStatement({ node, named_param_map: [] }, SEES_ALL)
    return 'passes'
  } catch (thrown) {
    return (thrown as { kind?: string }).kind ?? String(thrown)
  }
}

/** What the engine's trees do not have today: a later version may. */
test.each<[string, JsonObject]>([
  ['a property of a query', { ...query(), surprise: null }],
  ['a property of an expression', { ...query(), select_list: [{ ...constant(), surprise: 1 }] }],
  ['a property that all objects inherit', { ...query(), toString: 'x' }],
  ['a kind of query', { ...query(), type: 'SURPRISE_NODE' }],
  ['a kind of expression', { ...query(), select_list: [{ ...constant(), class: 'SURPRISE' }] }],
  ['a kind that all objects inherit', { ...query(), type: 'constructor' }],
  ['a kind of table', { ...query(), from_table: { ...table(), type: 'SURPRISE' } }],
  ['a kind of clause', { ...query(), modifiers: [{ type: 'SURPRISE_MODIFIER' }] }],
  [
    'a kind of operator',
    { ...query(), select_list: [{ class: 'OPERATOR', type: 'OPERATOR_SURPRISE', children: [] }] },
  ],
  ['time travel', { ...query(), from_table: { ...table(), at_clause: { unit: 'VERSION' } } }],
  ['a node where a value is', { ...query(), from_table: { ...table(), table_name: query() } }],
  ['a value where a node is', { ...query(), from_table: 'hidden' }],
  ['WITH of another form', { ...query(), cte_map: { map: [], surprise: [] } }],
  [
    'a table function that is no call',
    { ...query(), from_table: { type: 'TABLE_FUNCTION', function: constant() } },
  ],
])('%s that is not known is refused', (_what, node) => {
  expect(walk(node)).toBe('feature_not_supported')
})

test('what is known passes', () => {
  expect(walk(query())).toBe('passes')
  const operator = { class: 'OPERATOR', type: 'OPERATOR_NOT', children: [constant()] }
  expect(walk({ ...query(), select_list: [operator] })).toBe('passes')
  expect(walk({ ...query(), from_table: { ...table(), at_clause: '' } })).toBe('passes')
})

test('a list may be long, but not of any length', () => {
  const list = (length: number): JsonObject => ({
    ...query(),
    select_list: Array.from({ length }, constant),
  })
  expect(walk(list(20_000))).toBe('passes')
  expect(walk(list(20_001))).toBe('statement_too_complex')
})
