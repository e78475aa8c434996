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

/** Those that a role may know of: which it may read, or change. */
export function visibleColumns(authority: Authority, table: TableEntry): readonly ColumnEntry[] {
  const readable = heldColumns(authority, 'SELECT', table)
  const alterable = heldColumns(authority, 'DDL', table)
  if (readable === table.columns || alterable === table.columns) return table.columns
  return table.columns.filter((one) => readable.includes(one) || alterable.includes(one))
}

/** Of a view: its text names what is beneath it, of which nobody but its owner need know. */
export function knownDefinition(
  { superuser, roleId }: Authority,
  { view }: TableEntry,
): string | undefined {
  return superuser || view?.ownerRole === roleId ? view?.sql : undefined
}
