/**
 * Requests and portals of one life of the engine host: matches what comes back with who asked.
 *
 * When the host dies everything under way fails with the error that was given with it, because only
 * the asker knows what a death means for its request (a read may be sent again, a COMMIT is open).
 */
import { present } from '../../base/assert.ts'
import { fromErrorRecord, type GatewayError } from '../../base/gateway-error.ts'
import type { FenceRequest } from '../layers.ts'
import type { HostFrame } from '../wire/frame.ts'
import { isQuestion } from '../wire/request.ts'
import type { Call, Replies, Reply, Request, RequestOf } from '../wire/request.ts'
import { HostProcess } from './host-process.ts'

/** What a portal hears after its reply. */
export type PortalFrame = Extract<
  HostFrame,
  { readonly kind: 'rows' | 'suspended' | 'complete' | 'failure' }
>

export interface Asked {
  /** The texts that the engine works on, for the crash fuse; empty where there are none. */
  readonly texts?: readonly string[]
  /** What the asker gets when the host dies meanwhile. */
  readonly onDeath: () => GatewayError
}

interface Pending extends Asked {
  resolve(reply: Reply): void
  reject(error: GatewayError): void
  /** Present on a `run`: the entry then stays until the portal's end. */
  readonly onPortalFrame?: (frame: PortalFrame) => void
  replied: boolean
}

export interface HostLinkEvents {
  onVersion(version: number): void
  /** A text came to an end in an ordinary way. */
  onSurvived(text: string): void
  /** `texts`: what was running. */
  onEnd(how: string, texts: readonly string[]): void
}

export class HostLink {
  readonly #process: HostProcess
  readonly #events: HostLinkEvents
  readonly #pending = new Map<number, Pending>()
  /** The one that is with the thread for questions; others go the way of all requests. */
  #question: number | undefined
  #lastId = 0
  #lastPongAt = performance.now()
  #guilty: readonly string[] | undefined
  #ended = false

  constructor(workingDirectory: string, fence: FenceRequest, events: HostLinkEvents) {
    this.#events = events
    this.#process = new HostProcess(workingDirectory, fence, {
      onFrame: (frame) => this.#onFrame(frame),
      onEnd: (how) => this.#onEnd(how),
    })
  }

  get ended(): boolean {
    return this.#ended
  }

  get pid(): number | undefined {
    return this.#process.pid
  }

  get lastPongAt(): number {
    return this.#lastPongAt
  }

  /** @returns the reply; rejects with what the host says, or `onDeath`. */
  ask<C extends Call>(request: RequestOf<C>, asked: Asked): Promise<Replies[C]> {
    return this.start(request, asked).reply
  }

  /** As `ask`, with the id under which it can be interrupted, and its portal be heard. */
  start<C extends Call>(
    request: RequestOf<C>,
    asked: Asked,
    onPortalFrame?: (frame: PortalFrame) => void,
  ): { id: number; reply: Promise<Replies[C]> } {
    const id = this.#nextId()
    const reply = new Promise<Reply>((resolve, reject) => {
      if (this.#ended) {
        reject(asked.onDeath())
        return
      }
      const portal = onPortalFrame === undefined ? {} : { onPortalFrame }
      this.#pending.set(id, { ...asked, ...portal, resolve, reject, replied: false })
      try {
        this.#send(id, request)
      } catch (error) {
        this.#pending.delete(id) // nothing has left, and nothing will come
        throw error
      }
    })
    return { id, reply: reply as Promise<Replies[C]> }
  }

  /** True while the request has no reply, or its portal no end. */
  runs(id: number): boolean {
    return this.#pending.has(id)
  }

  interrupt(id: number): void {
    this.#process.send({ kind: 'interrupt', id })
  }

  credit(id: number, bytes: number): void {
    this.#process.send({ kind: 'credit', id, bytes })
  }

  resume(id: number, rowsMax: number): void {
    this.#process.send({ kind: 'resume', id, rowsMax })
  }

  /** A portal was closed: nothing that still comes is for anybody. */
  forget(id: number): void {
    this.#pending.delete(id)
  }

  ping(): void {
    this.#process.send({ kind: 'ping', id: 0 })
  }

  /** `guilty`: the text that is to blame, where it is known. */
  kill(reason: string, guilty?: readonly string[]): void {
    this.#guilty ??= guilty
    this.#process.kill(reason)
  }

  /** The texts of a request under way. */
  textsOf(id: number): readonly string[] {
    return this.#pending.get(id)?.texts ?? []
  }

  #send(id: number, request: Request): void {
    const frame = { kind: 'request', id, request } as const
    if (this.#question !== undefined || !isQuestion(request)) {
      this.#process.send(frame)
      return
    }
    this.#process.sendQuestion(frame)
    this.#question = id
  }

  #nextId(): number {
    // 32 bits; after four billion requests old ids come back, and long-lived portals are skipped
    do this.#lastId = this.#lastId === 0xffff_ffff ? 1 : this.#lastId + 1
    while (this.#pending.has(this.#lastId))
    return this.#lastId
  }

  #onFrame(frame: HostFrame): void {
    switch (frame.kind) {
      case 'version':
        this.#events.onVersion(frame.version)
        return
      case 'pong':
        this.#lastPongAt = performance.now()
        return
      case 'reply': {
        const pending = this.#pending.get(frame.id)
        if (!pending) return
        pending.replied = true
        if (!pending.onPortalFrame) this.#finish(frame.id, pending)
        pending.resolve(frame.reply)
        return
      }
      case 'failure': {
        const pending = this.#pending.get(frame.id)
        if (!pending) return
        this.#finish(frame.id, pending)
        if (pending.replied) present(pending.onPortalFrame, 'a portal')(frame)
        else pending.reject(fromErrorRecord(frame.error))
        return
      }
      case 'rows':
      case 'suspended':
      case 'complete': {
        const pending = this.#pending.get(frame.id)
        if (frame.kind === 'complete' && pending) this.#finish(frame.id, pending)
        pending?.onPortalFrame?.(frame)
      }
    }
  }

  #finish(id: number, pending: Pending): void {
    this.#pending.delete(id)
    if (id === this.#question) this.#question = undefined
    for (const text of pending.texts ?? []) this.#events.onSurvived(text)
  }

  #onEnd(how: string): void {
    if (this.#ended) return
    this.#ended = true
    const all = [...this.#pending.values()]
    this.#pending.clear()
    this.#events.onEnd(how, this.#guilty ?? all.flatMap(({ texts }) => texts ?? []))
    for (const pending of all) {
      const error = pending.onDeath()
      if (!pending.replied) pending.reject(error)
      else if (pending.onPortalFrame) {
        pending.onPortalFrame({ kind: 'failure', id: 0, error })
      }
    }
  }
}
