/** The gateway's end of the thread that reads the audit. Started when first asked. */
import { Worker } from 'node:worker_threads'
import { auditFilter } from '../../audit/audit-filter.ts'
import { assert } from '../../base/assert.ts'
import { GatewayError } from '../../base/gateway-error.ts'
import type { AuditRecord } from '../../audit/audit-event.ts'
import type { AuditFilter, AuditSearchStep, AuditVerification } from '../../audit/audit-log.ts'
import type {
  AuditReaderData,
  AuditReaderReply,
  AuditReaderRequest,
  AuditTask,
} from './audit-reader-messages.ts'

interface Waiting {
  readonly resolve: (reply: AuditReaderReply) => void
  readonly reject: (error: GatewayError) => void
}

export class AuditReader {
  readonly #data: AuditReaderData
  readonly #waiting = new Map<number, Waiting>()
  #worker: Worker | undefined
  #lastId = 0
  #tasks = 0
  #stopped = false

  constructor(data: AuditReaderData) {
    this.#data = data
  }

  /** Reads on only while it is asked for more. */
  async *search(filter: AuditFilter): AsyncGenerator<AuditRecord, void> {
    for await (const { records } of this.searchSteps(filter)) yield* records
  }

  /** One step of the reading thread after the other, also those that found nothing. */
  async *searchSteps(filter: AuditFilter): AsyncGenerator<AuditSearchStep, void> {
    auditFilter(filter) // a mistake in it is the caller's
    for await (const { records, readBackTo } of this.#run({ kind: 'search', filter })) {
      yield { records, ...(readBackTo !== undefined && { readBackTo }) }
    }
  }

  async verify(): Promise<AuditVerification> {
    let verification: AuditVerification | undefined
    for await (const reply of this.#run({ kind: 'verify' })) {
      if (reply.kind === 'done') verification = reply.verification
    }
    assert(verification !== undefined, 'a proof ends with its outcome')
    return verification
  }

  /** What is being read fails. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#fail('the gateway is stopping')
    await this.#worker?.terminate()
  }

  async *#run(
    task: AuditTask,
  ): AsyncGenerator<Exclude<AuditReaderReply, { kind: 'failed' }>, void> {
    const id = (this.#lastId += 1)
    this.#begin()
    let isDone = false
    try {
      this.#send({ id, kind: 'start', task })
      while (!isDone) {
        const reply = await this.#next(id)
        if (reply.kind === 'failed') {
          isDone = true
          throw unreadable(reply.message)
        }
        isDone = reply.kind === 'done'
        yield reply
      }
    } finally {
      if (!isDone) this.#send({ id, kind: 'close' })
      this.#end()
    }
  }

  #next(id: number): Promise<AuditReaderReply> {
    if (this.#stopped) return Promise.reject(unreadable('the gateway is stopping'))
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      this.#send({ id, kind: 'next' })
    })
  }

  #send(request: AuditReaderRequest): void {
    this.#worker?.postMessage(request)
  }

  /** The thread keeps the process alive only while it has something to do. */
  #begin(): void {
    this.#tasks += 1
    this.#worker ??= this.#start()
    this.#worker.ref()
  }

  #end(): void {
    this.#tasks -= 1
    if (this.#tasks === 0) this.#worker?.unref()
  }

  #start(): Worker {
    const worker = new Worker(new URL('./audit-reader-worker.ts', import.meta.url), {
      workerData: this.#data,
      env: {},
    })
    worker.on('message', (reply: AuditReaderReply) => {
      this.#waiting.get(reply.id)?.resolve(reply)
      this.#waiting.delete(reply.id)
    })
    worker.on('error', (error: Error) => this.#fail(error.message))
    worker.on('exit', () => {
      this.#worker = undefined // the next task starts another
      this.#fail('the reading thread has ended')
    })
    return worker
  }

  #fail(why: string): void {
    for (const { reject } of this.#waiting.values()) reject(unreadable(why))
    this.#waiting.clear()
  }
}

function unreadable(why: string): GatewayError {
  return new GatewayError('io_error', `the audit cannot be read: ${why}`, {
    hint: 'Look at the audit directory and the log of the gateway.',
  })
}
