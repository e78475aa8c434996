/** Rows as a table for a terminal. */
import Table from 'cli-table3'
import { printable } from './printable.ts'

/** @param rows Each as long as `headers`. */
export function formatTable(
  headers: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const table = new Table({
    head: headers.map(printable),
    style: { head: [], border: [], compact: true },
  })
  for (const row of rows) table.push(row.map(printable))
  return `${table.toString()}\n`
}

export function formatCount(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`
}
