/**
 * Appends lines to the log, and makes many share one flush.
 *
 * Two loops: one writes what was appended since its last round, the other flushes what was written
 * since its last. Appends that arrive meanwhile wait together for the next round, so the more there
 * are, the fewer flushes each one costs. A line gets its sequence and its hash when it is written:
 * a write that fails (a full disk) takes nothing with it but its own appends.
 *
 * A flush that fails is another matter. The operating system may have dropped the pages, and a
 * second flush would report success. So from then on every append fails, until a restart has read
 * back what is really there.
 */
import { Emitter } from '../../base/emitter.ts'
import { GatewayError } from '../../base/gateway-error.ts'
import type { Log } from '../../base/log.ts'
import type { AuditEvent, AuditRecord } from '../../audit/audit-event.ts'
import type { Durability } from '../../audit/audit-log.ts'
import type { AuditChain, ChainHead } from './audit-chain.ts'
import { auditFailure, hasStopped, isNoRoom } from './audit-failure.ts'
import { dayOf } from './audit-segments.ts'

const BATCH_RECORDS_MAX = 512
const BATCH_BYTES_MAX = 1024 * 1024
const RECORD_BYTES_MAX = 16 * 1024 * 1024
const QUEUED_BYTES_MAX = 64 * 1024 * 1024
/** A second is promised; the flush itself needs some of it. */
const SETTLE_INTERVAL_MS = 800

/** What is needed of an open segment. `node:fs/promises` gives it; tests give one that fails. */
export interface SegmentFile {
  write(
    bytes: Uint8Array,
    offset: number,
    length: number,
    at: number,
  ): Promise<{ bytesWritten: number }>
  datasync(): Promise<void>
  truncate(size: number): Promise<void>
  close(): Promise<void>
}

export interface OpenSegment {
  readonly file: SegmentFile
  readonly day: string
  readonly size: number
}

interface Append {
  readonly json: string
  readonly durability: Durability
  readonly resolve: () => void
  readonly reject: (error: GatewayError) => void
}

/** Where the log ends. */
export interface AuditEnd {
  readonly day: string
  /** Of the segment of that day, in bytes. */
  readonly size: number
  readonly head: ChainHead
}

export interface AuditCounts {
  readonly records: number
  readonly bytes: number
  readonly flushes: number
}

export class AuditWriter {
  readonly appended = new Emitter<AuditRecord>()
  readonly #chain: AuditChain
  readonly #clock: () => number
  readonly #log: Log
  /** Makes the file of a new day, whose header (flushed) follows `head`. */
  readonly #nextSegment: (
    day: string,
    head: ChainHead,
  ) => Promise<OpenSegment & { head: ChainHead }>
  /** Told what is on disk for sure; at most about once a second. */
  readonly #settled: (head: ChainHead) => Promise<void>
  readonly #makeRoom: () => Promise<boolean>

  #segment: OpenSegment
  #size: number
  #head: ChainHead
  #lastTime: number
  #queue: Append[] = []
  #queuedBytes = 0
  #writing: Promise<void> | undefined
  /** What is being written just now, or was last. */
  #batch: Promise<void> = Promise.resolve()
  #held: Promise<void> | undefined
  /** Written, and to be acknowledged by the next flush. */
  #unflushed: Append[] = []
  #isDirty = false
  #flushing: Promise<void> | undefined
  #flushedHead: ChainHead
  #settleTimer: NodeJS.Timeout | undefined
  #settling: Promise<void> | undefined
  #broken: GatewayError | undefined
  #isStopped = false
  #counts = { records: 0, bytes: 0, flushes: 0 }

  constructor(parts: {
    chain: AuditChain
    segment: OpenSegment
    head: ChainHead
    lastTime: number
    nextSegment: (day: string, head: ChainHead) => Promise<OpenSegment & { head: ChainHead }>
    settled: (head: ChainHead) => Promise<void>
    /** Asked when the disk is full: whether there is more room now. */
    makeRoom?: () => Promise<boolean>
    clock: () => number
    log: Log
  }) {
    this.#chain = parts.chain
    this.#segment = parts.segment
    this.#size = parts.segment.size
    this.#head = parts.head
    this.#flushedHead = parts.head
    this.#lastTime = parts.lastTime
    this.#nextSegment = parts.nextSegment
    this.#settled = parts.settled
    this.#makeRoom = parts.makeRoom ?? (() => Promise.resolve(false))
    this.#clock = parts.clock
    this.#log = parts.log
  }

  /** Why every append fails, since a flush did. */
  get broken(): GatewayError | undefined {
    return this.#broken
  }

  /** The sequence of the last record. */
  get lastRecord(): number {
    return this.#head.sequence
  }

  /** Since the opening. */
  get counts(): AuditCounts {
    return { ...this.#counts }
  }

  append(event: AuditEvent, durability: Durability): Promise<void> {
    if (this.#isStopped) return Promise.reject(hasStopped())
    if (this.#broken) return Promise.reject(this.#broken)
    const json = JSON.stringify(event)
    const refusal = this.#refusal(json.length)
    if (refusal) return Promise.reject(refusal)
    return new Promise((resolve, reject) => {
      this.#queue.push({ json, durability, resolve, reject })
      this.#queuedBytes += json.length
      this.#writing ??= this.#writeAll()
    })
  }

  /** The end of the log stays where it is until `work` is over; what is appended meanwhile waits. */
  async hold<T>(work: (end: AuditEnd) => Promise<T>): Promise<T> {
    while (this.#held) await this.#held
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#held = promise
    try {
      await this.#batch.catch(() => undefined) // told to whoever appended
      return await work({ day: this.#segment.day, size: this.#size, head: this.#head })
    } finally {
      this.#held = undefined
      resolve()
    }
  }

  /** Everything appended so far is on disk; later appends fail. */
  async stop(): Promise<void> {
    this.#isStopped = true
    await this.#writing
    if (!this.#broken) await this.settle()
    clearTimeout(this.#settleTimer)
    await this.#segment.file.close()
  }

  #refusal(bytes: number): GatewayError | undefined {
    if (bytes > RECORD_BYTES_MAX) {
      return new GatewayError('program_limit', `an audit record of ${bytes} bytes is too large`, {
        hint: `At most ${RECORD_BYTES_MAX} bytes can be put on record; send a shorter statement.`,
      })
    }
    if (this.#queuedBytes + bytes > QUEUED_BYTES_MAX) {
      return new GatewayError('io_error', 'the disk of the audit cannot keep up', {
        hint: 'Try again later; nothing was done.',
        safeToRetry: true,
      })
    }
    return undefined
  }

  async #writeAll(): Promise<void> {
    await Promise.resolve() // appends of this turn of the event loop travel together
    while (this.#queue.length > 0) {
      while (this.#held) await this.#held
      const batch = this.#takeBatch()
      this.#batch = this.#write(batch)
      try {
        await this.#batch
      } catch (error) {
        const failure = auditFailure(error)
        for (const append of batch) append.reject(failure)
      }
    }
    this.#writing = undefined
  }

  #takeBatch(): Append[] {
    let bytes = 0
    let count = 0
    for (const { json } of this.#queue) {
      if (count === BATCH_RECORDS_MAX || (count > 0 && bytes + json.length > BATCH_BYTES_MAX)) break
      bytes += json.length
      count += 1
    }
    this.#queuedBytes -= bytes
    return this.#queue.splice(0, count)
  }

  /** On a full disk once more, when room could be made. */
  async #write(batch: readonly Append[]): Promise<void> {
    try {
      await this.#writeOnce(batch)
    } catch (error) {
      if (!isNoRoom(error) || !(await this.#makeRoom())) throw error
      await this.#writeOnce(batch)
    }
  }

  async #writeOnce(batch: readonly Append[]): Promise<void> {
    const time = Math.max(this.#clock(), this.#lastTime) // records are in the order of their times
    if (dayOf(time) > this.#segment.day) await this.#rotate(dayOf(time))
    const { bytes, head } = this.#compose(batch, time)
    const first = this.#head.sequence + 1
    await this.#writeBytes(bytes)
    this.#head = head
    this.#lastTime = time
    this.#counts.records += batch.length
    this.#counts.bytes += bytes.length
    this.#isDirty = true
    for (const append of batch) {
      if (append.durability === 'flushed') this.#unflushed.push(append)
      else append.resolve()
    }
    if (this.#unflushed.length > 0) this.#flushing ??= this.#flushAll()
    this.#settleSoon()
    if (this.appended.isHeard) this.#tell(batch, first, new Date(time).toISOString())
  }

  /** What is written stays written, whatever a listener makes of it. */
  #tell(batch: readonly Append[], first: number, time: string): void {
    for (const [index, { json }] of batch.entries()) {
      const event = JSON.parse(json) as AuditEvent
      try {
        this.appended.emit({ sequence: first + index, time, ...event })
      } catch (error) {
        this.#log.error({ error }, 'a listener for audit records failed')
      }
    }
  }

  #compose(batch: readonly Append[], time: number): { bytes: Buffer; head: ChainHead } {
    const written = new Date(time).toISOString()
    let { sequence, hash } = this.#head
    const lines: string[] = []
    for (const { json } of batch) {
      sequence += 1
      const body = `{"sequence":${sequence},"time":"${written}",${json.slice(1)}`
      const linked = this.#chain.link(hash, body)
      hash = linked.hash
      lines.push(linked.line)
    }
    return { bytes: Buffer.from(lines.join('')), head: { sequence, hash } }
  }

  /** All of `bytes`, or none. */
  async #writeBytes(bytes: Buffer): Promise<void> {
    const { file } = this.#segment
    try {
      for (let done = 0; done < bytes.length;) {
        const { bytesWritten } = await file.write(
          bytes,
          done,
          bytes.length - done,
          this.#size + done,
        )
        done += bytesWritten
      }
    } catch (error) {
      await file.truncate(this.#size).catch((cause: unknown) => this.#break(cause))
      throw error
    }
    this.#size += bytes.length
  }

  async #rotate(day: string): Promise<void> {
    await this.#flush()
    if (this.#broken) throw this.#broken
    const next = await this.#nextSegment(day, this.#head)
    const old = this.#segment.file
    this.#segment = next
    this.#size = next.size
    this.#head = next.head
    this.#flushedHead = next.head
    await old.close()
  }

  /** Resolves when everything written so far is on disk, or the writer is broken. */
  async #flush(): Promise<void> {
    await this.#flushing // it may have begun before the last write
    if (!this.#isDirty) return
    this.#flushing ??= this.#flushAll()
    await this.#flushing
  }

  async #flushAll(): Promise<void> {
    while (this.#isDirty) {
      const waiting = this.#unflushed
      const head = this.#head
      this.#unflushed = []
      this.#isDirty = false
      try {
        await this.#segment.file.datasync()
      } catch (error) {
        this.#break(error)
        for (const append of waiting) append.reject(auditFailure(error))
        break
      }
      this.#flushedHead = head
      this.#counts.flushes += 1
      for (const append of waiting) append.resolve()
      if (this.#unflushed.length === 0) break // what else is dirty may wait for the second
    }
    this.#flushing = undefined
  }

  #settleSoon(): void {
    this.#settleTimer ??= setTimeout(() => void this.settle(), SETTLE_INTERVAL_MS).unref()
  }

  /** Flushes what is written, and tells. Never throws. */
  async settle(): Promise<void> {
    clearTimeout(this.#settleTimer)
    this.#settleTimer = undefined
    await this.#settling
    this.#settling = this.#flush()
      .then(() => this.#settled(this.#flushedHead))
      .catch((error: unknown) => this.#log.warn({ error }, 'the audit anchor was not written'))
    await this.#settling
    if (this.#isDirty && !this.#broken) this.#settleSoon() // written during the flush
  }

  #break(cause: unknown): void {
    this.#broken = auditFailure(cause)
    this.#log.error({ error: cause }, 'the audit failed: everything that needs it is refused')
    for (const append of this.#unflushed.splice(0)) append.reject(this.#broken)
  }
}
