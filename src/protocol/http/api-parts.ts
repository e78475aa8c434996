/** What the routes of the API work with. The server builds it. */
import type { AuditLog } from '../../audit/audit-log.ts'
import type { Log } from '../../base/log.ts'
import type { CatalogSnapshot } from '../../catalog/catalog-snapshot.ts'
import type { Execution } from '../../execution/open-execution.ts'
import type { Identity } from '../../identity/identity.ts'

export interface ApiParts {
  readonly identity: Identity
  readonly audit: AuditLog
  readonly catalog: { current(): Promise<CatalogSnapshot> }
  readonly execution: Pick<Execution, 'openExecutor' | 'sessions'>
  readonly status: () => GatewayStatus
  readonly log: Log
  /** What tools came as a client since then, newest first. */
  readonly recentUses?: (clientName: string, sinceMs: number) => Promise<readonly RecentUse[]>
  /** Names of the users who act with a role, sorted. */
  readonly usersOfRole?: (roleId: string) => readonly string[]
}

/** One tool at one address. */
export interface RecentUse {
  readonly tool: string
  readonly address: string
  readonly door?: string
  readonly lastUsedAt: string
  readonly uses: number
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
}
