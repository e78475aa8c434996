import { expect, test } from 'vitest'
import type { ColumnEntry, TableEntry } from '../catalog/catalog-snapshot.ts'
import { tableDdl } from './table-ddl.ts'

const TABLE: TableEntry = {
  kind: 'table',
  id: 'a',
  name: 'Odd "name"',
  schema: { id: 'b', name: 'public', database: { id: 'c', name: 'master', readOnly: false } },
  columns: [],
  primaryKey: [],
  indexes: [],
  estimatedRows: 0,
  retiredKeys: [],
}

function column(name: string, defaultExpression?: string): ColumnEntry {
  const type = { kind: 'varchar' } as const
  return { name, type, typeName: 'VARCHAR', nullable: false, defaultExpression, key: name }
}

test('a column a line, and three lines behind the bracket', () => {
  expect(tableDdl(TABLE, [column('a'), column('b', `'x'`)])).toBe(
    `create table "public"."Odd ""name""" (\n "a" text not null,\n "b" text not null default 'x'\n)\n;\n\n\n`,
  )
})

test('a default is the same value on one line: blanks stay, and a line end is written as its number', () => {
  const ddl = tableDdl(TABLE, [column('a', `'two  blanks\nand a line\u2028end'`)])
  expect(ddl.split('\n')[1]).toBe(
    ` "a" text not null default 'two  blanks' || chr(10) || 'and a line' || chr(8232) || 'end'`,
  )
})
