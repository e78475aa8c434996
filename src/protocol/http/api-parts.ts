/** What the routes of the API work with. The server builds it. */
import type { AuditLog } from '../../audit/audit-log.ts'
import type { Log } from '../../base/log.ts'
import type { CatalogSnapshot } from '../../catalog/catalog-snapshot.ts'
import type { Execution } from '../../execution/open-execution.ts'
import type { Loads } from '../../loads/loads.ts'
import type { Identity } from '../../identity/identity.ts'
import type { OperationsPort } from './operations-port.ts'

export interface ApiParts {
  readonly identity: Identity
  readonly audit: AuditLog
  readonly catalog: { current(): Promise<CatalogSnapshot> }
  readonly execution: Pick<Execution, 'openExecutor' | 'sessions' | 'poolLoad'>
  readonly loads: Loads
  readonly status: () => GatewayStatus
  readonly operations: OperationsPort
  readonly log: Log
}

export interface GatewayStatus {
  readonly version: string
  readonly startedAt: string
  readonly processId: number
  /** Open doors: `{"pg":{"host":"localhost","port":5439}}`. */
  readonly doors: Readonly<Record<string, { readonly host: string; readonly port: number }>>
  readonly caFile: string | undefined
  readonly sessions: number
  /** How often the engine was started; 1 when it never had to be restarted. */
  readonly engineGeneration: number
  /** Layers of protection around the engine, and what they are about, or why one is missing. */
  readonly engineLayers: readonly {
    readonly name: string
    readonly active: boolean
    readonly about: string
  }[]
}
