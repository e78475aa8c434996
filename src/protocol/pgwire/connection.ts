/**
 * One connection from its first byte to its last: negotiation, login, conversation, and how it
 * ends. It owns the socket; nobody else closes it.
 */
import type { Socket } from 'node:net'
import { GatewayError, toGatewayError } from '../../base/gateway-error.ts'
import type { CancelRegistry } from './cancel-registry.ts'
import { writeAuthenticationOk } from './codec/authentication.ts'
import { writeErrorResponse, writeNoticeResponse } from './codec/error-response.ts'
import type { ResponseFields } from './codec/error-response.ts'
import { writeBackendKeyData } from './codec/session-messages.ts'
import { Conversation, IdleInTransaction } from './conversation.ts'
import type { IncomingBytes } from './incoming-bytes.ts'
import { logIn } from './log-in.ts'
import type { LogInOptions, LoggedIn } from './log-in.ts'
import { peerAddress } from '../peer-address.ts'
import { negotiate } from './negotiate.ts'
import type { Line, NegotiateOptions } from './negotiate.ts'
import { OutgoingMessages } from './outgoing-messages.ts'
import type { PgWireLimits } from './pgwire-limits.ts'
import { responseFields } from './response-fields.ts'
import { IDLE_IN_TRANSACTION_TIMEOUT } from './sql-state.ts'
import { TlsFailed } from './upgrade-to-tls.ts'

export interface ConnectionOptions
  extends LogInOptions, Pick<NegotiateOptions, 'secureContext' | 'allowPlaintextOnLoopback'> {
  readonly limits: PgWireLimits
  readonly cancelKeys: CancelRegistry
}

/** How long the last words may take to leave; then the socket is destroyed. */
const LAST_WORDS_MS = 500

/** First keepalive probe after so long without traffic: dead clients are found, idle ones stay. */
const KEEPALIVE_MS = 60_000

export class Connection {
  readonly #plain: Socket
  readonly #options: ConnectionOptions
  readonly #outgoing: OutgoingMessages
  readonly #address: string
  #socket: Socket
  #incoming: IncomingBytes | undefined
  #conversation: Conversation | undefined
  #ending = false
  /** Why the gateway ended it, once it has. */
  #lastWords: string | undefined

  constructor(plain: Socket, options: ConnectionOptions) {
    this.#plain = plain
    this.#socket = plain
    this.#options = options
    this.#outgoing = new OutgoingMessages(plain, options.limits.unsentBytesMax)
    this.#address = peerAddress(plain.remoteAddress)
    plain.setNoDelay(true) // we gather ourselves
    plain.setKeepAlive(true, KEEPALIVE_MS)
    this.#ignoreErrors(plain)
  }

  /** True when it can be ended without loss. */
  get idle(): boolean {
    return this.#conversation?.idle ?? true
  }

  /**
   * Serves the connection to its end. Never throws.
   * @param onLoggedIn Called when it is no stranger any more.
   */
  async serve(onLoggedIn: () => void): Promise<void> {
    const { limits } = this.#options
    const tooSlow = setTimeout(() => this.#destroy(), limits.loginMs)
    try {
      const negotiated = await negotiate(this.#plain, {
        ...this.#options,
        readAheadBytesMax: limits.readAheadBytesMax,
        onLine: (line) => this.#moveTo(line),
      })
      if (negotiated.kind === 'cancel') this.#options.cancelKeys.cancel(negotiated.key)
      if (negotiated.kind !== 'startup') return
      const { line } = negotiated
      const loggedIn = await logIn(negotiated, this.#outgoing, this.#options)
      if (!loggedIn) return
      clearTimeout(tooSlow)
      onLoggedIn()
      await this.#converse(loggedIn, line)
    } catch (thrown) {
      if (thrown instanceof TlsFailed) await this.#recordTlsRefusal(thrown)
      this.#tellLastWords(thrown)
    } finally {
      clearTimeout(tooSlow)
      this.#close() // does nothing after last words
    }
  }

  /** Ends it at once. A client that is logged in is told why, where that needs no waiting for it. */
  end(reason: GatewayError): void {
    if (!this.#conversation) return this.#destroy() // maybe in the middle of a TLS handshake
    this.#cutOff(responseFields(reason, 'FATAL'))
    this.#conversation.end(reason)
  }

  async #converse({ executor, notices }: LoggedIn, { incoming }: Line): Promise<void> {
    const { limits, cancelKeys, ports } = this.#options
    const { session } = executor
    const conversation = new Conversation(
      { incoming, outgoing: this.#outgoing, executor, log: ports.log },
      limits,
    )
    this.#conversation = conversation
    const stopListening = session.ended.on((reason) => this.end(reason))
    const key = cancelKeys.add(() => conversation.cancel())
    incoming.onFinish = () => {
      conversation.end(clientGone())
      this.#close() // one that closed its half and does not read ours is not waited for
    }
    try {
      if (session.endReason) return this.end(session.endReason)
      const { writer } = this.#outgoing
      writeAuthenticationOk(writer)
      for (const message of notices) {
        writeNoticeResponse(writer, { severity: 'NOTICE', code: '00000', message })
      }
      writeBackendKeyData(writer, key)
      await conversation.run()
    } catch (thrown) {
      this.#tellLastWords(thrown)
    } finally {
      cancelKeys.remove(key)
      stopListening()
      await executor.close(this.#lastWords ?? 'the client disconnected')
    }
  }

  /** A tool that does not trust our certificate never says which client it is. */
  async #recordTlsRefusal({ certificateRefused, message }: TlsFailed): Promise<void> {
    if (!certificateRefused) return
    const { ports } = this.#options
    const origin = { door: 'postgres', address: this.#address, tool: 'unknown' } as const
    await ports
      .recordRefusal({
        clientName: '(unknown)',
        database: undefined,
        origin: { ...origin, tlsVersion: undefined },
        error: new GatewayError('protocol_violation', `TLS failed: ${message}`, {
          cause: 'certificate_not_trusted',
        }),
        startedAt: new Date(),
      })
      .catch((error: unknown) => ports.log.error({ error }, 'a refusal is not on record'))
  }

  #moveTo({ socket, incoming }: Line): void {
    this.#incoming = incoming
    if (socket === this.#socket) return
    this.#socket = socket
    this.#outgoing.moveTo(socket)
    this.#ignoreErrors(socket)
  }

  /** Errors of a socket are followed by `close`, and that is what we act on. */
  #ignoreErrors(socket: Socket): void {
    socket.on('error', (error: Error) => {
      this.#options.ports.log.debug(
        { error: error.message, address: this.#address },
        'a connection broke',
      )
    })
  }

  #tellLastWords(thrown: unknown): void {
    if (thrown instanceof TlsFailed) {
      this.#options.ports.log.info({ error: thrown.message, address: this.#address }, 'TLS failed')
      return this.#destroy()
    }
    if (thrown instanceof IdleInTransaction) {
      return this.#cutOff({
        severity: 'FATAL',
        code: IDLE_IN_TRANSACTION_TIMEOUT,
        message: 'terminating connection due to idle-in-transaction timeout',
      })
    }
    const error = toGatewayError(thrown)
    if (error.kind === 'internal') {
      this.#options.ports.log.error(
        { error: error.cause, address: this.#address },
        'a connection failed inside',
      )
      return this.#cutOff(responseFields(error, 'FATAL')) // half a message may have been gathered
    }
    this.#endWith(responseFields(error, 'FATAL'))
  }

  /**
   * For what the client did: the answers to its messages before still leave, and then why it ends.
   * One that does not read is not waited for longer than `#close` waits.
   */
  #endWith(lastWords: ResponseFields): void {
    if (this.#ending) return
    this.#lastWords = lastWords.message
    writeErrorResponse(this.#outgoing.writer, lastWords)
    this.#close()
  }

  /**
   * Nothing that was gathered leaves any more, only these last words: and they only when the client
   * has taken everything before them. One that does not read is not waited for.
   */
  #cutOff(lastWords: ResponseFields): void {
    if (this.#ending) return
    this.#lastWords = lastWords.message
    this.#outgoing.discard()
    if (this.#outgoing.unsentBytes > 0) return this.#destroy()
    writeErrorResponse(this.#outgoing.writer, lastWords)
    this.#close()
  }

  /** Once. What is gathered leaves, and the client may close first, so that it reads all of it. */
  #close(): void {
    if (this.#ending) return
    this.#ending = true
    this.#outgoing.flush()
    this.#incoming?.ignoreRest()
    this.#socket.end()
    const timer = setTimeout(() => this.#leave(), LAST_WORDS_MS)
    this.#plain.once('close', () => clearTimeout(timer))
  }

  /** Without a reset where all was taken: one that sleeps in a pool reads our last words later. */
  #leave(): void {
    if (this.#outgoing.unsentBytes > 0) return this.#destroy()
    this.#socket.destroy()
    this.#plain.destroy()
  }

  /** With a reset: what the system still holds for the client does not reach it either. */
  #destroy(): void {
    this.#ending = true
    if (!this.#plain.destroyed) this.#plain.resetAndDestroy()
    this.#socket.destroy()
  }
}

function clientGone(): GatewayError {
  return new GatewayError('cancelled', 'the client closed its connection')
}
