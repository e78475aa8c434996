/** What the gate found out about a statement: a permit without its holder. */
import type { PermittedAction, PermittedFiles } from '../identity/permit.ts'
import type { Requirement } from '../identity/permission.ts'

export interface CheckedStatement {
  /** Canonical, with full names: what may run. */
  readonly text: string
  /** What runs after it, as a part of it (`identity/permit.ts`); absent: nothing. */
  readonly further?: readonly string[]
  readonly action: PermittedAction
  readonly requires: readonly Requirement[]
  /** True when the text holds the principal's name: it is for nobody else. */
  readonly personal: boolean
  /** False for definitions: each permit registers an id of its own. */
  readonly reusable: boolean
  /** Of the foreign tables in it; absent until all of it is checked. */
  readonly files?: readonly PermittedFiles[]
}
