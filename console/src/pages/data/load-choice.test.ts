import { expect, test } from 'vitest'
import type { LoadPreview } from '../../api/loads.ts'
import {
  badValues,
  firstChoice,
  problemOfValue,
  requestColumns,
  schemaFrom,
  shownColumns,
  sqlName,
  tableNameFor,
  tableOf,
  typesOfTable,
  withColumn,
  withCsv,
} from './load-choice.ts'

const preview: LoadPreview = {
  columns: [
    { from: 0, name: 'id', type: 'BIGINT' },
    { from: 1, name: 'day_2', type: 'VARCHAR', fileName: 'day' },
  ],
  rows: [],
  badRows: [],
  rowsLookedAt: 0,
}
const choice = firstChoice('a.csv', undefined)

test.each([
  ['airports.csv', 'airports'],
  ['Flights 2024 (final).csv', 'flights_2024_final'],
  ['2024.csv', 't_2024'],
  ['Straße.parquet', 'straße'],
  ['.csv', 't_'],
])('the table of %s is called %s at first', (file, table) => {
  expect(tableNameFor(file)).toBe(table)
})

test('columns are shown as the file has them until something else is chosen', () => {
  expect(shownColumns(preview, choice)).toEqual([
    { from: 0, included: true, name: 'id', type: 'BIGINT', title: 'id' },
    { from: 1, included: true, name: 'day_2', type: 'VARCHAR', title: 'day' },
  ])
  const edited = withColumn(withColumn(choice, 1, { type: 'DATE' }), 1, { name: 'day' })
  expect(shownColumns(preview, edited)[1]).toMatchObject({ name: 'day', type: 'DATE' })
})

test('a column that is left out is not sent, and types only for CSV into a new table', () => {
  const columns = shownColumns(preview, withColumn(choice, 0, { leftOut: true }))
  expect(requestColumns(columns, 'csv', 'create')).toEqual([
    { from: 1, name: 'day_2', type: 'VARCHAR' },
  ])
  expect(requestColumns(columns, 'csv', 'append')).toEqual([{ from: 1, name: 'day_2' }])
  expect(requestColumns(columns, 'parquet', 'create')).toEqual([{ from: 1, name: 'day_2' }])
})

test('into a table that is there, its own types are sent where they are known', () => {
  const tables = [
    { name: 'sales', kind: 'table' as const, columns: [{ name: 'ID', type: 'DOUBLE' }] },
  ]
  const schemas = [{ name: 'public', tables, sequences: [] }]
  const tree = { locations: [], databases: [{ name: 'master', functions: [], schemas }] }
  const target = { database: 'master', schema: 'public', name: 'sales', mode: 'append' as const }
  const columns = shownColumns(preview, choice)
  expect(requestColumns(columns, 'csv', 'append', typesOfTable(tree, target))).toEqual([
    { from: 0, name: 'id', type: 'DOUBLE' },
    { from: 1, name: 'day_2' },
  ])
  expect(typesOfTable(tree, { ...target, mode: 'create' }).size).toBe(0)
  expect(typesOfTable(undefined, target).size).toBe(0)
})

test('another delimiter forgets what was chosen for columns, another date format does not', () => {
  const edited = withColumn(choice, 1, { type: 'DATE' })
  expect(withCsv(edited, { dateFormat: 'DD.MM.YYYY' }).edits.size).toBe(1)
  expect(withCsv(edited, { delimiter: ';' }).edits.size).toBe(0)
})

test('a table has all its three names, or is none yet', () => {
  expect(tableOf({ database: 'master', schema: 'public', name: ' a ' })).toEqual({
    database: 'master',
    schema: 'public',
    name: 'a',
  })
  expect(tableOf({ database: 'master', schema: '', name: 'a' })).toBeUndefined()
})

test('a schema without a database is in the first one', () => {
  expect(schemaFrom('sales')).toEqual({ database: 'master', schema: 'sales' })
  expect(schemaFrom('other.sales')).toEqual({ database: 'other', schema: 'sales' })
})

test('names are quoted in SQL where they must be', () => {
  expect(sqlName({ database: 'master', schema: 'public', name: 'a_1' })).toBe('master.public.a_1')
  expect(sqlName({ database: 'master', schema: 'My S', name: 'a"b' })).toBe('master."My S"."a""b"')
})

test('bad values are found in their column by their text, long ones by its beginning', () => {
  const long = 'x'.repeat(150)
  const bad = badValues([
    { line: 2, column: 'id', value: 'x', problem: 'no INTEGER' },
    { line: 3, column: 'id', value: long.slice(0, 100), problem: 'too long' },
    { line: 4, column: 'day', problem: 'no value' },
    { line: 5, problem: 'too few fields' },
  ])
  expect(problemOfValue(bad.get('id'), 'x')).toBe('no INTEGER')
  expect(problemOfValue(bad.get('id'), long)).toBe('too long')
  expect(problemOfValue(bad.get('id'), '1')).toBeUndefined()
  expect(problemOfValue(bad.get('day'), null)).toBe('no value')
  expect(problemOfValue(bad.get('other'), 'x')).toBeUndefined()
})
