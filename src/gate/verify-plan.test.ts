import { expect, test } from 'vitest'
import { SMALL_DEFINITIONS } from '../../test/fixtures/definitions.ts'
import { present } from '../base/assert.ts'
import { buildSnapshot } from '../catalog/build-snapshot.ts'
import { DrawnSequences } from './drawn-sequences.ts'
import type { JsonObject } from './engine-json.ts'
import { columnReads, PlanMismatch, writeReads } from './verify-plan.ts'

const catalog = buildSnapshot(SMALL_DEFINITIONS)
const flights = present(catalog.table('master', 'public', 'flights'), 'flights')
const scope = { sequences: new DrawnSequences(), catalog, tables: new Set([flights]) }

function scan(indexes: readonly number[], changes: JsonObject = {}): JsonObject {
  return {
    type: 'LOGICAL_GET',
    name: 'seq_scan',
    names: ['delay', 'Distance'],
    function_data: { catalog: 'master', schema: 'public', table: 'flights' },
    column_indexes: indexes.map((index) => ({ index, child_indexes: [] })),
    ...changes,
  }
}

function call(name: string, catalogName = 'system'): JsonObject {
  return { expression_class: 'BOUND_FUNCTION', name, catalog_name: catalogName, children: [] }
}

function plan(...parts: readonly JsonObject[]): JsonObject {
  return { type: 'LOGICAL_PROJECTION', children: [...parts] }
}

test('columns are gathered over all scans of a table, however deep', () => {
  const reads = columnReads(plan(scan([1]), plan(scan([0, 1]))), scope)
  expect([...present(reads.get(flights), 'flights')]).toEqual(['Distance', 'delay'])
})

test('a value is drawn from a sequence that the statement draws from, and from no other', () => {
  const drawing = (name: string) => ({
    ...call('nextval'),
    function_data: { sequence_create_info: { catalog: 'master', schema: 'public', name } },
  })
  const schema = present(catalog.schema('master', 'public'), 'public')
  const options = { start: '1', increment: '1', minimum: '1', maximum: '9', cycles: false }
  const sequences = new DrawnSequences()
  sequences.add({ id: 's', name: 'counter', schema, options })
  expect(columnReads(plan(drawing('counter')), { ...scope, sequences }).size).toBe(0)
  for (const other of [drawing('other'), call('nextval')]) {
    expect(() => columnReads(plan(other), { ...scope, sequences })).toThrow(PlanMismatch)
  }
})

test('a scan for the number of rows reads no column, and is a scan', () => {
  const reads = columnReads(plan(scan([2 ** 64])), scope)
  expect([...present(reads.get(flights), 'flights')]).toEqual([])
})

test.each([
  ['an unknown operator', { type: 'LOGICAL_PRAGMA' }],
  ['a write', { type: 'LOGICAL_INSERT' }],
  ['an unknown kind of expression', { expression_class: 'BOUND_SURPRISE' }],
  ['a function that is not reviewed', call('getvariable')],
  ['a macro of the same name as a function', call('upper', 'master')],
  ['a table function that is not allowed', { type: 'LOGICAL_GET', name: 'read_csv' }],
  [
    'an allowed table function from elsewhere',
    { type: 'LOGICAL_GET', name: 'range', catalog_name: 'master' },
  ],
  [
    'a table that the tree did not name',
    scan([0], {
      names: ['id'],
      function_data: { catalog: 'master', schema: 'sales', table: 'orders' },
    }),
  ],
  [
    'a table that nobody knows',
    scan([0], { function_data: { catalog: 'master', schema: 'public', table: 'x' } }),
  ],
  ['a scan without a table', scan([0], { function_data: null })],
  ['a column that is not there', scan([7])],
  ['a column of another name', scan([0], { names: ['secret'] })],
])('%s is a mismatch', (_what, part) => {
  expect(() => columnReads(plan(part as JsonObject), scope)).toThrow(PlanMismatch)
})

test.each([
  ['a reviewed function', call('upper')],
  ['a function that the binder adds', call('constant_or_null', '')],
  ['an allowed table function', { type: 'LOGICAL_GET', name: 'range', catalog_name: 'system' }],
])('%s is fine', (_what, part) => {
  expect(columnReads(plan(part), scope).size).toBe(0)
})

function write(type: string, table = 'flights', ...children: readonly JsonObject[]): JsonObject {
  const table_info = { catalog: 'master', schema: 'public', table }
  return { type, table_info, children: [...children] }
}

test('a write to its target reads what its scans read', () => {
  const reads = writeReads(plan(write('LOGICAL_UPDATE', 'flights', scan([1]))), scope, flights)
  expect([...present(reads.get(flights), 'flights')]).toEqual(['Distance'])
})

test.each([
  ['no write at all', scan([0])],
  ['a write to another table', write('LOGICAL_DELETE', 'orders')],
  ['a second write', write('LOGICAL_INSERT', 'flights', write('LOGICAL_DELETE'))],
  ['an unknown operator', write('LOGICAL_UPDATE', 'flights', { type: 'LOGICAL_PRAGMA' })],
])('as the plan of a write %s is a mismatch', (_what, part) => {
  expect(() => writeReads(plan(part), scope, flights)).toThrow(PlanMismatch)
})
