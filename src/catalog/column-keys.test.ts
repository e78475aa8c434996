import { expect, test } from 'vitest'
import { present } from '../base/assert.ts'
import { buildSnapshot } from './build-snapshot.ts'
import type { TableEntry } from './catalog-snapshot.ts'
import {
  columnWithKey,
  keysAfterAdding,
  keysAfterDropping,
  keysAfterRenaming,
} from './column-keys.ts'
import type { ColumnKey } from '../identity/permit.ts'

/** The table with these columns, as the catalogue reads it back with its keys. */
function table(names: readonly string[], columnKeys: readonly ColumnKey[] = []): TableEntry {
  const snapshot = buildSnapshot({
    catalogVersion: 1,
    databases: [{ id: 'd', name: 'master' }],
    schemas: [{ id: 's', database: 'master', name: 'public' }],
    tables: [
      {
        id: 't',
        kind: 'table',
        database: 'master',
        schema: 'public',
        name: 't',
        estimatedRows: 0,
        primaryKey: [],
        columns: names.map((name) => ({
          name,
          typeName: 'INTEGER',
          nullable: true,
          defaultExpression: undefined,
        })),
        columnKeys,
      },
    ],
  })
  return present(snapshot.tables[0], 'the table')
}

function column(of: TableEntry, name: string) {
  return present(
    of.columns.find((one) => one.name === name),
    name,
  )
}

const keysIn = (of: TableEntry) => of.columns.map(({ name, key }) => `${name}: ${key}`)

test('a column is called by its name, and there is nothing to remember', () => {
  expect(keysIn(table(['a', 'b']))).toEqual(['a: a', 'b: b'])
  expect(keysAfterAdding(table(['a']), 'b')).toEqual([])
})

test('a renamed column keeps its key, and gets rid of the entry when it is renamed back', () => {
  const before = table(['a', 'b'])
  const after = table(['c', 'b'], keysAfterRenaming(before, column(before, 'a'), 'c'))
  expect(keysIn(after)).toEqual(['c: a', 'b: b'])
  expect(columnWithKey(after, 'A')?.name).toBe('c')
  expect(keysAfterRenaming(after, column(after, 'c'), 'a')).toEqual([])
})

test('the key of a dropped column is nobody’s ever after', () => {
  const before = table(['a', 'b'])
  const dropped = table(['b'], keysAfterDropping(before, column(before, 'a')))
  expect(columnWithKey(dropped, 'a')).toBeUndefined()
  const again = table(['b', 'A'], keysAfterAdding(dropped, 'A'))
  expect(keysIn(again)).toEqual(['b: b', 'A: A (2)'])
  const twice = table(['b'], keysAfterDropping(again, column(again, 'A')))
  expect(keysIn(table(['b', 'a'], keysAfterAdding(twice, 'a')))).toEqual(['b: b', 'a: a (3)'])
})

test('a column with the name that another one had when it was made gets a key of its own', () => {
  const before = table(['a'])
  const renamed = table(['b'], keysAfterRenaming(before, column(before, 'a'), 'b'))
  const added = table(['b', 'a'], keysAfterAdding(renamed, 'a'))
  expect(keysIn(added)).toEqual(['b: a', 'a: a (2)'])
  const swapped = table(['b', 'a (2)'], keysAfterRenaming(added, column(added, 'a'), 'a (2)'))
  expect(keysIn(swapped)).toEqual(['b: a', 'a (2): a (2)'])
})
