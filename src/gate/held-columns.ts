/** The columns of a table on which a permission is held, by their names of today. */
import { tableRef } from '../catalog/catalog-snapshot.ts'
import type { ColumnEntry, TableEntry } from '../catalog/catalog-snapshot.ts'
import type { Authority } from '../identity/authority.ts'

export function heldColumns(
  authority: Authority,
  permission: 'SELECT' | 'DDL',
  table: TableEntry,
): readonly ColumnEntry[] {
  const held = authority.columns(permission, tableRef(table))
  return held === 'all' ? table.columns : table.columns.filter(({ key }) => held.has(key))
}
