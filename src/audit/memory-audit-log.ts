/** An audit that forgets at the end: for the tests of whoever has to record something. */
import { GatewayError } from '../base/gateway-error.ts'
import type { AuditEvent, AuditRecord } from './audit-event.ts'
import { auditFilter } from './audit-filter.ts'
import type { AuditFilter, AuditLog, AuditVerification } from './audit-log.ts'

export class MemoryAuditLog implements AuditLog {
  readonly records: AuditRecord[] = []
  /** Set by tests. */
  refusal: GatewayError | undefined = undefined
  #stopped = false

  append(event: AuditEvent): Promise<void> {
    if (this.#stopped) {
      return Promise.reject(new GatewayError('cannot_connect_now', 'the audit has stopped'))
    }
    const sequence = this.records.length + 1
    this.records.push({ sequence, time: new Date().toISOString(), ...event })
    return Promise.resolve()
  }

  async *search(filter: AuditFilter): AsyncGenerator<AuditRecord, void> {
    await Promise.resolve()
    yield* this.records.filter(auditFilter(filter)).toReversed().slice(0, filter.limit)
  }

  verify(): Promise<AuditVerification> {
    const records = this.records.length
    return Promise.resolve({ ok: true, records, segments: 1, head: `${records}` })
  }

  stop(): Promise<void> {
    this.#stopped = true
    return Promise.resolve()
  }
}
