/** What operators ask of a gateway beside its own work. The server builds it. */
import type { BackupPort } from './backup-port.ts'

export interface OperationsPort {
  readonly backups: BackupPort
  /** Makes a new root key, and seals all tokens under it. */
  rotateKeys(): Promise<KeyRotation>
  /** Why the gateway is not ready to serve: words that tell nothing about it. Empty: it is ready. */
  unreadiness(): Promise<readonly string[]>
  /** In the text format of Prometheus. */
  metrics(): Promise<MetricsText>
  /** What an administrator should know, worst first. */
  warnings(): Promise<readonly Warning[]>
}

export interface KeyRotation {
  /** The number of the new root key. */
  readonly current: number
  readonly rewrapped: number
  readonly keys: readonly {
    readonly id: number
    readonly current: boolean
    readonly audit: boolean
    readonly tokens: number
    readonly sealed: number
  }[]
}

export interface MetricsText {
  readonly contentType: string
  readonly text: string
}

export interface Warning {
  readonly kind:
    | 'token_expiring'
    | 'token_expired'
    | 'certificate_expiring'
    | 'disk_low'
    | 'audit_unproven'
    | 'no_user'
    | 'no_backup'
  readonly severity: 'info' | 'warning' | 'critical'
  readonly text: string
  readonly fix: string
  /** ISO 8601, UTC: since when it is so, as far as is known. */
  readonly since: string
  readonly client?: string
}
