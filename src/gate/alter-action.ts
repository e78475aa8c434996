/** One action of ALTER TABLE: what stands behind the table's name, and what it changes besides. */
import type { RegistryAmendment } from '../identity/permit.ts'
import type { Requirement } from '../identity/permission.ts'

export interface AlterAction {
  readonly text: string
  /** Held: they were checked before anything was said of the table. */
  readonly requires: readonly Requirement[]
  readonly amends: readonly RegistryAmendment[]
  /** When IF [NOT] EXISTS left nothing to do. */
  readonly notice?: string
}
