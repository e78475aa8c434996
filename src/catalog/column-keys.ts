/**
 * What grants call columns.
 *
 * A grant on a column names the table by its id and the column by its key. The key is the name that
 * the column was made with, for as long as it lives: a renamed column keeps its grants. The key of a
 * column that was dropped is never used again, so a new column of an old name inherits none.
 */
import type { ColumnKey } from '../identity/permit.ts'
import type { ColumnEntry, TableEntry } from './catalog-snapshot.ts'

export function keysAfterAdding(table: TableEntry, name: string): ColumnKey[] {
  return [...keysOf(table), ...keyIfOther(name, newKey(table, name))]
}

export function keysAfterDropping(table: TableEntry, column: ColumnEntry): ColumnKey[] {
  const kept = keysOf(table).filter((one) => one.column !== column.name)
  return [...kept, { column: null, key: column.key }]
}

export function keysAfterRenaming(table: TableEntry, column: ColumnEntry, to: string): ColumnKey[] {
  const others = keysOf(table).filter((one) => one.column !== column.name)
  return [...others, ...keyIfOther(to, column.key)]
}

export function columnWithKey(table: TableEntry, key: string): ColumnEntry | undefined {
  return table.columns.find((column) => column.key.toLowerCase() === key.toLowerCase())
}

/** All that is to be remembered: nothing while every key is the column's name. */
export function keysOf({ columns, retiredKeys }: TableEntry): ColumnKey[] {
  return [
    ...columns.flatMap(({ name, key }) => keyIfOther(name, key)),
    ...retiredKeys.map((key) => ({ column: null, key })),
  ]
}

function keyIfOther(column: string, key: string): ColumnKey[] {
  return key === column ? [] : [{ column, key }]
}

/** Its name, unless that is or was the key of another one: then with a number. */
function newKey({ columns, retiredKeys }: TableEntry, name: string): string {
  const used = new Set([...columns.map(({ key }) => key), ...retiredKeys].map(lower))
  for (let number = 1; ; number += 1) {
    const key = number === 1 ? name : `${name} (${number})`
    if (!used.has(lower(key))) return key
  }
}

function lower(text: string): string {
  return text.toLowerCase()
}
