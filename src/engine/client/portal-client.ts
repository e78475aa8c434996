/**
 * The gateway's end of an open result: a short queue of frames that the host may fill as far as it
 * has credit.
 */
import { assert } from '../../base/assert.ts'
import { fromErrorRecord, GatewayError, type ErrorRecord } from '../../base/gateway-error.ts'
import type { Schema } from '../../columnar/column-type.ts'
import type { EnginePortal, PortalEvent } from '../engine.ts'
import { PORTAL_CREDIT_BYTES } from '../wire/frame.ts'
import type { HostLink, PortalFrame } from './host-link.ts'

/** Credit is given back in lumps: a frame for each frame would double their number. */
const CREDIT_LUMP_BYTES = PORTAL_CREDIT_BYTES / 4

export class PortalClient implements EnginePortal {
  columns: Schema = []
  readonly #link: HostLink
  readonly #killAfterMs: number
  #id = 0
  readonly #events: PortalEvent[] = []
  #failure: GatewayError | undefined
  #waiting: { resolve(event: PortalEvent): void; reject(error: GatewayError): void } | undefined
  #onFailure: (failure: GatewayError) => void = () => undefined
  #bytesTaken = 0
  #stopListening: () => void = () => undefined
  #closing: Promise<void> | undefined

  constructor(link: HostLink, killAfterMs: number) {
    this.#link = link
    this.#killAfterMs = killAfterMs
  }

  /** The portal's id is known as soon as its request is sent. `signal` is heeded from here on. */
  began(id: number, signal: AbortSignal): void {
    this.#id = id
    const onAbort = (): void => this.#stop()
    signal.addEventListener('abort', onAbort, { once: true })
    this.#stopListening = () => signal.removeEventListener('abort', onAbort)
    if (signal.aborted) onAbort()
  }

  /** The reply, or at once the portal's failure when it is stopped before. */
  async untilStopped<T>(reply: Promise<T>): Promise<T> {
    return await new Promise<T>((resolve, reject) => {
      this.#onFailure = reject
      if (this.#failure) reject(this.#failure)
      reply.then(resolve, reject)
    })
  }

  hear(frame: PortalFrame): void {
    switch (frame.kind) {
      case 'rows':
        this.#give({ kind: 'frame', bytes: frame.bytes, rows: frame.rows, owned: frame.owned })
        return
      case 'suspended':
        this.#give({ kind: 'suspended' })
        return
      case 'complete':
        this.#stopListening()
        this.#give({ kind: 'complete', count: frame.count })
        return
      case 'failure':
        this.#fail(frame.error)
    }
  }

  async next(): Promise<PortalEvent> {
    assert(this.#waiting === undefined, 'one next() at a time')
    if (this.#failure) throw this.#failure
    const event = this.#events[0]
    // the end stays: whoever asks again hears it again
    if (event && event.kind !== 'complete') this.#events.shift()
    if (event) return this.#taken(event)
    return await new Promise<PortalEvent>((resolve, reject) => {
      this.#waiting = { resolve, reject }
    })
  }

  resume(rowsMax: number): void {
    this.#link.resume(this.#id, rowsMax)
  }

  async close(): Promise<void> {
    this.#closing ??= this.#close()
    await this.#closing
  }

  /** The request was refused, or the host died before its reply. */
  over(): void {
    this.#stopListening()
  }

  #give(event: PortalEvent): void {
    if (this.#failure) return
    const waiting = this.#waiting
    if (!waiting) {
      this.#events.push(event)
      return
    }
    this.#waiting = undefined
    if (event.kind === 'complete') this.#events.push(event)
    waiting.resolve(this.#taken(event))
  }

  #taken(event: PortalEvent): PortalEvent {
    if (event.kind === 'frame') {
      this.#bytesTaken += event.bytes.length
      if (this.#bytesTaken >= CREDIT_LUMP_BYTES) {
        this.#link.credit(this.#id, this.#bytesTaken)
        this.#bytesTaken = 0
      }
    }
    return event
  }

  #fail(error: ErrorRecord): void {
    this.#stopListening()
    if (this.#failure) return
    const failure = fromErrorRecord(error)
    this.#failure = failure
    this.#events.length = 0
    const waiting = this.#waiting
    this.#waiting = undefined
    waiting?.reject(failure)
    this.#onFailure(failure)
  }

  /** No further byte from here on, whenever the host gets round to it (design, engine fact 3). */
  #stop(): void {
    if (!this.#link.runs(this.#id)) return
    this.#link.interrupt(this.#id)
    this.#fail({ kind: 'cancelled', message: 'the statement was cancelled' })
    this.#killIfDeaf()
  }

  async #close(): Promise<void> {
    this.#stopListening()
    if (!this.#link.runs(this.#id)) return
    this.#fail({ kind: 'invalid_cursor_name', message: 'the portal is closed' })
    this.#killIfDeaf()
    const closed = { onDeath: () => new GatewayError('crash_shutdown', 'the engine restarted') }
    await this.#link.ask({ call: 'closePortal', portal: this.#id }, closed).catch(() => undefined)
    this.#link.forget(this.#id)
  }

  /** The second stage: a statement that is deaf to its interrupt takes the host down with it. */
  #killIfDeaf(): void {
    const link = this.#link
    const id = this.#id
    const timer = setTimeout(() => {
      if (!link.runs(id)) return
      link.kill(`a statement did not stop in ${this.#killAfterMs} ms`, link.textsOf(id))
    }, this.#killAfterMs)
    timer.unref()
  }
}
