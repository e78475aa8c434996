/** The columns of a table by the names that a client writes. */
import type { ColumnEntry, TableEntry } from '../catalog/catalog-snapshot.ts'
import type { GateContext } from './gate-context.ts'
import { heldColumns } from './held-columns.ts'

/** One that the role holds nothing on looks like one that is not there. */
export function knownColumn(
  table: TableEntry,
  name: string,
  { authority }: Pick<GateContext, 'authority'>,
): ColumnEntry | undefined {
  const column = columnNamed(table, name)
  const known = (['DDL', 'SELECT'] as const).some((permission) =>
    heldColumns(authority, permission, table).some((one) => one === column),
  )
  return known ? column : undefined
}

export function columnNamed({ columns }: TableEntry, name: string): ColumnEntry | undefined {
  return columns.find((column) => column.name.toLowerCase() === name.toLowerCase())
}
