/**
 * A client that is logged in: its messages in order, and the answers.
 *
 * A conversation ends in one of four ways. The client says Terminate, or its connection ends:
 * `run` returns, and what was running has been stopped. The session is ended from outside: the
 * connection has told the client, and `run` returns. A message cannot be understood at all, or
 * time is up in an idle transaction: `run` throws, and the connection tells the client with FATAL.
 */
import { GatewayError, toGatewayError } from '../../base/gateway-error.ts'
import type { Log } from '../../base/log.ts'
import type { Executor } from '../../execution/executor.ts'
import { writeErrorResponse } from './codec/error-response.ts'
import { decodeFrontendMessage, kindOfType } from './codec/frontend-message.ts'
import type { FrontendMessage } from './codec/frontend-message.ts'
import { writeParameterStatus, writeReadyForQuery } from './codec/session-messages.ts'
import type { ConversationContext } from './conversation-context.ts'
import { CopyMessages } from './copy-in/copy-messages.ts'
import { bind, close, describe, execute, parse } from './extended-query.ts'
import type { IncomingBytes } from './incoming-bytes.ts'
import type { OutgoingMessages } from './outgoing-messages.ts'
import type { PgWireLimits } from './pgwire-limits.ts'
import { responseFields } from './response-fields.ts'
import { RunningStatementStop, cancelledByClient } from './running-statement-stop.ts'
import { SessionThings } from './session-things.ts'
import { runSimpleQuery } from './simple-query.ts'

/** Thrown by `run` when an open transaction was left alone for too long. */
export class IdleInTransaction extends Error {}

/** After an error these are passed over until the next Sync. Source: PostgreSQL, "Extended Query". */
const EXTENDED: ReadonlySet<FrontendMessage['kind']> = new Set<FrontendMessage['kind']>([
  'parse',
  'bind',
  'describe',
  'execute',
  'close',
  'flush',
])

interface UndecodedMessage {
  readonly kind: FrontendMessage['kind']
  readonly body: Uint8Array
}

export class Conversation {
  readonly #incoming: IncomingBytes
  readonly #outgoing: OutgoingMessages
  readonly #executor: Executor
  readonly #limits: PgWireLimits
  readonly #log: Log
  readonly #context: ConversationContext
  readonly #stop = new RunningStatementStop()
  #skipping = false
  #waiting = false
  #over = false
  #told: ReadonlyMap<string, string> = new Map()

  constructor(
    parts: { incoming: IncomingBytes; outgoing: OutgoingMessages; executor: Executor; log: Log },
    limits: PgWireLimits,
  ) {
    this.#incoming = parts.incoming
    this.#outgoing = parts.outgoing
    this.#executor = parts.executor
    this.#log = parts.log
    this.#limits = limits
    this.#context = {
      executor: parts.executor,
      outgoing: parts.outgoing,
      stop: this.#stop,
      things: new SessionThings(parts.executor.session, limits),
      copyMessages: new CopyMessages(parts.incoming, limits.messageBytesMax),
      rowBytesMax: limits.messageBytesMax,
    }
  }

  /** True between statements, outside a transaction: nothing is lost by ending here. */
  get idle(): boolean {
    return this.#waiting && this.#executor.session.transactionStatus === 'idle'
  }

  /** Cancels the statement that runs now; without one it does nothing. */
  cancel(): void {
    this.#stop.pull(cancelledByClient())
  }

  /** Ends it: no message is answered any more, and what runs is stopped. */
  end(reason: GatewayError): void {
    this.#over = true
    this.#stop.pull(reason)
    this.#incoming.interrupt()
  }

  async run(): Promise<void> {
    try {
      await this.#ready()
      for (;;) {
        const next = await this.#nextMessage()
        if (!next || next.kind === 'terminate') return
        await this.#handle(next)
        if (this.#over) return
      }
    } finally {
      this.#over = true
      await this.#context.things.removeAllPortals()
    }
  }

  /** @returns undefined when nothing more will come. */
  async #nextMessage(): Promise<UndecodedMessage | undefined> {
    let timer: NodeJS.Timeout | undefined
    const timedOut = { is: false }
    try {
      for (;;) {
        if (this.#over) return undefined
        const kind = kindOfNext(this.#incoming)
        const packet = this.#incoming.takeMessage(this.#limits.messageBytesMax)
        if (packet && kind) return { kind, body: packet.body }
        if (this.#incoming.finished) return undefined
        timer ??= this.#idleTimer(timedOut)
        this.#waiting = true
        await this.#incoming.more()
        if (timedOut.is) throw new IdleInTransaction()
      }
    } finally {
      this.#waiting = false
      clearTimeout(timer)
    }
  }

  #idleTimer(timedOut: { is: boolean }): NodeJS.Timeout | undefined {
    const { transactionStatus, settings } = this.#executor.session
    const timeoutMs = settings.idleInTransactionTimeoutMs
    if (transactionStatus === 'idle' || timeoutMs === 0) return undefined
    return setTimeout(() => {
      timedOut.is = true
      this.#incoming.interrupt()
    }, timeoutMs)
  }

  async #handle({ kind, body }: UndecodedMessage): Promise<void> {
    if (this.#skipping && kind !== 'sync') return
    this.#skipping = false // also by a Sync that is malformed: it is answered with ReadyForQuery
    try {
      await this.#answer(decodeFrontendMessage(kind, body))
      await this.#outgoing.relieve()
    } catch (thrown) {
      await this.#fail(thrown)
      if (this.#context.copyMessages.lostSynchrony) throw lostSynchrony()
      if (EXTENDED.has(kind)) {
        this.#skipping = true
        this.#outgoing.flush() // as PostgreSQL: who waits for it has sent Flush, which is skipped
      } else await this.#ready()
    }
  }

  async #answer(message: FrontendMessage): Promise<void> {
    switch (message.kind) {
      case 'query':
        await runSimpleQuery(this.#context, message.text)
        return await this.#endOfStep()
      case 'parse':
        return parse(this.#context, message)
      case 'bind':
        return await bind(this.#context, message)
      case 'describe':
        return await describe(this.#context, message)
      case 'execute':
        return await execute(this.#context, message)
      case 'close':
        return await close(this.#context, message)
      case 'flush':
        this.#outgoing.flush()
        return await this.#outgoing.room()
      case 'sync':
        await this.#executor.endImplicitTransaction('succeeded')
        return await this.#endOfStep()
      case 'function_call':
        throw new GatewayError('feature_not_supported', 'function calls are not supported', {
          hint: 'Use SELECT.',
        })
      case 'copy_remainder':
      case 'terminate':
    }
  }

  /** Portals do not outlive their transaction. */
  async #endOfStep(): Promise<void> {
    if (this.#executor.session.transactionStatus === 'idle') {
      await this.#context.things.removeAllPortals()
    }
    await this.#ready()
  }

  async #ready(): Promise<void> {
    if (this.#over) return
    this.#tellParameters()
    writeReadyForQuery(this.#outgoing.writer, this.#executor.session.transactionStatus)
    this.#outgoing.flush()
    await this.#outgoing.room()
  }

  #tellParameters(): void {
    const now = this.#executor.session.settings.reported()
    if (now === this.#told) return
    for (const [name, value] of now) {
      if (this.#told.get(name) !== value) writeParameterStatus(this.#outgoing.writer, name, value)
    }
    this.#told = now
  }

  /** Tells the client, and leaves nothing running: portals end with the transaction that failed. */
  async #fail(thrown: unknown): Promise<void> {
    const error = toGatewayError(thrown)
    const { session } = this.#executor
    if (error.kind === 'internal') {
      this.#log.error({ error: error.cause, session: session.id }, 'a statement failed inside')
    }
    if (this.#over) return
    writeErrorResponse(this.#outgoing.writer, responseFields(error, 'ERROR'))
    await this.#context.things.removeAllPortals()
    try {
      await this.#executor.endImplicitTransaction('failed')
    } catch (failed) {
      this.#log.error({ error: failed, session: session.id }, 'rolling back failed')
    }
    if (session.transactionStatus === 'in_transaction') session.moveTo('failed_transaction')
  }
}

function lostSynchrony(): GatewayError {
  return new GatewayError(
    'protocol_violation',
    'terminating connection because protocol synchronization was lost',
  )
}

/**
 * By its first byte alone: what is no message is refused before its length is believed and waited
 * for.
 *
 * @returns undefined while no byte is there. @throws GatewayError `protocol_violation`.
 */
function kindOfNext({ firstByte }: IncomingBytes): FrontendMessage['kind'] | undefined {
  if (firstByte === undefined) return undefined
  const kind = kindOfType(firstByte)
  if (kind) return kind
  throw new GatewayError('protocol_violation', `invalid frontend message type ${firstByte}`)
}
