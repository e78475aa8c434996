/**
 * Server-sent events: streams that stay open, and tell what happens from now on.
 *
 * A stream ends with what its caller was proven by, with the gateway, and when its reader does not
 * read. It holds a bounded number of bytes; there is a bounded number of streams. It goes through
 * the reply like any other answer, so that it has the same headers. Source: WHATWG HTML, "Server-sent
 * events".
 */
import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { GatewayError } from '../../base/gateway-error.ts'
import type { Identity } from '../../identity/identity.ts'
import type { Caller } from './caller.ts'
import { callerOf } from './route-needs.ts'

export interface EventStream {
  /** One event. A reader that is too far behind loses its stream instead. */
  send(data: object, id?: number): void
}

export interface EventStreamLimits {
  readonly heartbeatMs: number
  /** What a reader may be behind before its stream is ended. */
  readonly unreadBytesMax: number
  readonly streamsMax: number
}

const LIMITS: EventStreamLimits = {
  heartbeatMs: 15_000,
  unreadBytesMax: 1024 ** 2,
  streamsMax: 500,
}

const LAST_BYTES_MS = 2_000

type Asked = Pick<Identity, 'authority' | 'changes' | 'cutOff'>

export class EventStreams {
  readonly #identity: Asked
  readonly #limits: EventStreamLimits
  /** What ends each, in good order. */
  readonly #open = new Set<() => void>()

  /** Ends all of its streams when `app` closes, which would otherwise wait for them. */
  constructor(app: FastifyInstance, identity: Asked, limits: Partial<EventStreamLimits> = {}) {
    this.#identity = identity
    this.#limits = { ...LIMITS, ...limits }
    app.addHook('preClose', (done) => {
      for (const finish of this.#open) finish()
      done()
    })
  }

  /**
   * Answers `request` with a stream. `listen` begins to send, and gives back what ends that.
   * @throws GatewayError `too_many_connections`.
   */
  async answer(
    request: FastifyRequest,
    reply: FastifyReply,
    listen: (stream: EventStream) => () => void,
  ): Promise<FastifyReply> {
    if (this.#open.size >= this.#limits.streamsMax) {
      throw new GatewayError('too_many_connections', 'too many live streams are open', {
        hint: 'Close a page that shows live events, and try again.',
        safeToRetry: true,
      })
    }
    const stream = this.#openStream(request, listen)
    return await reply
      .type('text/event-stream; charset=utf-8')
      .header('cache-control', 'no-store')
      .header('x-accel-buffering', 'no') // proxies shall not wait for more
      .send(stream)
  }

  #openStream(request: FastifyRequest, listen: (stream: EventStream) => () => void): Readable {
    const { heartbeatMs, unreadBytesMax } = this.#limits
    const stream = new Readable({ read: () => undefined })
    let isOver = false
    const push = (text: string | null): void => {
      if (isOver) return
      isOver = text === null || stream.readableLength > unreadBytesMax
      if (isOver && text !== null) stream.destroy()
      else stream.push(text)
    }
    const finish = (): void => {
      push(null)
      setTimeout(() => stream.destroy(), LAST_BYTES_MS).unref() // whoever does not read is not waited for
    }
    const endWithCaller = (): void => {
      if (hasEnded(this.#identity, callerOf(request), request)) finish()
    }

    const stops = [
      listen({
        send: (data, id) => {
          push(`${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`)
        },
      }),
      this.#identity.changes.on(endWithCaller),
    ]
    const heart = setInterval(() => {
      endWithCaller()
      push(':\n\n')
    }, heartbeatMs)
    stream.once('close', () => {
      isOver = true
      clearInterval(heart)
      this.#open.delete(finish)
      for (const stop of stops) stop()
    })
    this.#open.add(finish)
    push('retry: 2000\n\n') // and the headers leave at once
    return stream
  }
}

/** Whether the caller would not be let in any more. */
function hasEnded(identity: Asked, caller: Caller, { routeOptions }: FastifyRequest): boolean {
  if (identity.cutOff(caller.principal)) return true
  if (routeOptions.config.needs !== 'clusterAdmin') return false
  try {
    return !identity.authority(caller.principal.roleId).clusterAdmin
  } catch {
    return true // the role was dropped
  }
}
