/** What one authorization knows: the request, and what the gate was made with. */
import type { AuthorizationRequest } from './gate.ts'
import type { SystemNames } from './system-relations.ts'

export interface GateContext extends AuthorizationRequest {
  /** What `version()` answers. */
  readonly serverVersion: string
  /** Absent for statements that name nothing of the catalogue. */
  readonly system: SystemNames | undefined
  /** Told of every statement that passed one check and failed a later one: see `SecurityFinding`. */
  readonly alert: (finding: SecurityFinding) => void
}

/**
 * The tree was fine and the plan was not, or the regenerated text was not what was checked: either
 * an attack or a flaw of the gate. The statement was refused.
 */
export interface SecurityFinding {
  readonly what: string
  readonly roleId: string
  /** The client's text. */
  readonly text: string
}
