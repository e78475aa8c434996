import { expect, test } from 'vitest'
import { SMALL_DEFINITIONS } from '../../test/fixtures/definitions.ts'
import { buildSnapshot } from './build-snapshot.ts'
import { fullName, tableRef } from './catalog-snapshot.ts'

test('names are found without regard to case, and keep the case they were made with', () => {
  const table = buildSnapshot(SMALL_DEFINITIONS).table('MASTER', 'Public', 'FLIGHTS')
  expect(table && fullName(table)).toBe('master.public.flights')
  expect(table?.columns.map(({ name }) => name)).toEqual(['delay', 'Distance'])
})

test('a name with a separator in it is not the name of something else', () => {
  const snapshot = buildSnapshot(SMALL_DEFINITIONS)
  expect(snapshot.table('master', 'public","flights', '')).toBeUndefined()
  expect(snapshot.table('master', 'public', 'nothing')).toBeUndefined()
})

test('types are read from the spelling of the engine', () => {
  const table = buildSnapshot(SMALL_DEFINITIONS).table('master', 'public', 'flights')
  expect(table?.columns[1]?.type).toEqual({ kind: 'decimal', precision: 10, scale: 2 })
})

test('a reference carries the ids of everything that holds the object', () => {
  const table = buildSnapshot(SMALL_DEFINITIONS).table('master', 'sales', 'orders')
  expect(table && tableRef(table)).toEqual({
    kind: 'table',
    databaseId: 'db-master',
    schemaId: 'schema-sales',
    tableId: 'table-orders',
  })
})
