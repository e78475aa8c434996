/** What the gateway's thread and the audit's reading thread say to each other. */
import type { KeyObject } from 'node:crypto'
import type { AuditRecord } from '../../audit/audit-event.ts'
import type { AuditFilter, AuditVerification } from '../../audit/audit-log.ts'

export interface AuditReaderData {
  readonly directory: string
  readonly anchorFile: string
  readonly key: KeyObject
}

export type AuditTask =
  { readonly kind: 'search'; readonly filter: AuditFilter } | { readonly kind: 'verify' }

export type AuditReaderRequest =
  | { readonly id: number; readonly kind: 'start'; readonly task: AuditTask }
  /** Work on for a while, and answer once. */
  | { readonly id: number; readonly kind: 'next' }
  | { readonly id: number; readonly kind: 'close' }

export type AuditReaderReply =
  | {
      readonly id: number
      readonly kind: 'working'
      readonly records: readonly AuditRecord[]
      readonly readBackTo: string | undefined
    }
  | {
      readonly id: number
      readonly kind: 'done'
      readonly records: readonly AuditRecord[]
      readonly readBackTo: string | undefined
      readonly verification: AuditVerification | undefined
    }
  | { readonly id: number; readonly kind: 'failed'; readonly message: string }
