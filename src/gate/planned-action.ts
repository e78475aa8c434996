/** The actions of ALTER TABLE, as far as they can be told before their table is looked at. */
import type { AddColumn, AlterAction } from './alter-action.ts'
import type { GateContext } from './gate-context.ts'
import { newColumn } from './new-column.ts'
import type { NewColumn } from './new-column.ts'

export type PlannedAction =
  Exclude<AlterAction, AddColumn> | { readonly kind: 'add'; readonly column: NewColumn }

export async function plannedActions(
  written: readonly AlterAction[],
  context: GateContext,
): Promise<PlannedAction[]> {
  const planned: PlannedAction[] = []
  for (const action of written) {
    planned.push(
      action.kind === 'add' ? { kind: 'add', column: await newColumn(action, context) } : action,
    )
  }
  return planned
}
