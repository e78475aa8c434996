/**
 * What the actions of ALTER TABLE need: DDL on the table; for a column that is there, DDL on the
 * column will do. An action that fails because of a value needs SELECT on the column as well: it would
 * tell what is in it. One that fails because there are rows needs SELECT on some column.
 */
import type { TableEntry } from '../catalog/catalog-snapshot.ts'
import type { Requirement } from '../identity/permission.ts'
import type { ChangeType } from './alter-action.ts'
import type { GateContext } from './gate-context.ts'
import { knownColumn } from './known-column.ts'
import { tellsOfRows } from './new-column.ts'
import type { PlannedAction } from './planned-action.ts'
import { needOnTable, needToAlter, needToRead } from './requirements.ts'

/** Of all actions, for the table as it is before the first one. */
export function rightsToAlter(
  actions: readonly PlannedAction[],
  table: TableEntry,
  context: GateContext,
): Requirement[] {
  const added = new Set(
    actions.flatMap((one) => (one.kind === 'add' ? [lower(one.column.name)] : [])),
  )

  /** Nothing is asked for what is not there: it looks like what may not be known of. */
  const known = (names: readonly string[]): string[] =>
    names.flatMap((name) => knownColumn(table, name, context)?.name ?? [])

  /** Of a new column nothing but how many rows there are can be told. */
  const toRead = (names: readonly string[]): Requirement[] => {
    const there = known(names)
    const some = there.length > 0 || names.some((name) => added.has(lower(name)))
    return some ? needToRead(table, new Set(there)) : []
  }

  const toAlter = (name: string): Requirement[] =>
    known([name]).length > 0 ? needToAlter(table, known([name])) : []

  /** USING may read every column of the table, so it needs SELECT on all; of several actions, its own. */
  const toChangeType = ({ name, using }: ChangeType): Requirement[] => {
    const all = using !== undefined && actions.length === 1
    const own = known([name])
    const read = all ? table.columns.map((column) => column.name) : own
    return own.length > 0 ? [...toAlter(name), ...needToRead(table, new Set(read))] : []
  }

  return actions.flatMap((action): Requirement[] => {
    switch (action.kind) {
      case 'add': {
        const ddl = needOnTable('DDL', table)
        return tellsOfRows(action.column) ? [...ddl, ...needToRead(table, new Set())] : ddl
      }
      case 'primary key':
        return [...needOnTable('DDL', table), ...toRead(action.columns)]
      case 'set not null':
        return [...toAlter(action.name), ...toRead([action.name])]
      case 'type':
        return toChangeType(action)
      case 'drop':
      case 'rename':
      case 'drop default':
      case 'drop not null':
      case 'set default':
        return toAlter(action.name)
    }
  })
}

function lower(text: string): string {
  return text.toLowerCase()
}
