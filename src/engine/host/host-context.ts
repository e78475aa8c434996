/** What sessions and portals of the host share. Made once, in `host.ts`. */
import type { HostFrame } from '../wire/frame.ts'
import type { BindLock } from './bind-lock.ts'
import type { CatalogVersions } from './catalog-versions.ts'
import type { Connection } from './connection.ts'
import type { DatabaseFile } from './task.ts'
import type { WorkerPool } from './worker-pool.ts'

export interface HostContext {
  readonly pool: WorkerPool
  readonly binding: BindLock
  readonly versions: CatalogVersions
  /** Those that are attached now. */
  readonly databases: {
    readonly names: readonly string[]
    readonly files: readonly DatabaseFile[]
    /** Names of those that others write, and that are only read here. */
    readonly attached: readonly string[]
  }
  /** Where the files of the databases are, as a realpath. */
  readonly databasesDirectory: string
  readonly spoolDirectory: string
  readonly spoolBytesMax: number
  readonly send: (frame: HostFrame) => void
  /** From any thread's point of view at once; heard late at times (design, engine fact 3). */
  readonly interrupt: (connection: bigint) => void
  /** Nothing more comes from this portal. */
  readonly forgetPortal: (id: number) => void
  readonly openConnection: () => Connection
  /** Nothing runs on it and nothing is open on it any more. */
  readonly disposeConnection: (connection: Connection) => void
  readonly nextStatementNumber: () => number
}
