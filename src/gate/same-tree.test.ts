import { expect, test } from 'vitest'
import type { Json } from './engine-json.ts'
import { parseEngineJson } from './engine-json.ts'
import { sameTree } from './same-tree.ts'

const column = (name: string, at: number): Json => ({
  class: 'COLUMN_REF',
  query_location: at,
  column_names: [name],
})

test('places do not matter, everything else does', () => {
  expect(sameTree(column('a', 1), column('a', 9))).toBe(true)
  expect(sameTree(column('a', 1), column('b', 1))).toBe(false)
  expect(sameTree([column('a', 1)], [column('a', 1), column('b', 1)])).toBe(false)
  expect(sameTree({ a: null }, { a: null, b: null })).toBe(false)
  expect(sameTree({ a: null, b: 1 }, { a: null })).toBe(false)
  expect(sameTree({ a: '1' }, { a: 1 })).toBe(false)
})

test('large numbers are compared digit by digit', () => {
  const number = (text: string) => parseEngineJson(`{"value":${text}}`)
  expect(sameTree(number('9007199254740993'), number('9007199254740993'))).toBe(true)
  expect(sameTree(number('9007199254740993'), number('9007199254740992'))).toBe(false)
  expect(sameTree(number('1.50'), number('1.5'))).toBe(false)
})

test('VALUES is the same inside of queries of the engine’s own, but not behind a WITH', () => {
  const values: Json = { type: 'EXPRESSION_LIST', alias: 'valueslist', values: [[1]] }
  const star: Json = {
    class: 'STAR',
    expr: null,
    relation_name: '',
    exclude_list: [],
    replace_list: [],
    qualified_exclude_list: [],
    rename_list: [],
  }
  const inside = (from: Json, ctes: Json[] = []): Json => ({
    type: 'SUBQUERY',
    alias: 'valueslist',
    column_name_alias: [],
    subquery: {
      node: {
        modifiers: [],
        cte_map: { map: ctes },
        select_list: [star],
        from_table: from,
        where_clause: null,
        group_expressions: [],
        group_sets: [],
        having: null,
        sample: null,
        qualify: null,
      },
    },
  })
  expect(sameTree(values, inside(values))).toBe(true)
  expect(sameTree(inside(values), inside(inside(values)))).toBe(true)
  const [one, other] = [
    { key: 'a', value: 1 },
    { key: 'a', value: 2 },
  ]
  expect(sameTree(inside(values, [one]), inside(values, [one]))).toBe(true)
  expect(sameTree(inside(values, [one]), inside(values, [other]))).toBe(false)
  expect(sameTree(values, inside(values, [one]))).toBe(false)
})

test('the relation of a star is the same with the quotes that the printer needs', () => {
  expect(sameTree({ relation_name: '"a, b"' }, { relation_name: 'a, b' })).toBe(true)
  expect(sameTree({ relation_name: 'a, b' }, { relation_name: 'a, b' })).toBe(false)
  expect(sameTree({ relation_name: '' }, { relation_name: '' })).toBe(true)
})
