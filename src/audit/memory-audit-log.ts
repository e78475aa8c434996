/** An audit that forgets at the end: for the tests of whoever has to record something. */
import { Emitter } from '../base/emitter.ts'
import { GatewayError } from '../base/gateway-error.ts'
import type { AuditEvent, AuditRecord } from './audit-event.ts'
import { auditFilter } from './audit-filter.ts'
import type { AuditFilter, AuditLog, AuditSearchStep, AuditVerification } from './audit-log.ts'

export class MemoryAuditLog implements AuditLog {
  readonly records: AuditRecord[] = []
  readonly appended = new Emitter<AuditRecord>()
  /** Set by tests. */
  refusal: GatewayError | undefined = undefined
  #stopped = false

  append(event: AuditEvent): Promise<void> {
    if (this.#stopped) {
      return Promise.reject(new GatewayError('cannot_connect_now', 'the audit has stopped'))
    }
    const sequence = this.records.length + 1
    const record = { sequence, time: new Date().toISOString(), ...event }
    this.records.push(record)
    this.appended.emit(record)
    return Promise.resolve()
  }

  async *search(filter: AuditFilter): AsyncGenerator<AuditRecord, void> {
    await Promise.resolve()
    yield* this.records.filter(auditFilter(filter)).toReversed().slice(0, filter.limit)
  }

  async *searchSteps(filter: AuditFilter): AsyncGenerator<AuditSearchStep, void> {
    const found = new Set<AuditRecord>()
    for await (const record of this.search(filter)) found.add(record)
    for (const record of this.records.toReversed()) {
      yield { records: found.has(record) ? [record] : [], readBackTo: record.time }
    }
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
