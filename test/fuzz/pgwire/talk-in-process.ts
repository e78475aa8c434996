/**
 * One conversation with the real connection of the PostgreSQL door, in this process, over the fake
 * executor; and what must hold of it beside the answers: it ends, and what it keeps is bounded.
 */
import { setImmediate as turn } from 'node:timers/promises'
import type { Socket } from 'node:net'
import { inspect } from 'node:util'
import { GatewayError } from '../../../src/base/gateway-error.ts'
import { silentLog } from '../../../src/base/log.ts'
import { CancelRegistry } from '../../../src/protocol/pgwire/cancel-registry.ts'
import type { CancelKey } from '../../../src/protocol/pgwire/codec/session-messages.ts'
import { Connection } from '../../../src/protocol/pgwire/connection.ts'
import type { ConnectionOptions } from '../../../src/protocol/pgwire/connection.ts'
import type { PgWireLimits } from '../../../src/protocol/pgwire/pgwire-limits.ts'
import { CLIENT, TOKEN } from '../../fixtures/pgwire-door.ts'
import { WrongAnswer } from './answer-cursor.ts'
import { chunksOf } from './conversation.ts'
import type { Conversation } from './conversation.ts'
import type { FuzzWorld } from './fuzz-world.ts'
import { judge } from './judge.ts'
import type { Exchange, Verdict } from './judge.ts'
import { LineInProcess } from './line-in-process.ts'
import { Random } from '../random.ts'
import { WatchedExecutor } from './watched-executor.ts'
import type { Watch } from './watched-executor.ts'

/** What the door gathers before it writes, and the longest single answer of the fake, behind it. */
const GATHERED_BYTES_MAX = 128 * 1024

const END_MS_MAX = 10_000

const CUT_OFF = new GatewayError('admin_shutdown', 'cut off')
/** The same as a client is told it. */
const CUT_OFF_TOLD = Buffer.from('E\0\0\0\x23SFATAL\0VFATAL\0C57P01\0Mcut off\0\0')

const DISTURBANCES: readonly [Disturbance, ...Disturbance[]] = [
  'cancels',
  'the client goes',
  'the session is ended',
  ...Array<Disturbance>(9).fill(undefined),
]

/** What happens beside the messages: to one conversation in a few, never to a twin. */
type Disturbance = 'cancels' | 'the client goes' | 'the session is ended' | undefined

/** Remembers the key, as the client does to which it is told. */
class RememberedKeys extends CancelRegistry {
  last: CancelKey | undefined

  override add(cancel: () => void): CancelKey {
    this.last = super.add(cancel)
    return this.last
  }
}

/** What a conversation needs of the door. */
export interface DoorParts {
  readonly world: FuzzWorld
  readonly limits: PgWireLimits
  readonly secureContext: ConnectionOptions['secureContext']
}

/** @throws WrongAnswer when the door did anything wrong. */
export async function talkInProcess(door: DoorParts, conversation: Conversation): Promise<Talked> {
  return await new Talk(conversation, door).run()
}

export interface Talked {
  readonly verdict: Verdict
  readonly exchange: Exchange
}

class Talk {
  readonly #conversation: Conversation
  readonly #door: DoorParts
  readonly #line: LineInProcess
  readonly #connection: Connection
  readonly #executors: WatchedExecutor[] = []
  readonly #watch: Watch
  readonly #internalErrors: unknown[] = []
  readonly #cancelKeys = new RememberedKeys()
  readonly #disturbance: Disturbance
  #heldAt: number | undefined
  #longestChunk = 0

  constructor(conversation: Conversation, door: DoorParts) {
    this.#conversation = conversation
    this.#door = door
    const random = new Random(conversation.seed + 2, conversation.index)
    this.#line = new LineInProcess(conversation.kind === 'flood' || random.onceIn(8))
    const holdAfter = random.onceIn(4) ? random.below(8) : undefined
    this.#watch = { activity: 0, holdAfter, release: undefined }
    const disturbance = random.pick(DISTURBANCES)
    // when a COPY was cancelled cannot be told from its answers
    const untouched = conversation.kind === 'twin'
    const cancels = disturbance === 'cancels' && conversation.kind === 'copy'
    this.#disturbance = untouched || cancels ? undefined : disturbance
    this.#connection = new Connection(this.#line as unknown as Socket, {
      ports: this.#ports(),
      settingDefaults: {},
      secureContext: door.secureContext,
      allowPlaintextOnLoopback: true,
      limits: door.limits,
      cancelKeys: this.#cancelKeys,
    })
  }

  async run(): Promise<Talked> {
    const served = this.#connection.serve(() => undefined)
    this.#line.count()
    await this.#send()
    await this.#quiet()
    if (!this.#isCutShort) this.#checkAnswered()
    this.#line.push(null)
    await this.#ended(served)
    this.#checkLeft()
    return { verdict: this.#judge(true), exchange: this.#exchange(true) }
  }

  /** Everything that is due is there, and the connection has ended where it had to, only there. */
  #checkAnswered(): void {
    const verdict = this.#judge(false)
    if (verdict.missing === 'owed') throw new WrongAnswer('no answer where one is due')
    if (verdict.next === 'ends' && !this.#line.isEnded) {
      throw new WrongAnswer('the connection is open where it had to end')
    }
    if (verdict.next === 'waits' && this.#line.isEnded) {
      throw new WrongAnswer('the connection has ended without a reason')
    }
  }

  get #isCutShort(): boolean {
    return this.#disturbance !== undefined && this.#disturbance !== 'cancels'
  }

  #disturb(): void {
    switch (this.#disturbance) {
      case 'cancels':
        if (this.#cancelKeys.last) this.#cancelKeys.cancel(this.#cancelKeys.last)
        return
      case 'the client goes':
        // before, TLS may sit on the line: over a stream that is no socket it does not see it go
        if (this.#executors.length > 0) this.#line.destroy()
        return
      case 'the session is ended':
        for (const { session } of this.#executors) session.end(CUT_OFF)
        return
      case undefined:
    }
  }

  /** Everything, a chunk at a time, and sometimes a pause in which the door may work. */
  async #send(): Promise<void> {
    const random = new Random(this.#conversation.seed + 3, this.#conversation.index)
    const pauses = random.pick([1, 2, 10, 100])
    for (const chunk of chunksOf(this.#conversation)) {
      if (this.#line.isEnded) return
      this.#longestChunk = Math.max(this.#longestChunk, chunk.length)
      this.#line.push(chunk)
      if (random.onceIn(pauses)) await turn()
      if (random.onceIn(20)) this.#disturb()
      this.#checkBounds()
    }
  }

  /** Until the door waits for its client alone. */
  async #quiet(): Promise<void> {
    for (let still = 0; still < 3;) {
      const before = this.#watch.activity + this.#line.receivedBytes + this.#line.delivered
      await turn()
      this.#checkBounds()
      const took = this.#line.takeWritten()
      const after = this.#watch.activity + this.#line.receivedBytes + this.#line.delivered
      still = took || before !== after ? 0 : still + 1
      if (still === 3 && this.#watch.release) {
        this.#heldAt = undefined
        this.#watch.release()
        still = 0
      }
    }
  }

  /** Nothing is kept without bound: neither what a client sends ahead nor what it does not take. */
  #checkBounds(): void {
    const { readAheadBytesMax, unsentBytesMax } = this.#door.limits
    if (this.#line.writableLength > unsentBytesMax + GATHERED_BYTES_MAX) {
      throw new WrongAnswer(`${this.#line.writableLength} bytes wait for a client`)
    }
    if (!this.#watch.release) return
    this.#heldAt ??= this.#line.delivered
    const ahead = this.#line.delivered - this.#heldAt
    if (ahead > readAheadBytesMax + this.#longestChunk) {
      throw new WrongAnswer(`${ahead} bytes were read ahead while a statement ran`)
    }
  }

  #judge(closed: boolean): Verdict {
    return judge(this.#door.world, this.#exchange(closed))
  }

  #exchange(closed: boolean): Exchange {
    const sent = Buffer.concat(this.#conversation.pieces)
    const mayCancel = this.#disturbance === 'cancels'
    const received = withoutCutOff(this.#line.received)
    return { sent, received, secure: false, closed, mayCancel }
  }

  async #ended(served: Promise<void>): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const tooLong = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new WrongAnswer('it does not end')), END_MS_MAX)
    })
    try {
      await Promise.race([served, tooLong])
      for (let turns = 0; !this.#line.closed && turns < 20; turns += 1) {
        this.#line.takeWritten()
        await turn()
      }
    } finally {
      clearTimeout(timer)
      this.#line.destroy() // a line that speaks TLS, or nothing, is not waited for
    }
  }

  #checkLeft(): void {
    const [error] = this.#internalErrors
    if (error !== undefined) throw new WrongAnswer(`an error inside: ${inspect(error)}`)
    for (const { open, closedWith } of this.#executors) {
      if (open !== 0) throw new WrongAnswer(`${open} portals were left open`)
      if (closedWith === undefined) throw new WrongAnswer('a session was left open')
    }
  }

  #ports(): ConnectionOptions['ports'] {
    return {
      identity: {
        authenticate: async ({ clientName, token }) => {
          await Promise.resolve()
          if (clientName !== CLIENT || token !== TOKEN) {
            throw new GatewayError('invalid_password', 'password authentication failed')
          }
          return { kind: 'client', clientId: 'c1', clientName, tokenId: 't1', roleId: 'r1' }
        },
        recordUse: () => undefined,
      },
      openExecutor: async (request) => {
        await Promise.resolve()
        if (request.database !== 'master') {
          throw new GatewayError('invalid_catalog_name', 'no such database')
        }
        const executor = new WatchedExecutor(request, this.#watch)
        this.#executors.push(executor)
        return executor
      },
      recordRefusal: () => Promise.resolve(),
      log: {
        ...silentLog,
        error: (fields) => this.#internalErrors.push(fields['error'] ?? 'unknown'),
      },
    }
  }
}

/** Whoever ends a session may say so between any two answers, and then nothing more comes. */
function withoutCutOff(received: Buffer): Buffer {
  const told = received.subarray(-CUT_OFF_TOLD.length).equals(CUT_OFF_TOLD)
  return told ? received.subarray(0, -CUT_OFF_TOLD.length) : received
}
