import { expect, test } from 'vitest'
import { SMALL_DEFINITIONS } from '../../test/fixtures/definitions.ts'
import { buildSnapshot } from '../catalog/build-snapshot.ts'
import { resolveGrantTarget } from './resolve-grant-target.ts'
import type { GrantTarget } from '../sql/statement.ts'

const resolve = (target: GrantTarget) =>
  resolveGrantTarget(target, buildSnapshot(SMALL_DEFINITIONS), 'master', ['public', 'sales'])

test('a one-part table name is looked up along the search path', () => {
  expect(resolve({ kind: 'table', names: [['orders']] })[0]?.tableId).toBe('table-orders')
})

test('two and three parts name the schema and the database', () => {
  const names = [
    ['sales', 'orders'],
    ['master', 'sales', 'orders'],
  ] as const
  expect(resolve({ kind: 'table', names }).map(({ tableId }) => tableId)).toEqual([
    'table-orders',
    'table-orders',
  ])
})

test('ALL TABLES IN SCHEMA is the tables that are there now', () => {
  const found = resolve({ kind: 'all', of: 'table', schemas: [['public']] })
  expect(found.map(({ tableId }) => tableId)).toEqual(['table-flights'])
})

test('a column is named as the table spells it', () => {
  const found = resolve({ kind: 'column', columns: ['distance'], tables: [['flights']] })
  expect(found).toMatchObject([{ kind: 'column', tableId: 'table-flights', column: 'Distance' }])
})

test.each([
  [{ kind: 'database', names: ['nowhere'] }, 'invalid_catalog_name'],
  [{ kind: 'schema', names: [['nowhere']] }, 'invalid_schema_name'],
  [{ kind: 'table', names: [['public', 'orders']] }, 'undefined_table'],
  [{ kind: 'column', columns: ['none'], tables: [['flights']] }, 'undefined_column'],
] as const)('what does not exist is named: %j', (target, kind) => {
  expect(() => resolve(target)).toThrow(expect.objectContaining({ kind }))
})
