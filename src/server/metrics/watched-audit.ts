/** The audit, with an eye on what passes. */
import type { AuditEvent } from '../../audit/audit-event.ts'
import type { AuditLog, AuditVerification } from '../../audit/audit-log.ts'

export interface AuditObserver {
  /** Told of every event, also of one that cannot be put on record. */
  observe(event: AuditEvent): void
  /** Told what each proof of the whole audit found. */
  verified(verification: AuditVerification): void
}

export function watchedAudit(audit: AuditLog, observer: AuditObserver): AuditLog {
  return {
    get refusal() {
      return audit.refusal
    },
    append(event, durability) {
      observer.observe(event)
      return audit.append(event, durability)
    },
    appended: audit.appended,
    search: (filter) => audit.search(filter),
    searchSteps: (filter) => audit.searchSteps(filter),
    async verify() {
      const verification = await audit.verify()
      observer.verified(verification)
      return verification
    },
    stop: () => audit.stop(),
  }
}
