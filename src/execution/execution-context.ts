/** The parts that statements are executed with. Built once by the server. */
import type { AuditLog } from '../audit/audit-log.ts'
import type { Log } from '../base/log.ts'
import type { Catalog } from '../catalog/open-catalog.ts'
import type { Engine, EngineSession } from '../engine/engine.ts'
import type { Gate } from '../gate/gate.ts'
import type { Identity } from '../identity/identity.ts'
import type { Session } from '../session/session.ts'
import type { Admission } from './admission/admission.ts'
import type { Budgets } from './admission/budgets.ts'
import type { SessionDefinitions } from './session-definitions.ts'
import type { SessionHistory } from './session-history.ts'
import type { SessionRegistry } from './session-registry.ts'
import type { Transaction } from './transaction.ts'

export interface ExecutionContext {
  /** Of the product. */
  readonly version: string
  readonly engine: Engine
  readonly identity: Identity
  readonly gate: Gate
  readonly catalog: Catalog
  readonly audit: AuditLog
  readonly log: Log
}

/** What belongs to one session besides. */
export interface SessionContext extends ExecutionContext {
  readonly session: Session
  readonly engineSession: EngineSession
  readonly transaction: Transaction
  readonly definitions: SessionDefinitions
  readonly admission: Admission
  readonly budgets: Budgets
  readonly sessions: Pick<SessionRegistry, 'find' | 'live'>
  readonly history: SessionHistory
  /** Statements that the engine can run at once. */
  readonly engineWorkers: number
}
