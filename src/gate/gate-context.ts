/** What one authorization knows: the request, and what the gate was made with. */
import type { TableEntry } from '../catalog/catalog-snapshot.ts'
import type { CallableFunctions } from './callable-functions.ts'
import type { PermittedFiles } from '../identity/permit.ts'
import type { Requirement } from '../identity/permission.ts'
import type { DrawnSequences } from './drawn-sequences.ts'
import type { FilesUsed } from './files-used.ts'
import type { AuthorizationRequest } from './gate.ts'
import type { FunctionNames } from './function-name.ts'
import type { SystemNames } from './system-relations.ts'
import type { ColumnReads } from './verify-plan.ts'

export interface GateContext extends AuthorizationRequest {
  /** What `version()` answers. */
  readonly serverVersion: string
  /** Absent for statements that name nothing of the catalogue. */
  readonly system: SystemNames | undefined
  /** Told of every statement that passed one check and failed a later one: see `SecurityFinding`. */
  readonly alert: (finding: SecurityFinding) => void
  /** What a view or a foreign table reads, and whether its owner may: see `view-reads.ts`. */
  readonly throughView: (view: TableEntry, context: GateContext) => Promise<ReadThrough>
  /** The functions of users that its text names, as far as they may be known of. */
  readonly functions: CallableFunctions
  /** Those that another text names. */
  readonly functionsIn: (text: string, context: FunctionNames) => Promise<CallableFunctions>
  /** Ids of the views in whose queries this one stands, from the outermost on. */
  readonly withinViews: readonly string[]
  /** Collects the foreign tables that are read. */
  readonly files: FilesUsed
  /** Collects the sequences that values are drawn from. */
  readonly sequences: DrawnSequences
  /** Whether `nextval` may stand in it; absent: nowhere. */
  readonly mayDraw?: boolean
}

export interface ReadThrough {
  /** Each with its `holder`: the owner of the view, or of one that the view reads. */
  readonly requires: readonly Requirement[]
  /** Of the tables beneath, all the way down. */
  readonly reads: ColumnReads
  /** 1 for a view that reads no other one, 0 for a foreign table. */
  readonly depth: number
  /** Of foreign tables: of the one itself, or of those beneath. */
  readonly files: readonly PermittedFiles[]
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
