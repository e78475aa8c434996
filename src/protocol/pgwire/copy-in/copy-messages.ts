/**
 * What a client sends while it copies in: the messages that may come then, and no others.
 *
 * Source: PostgreSQL manual, "COPY Operations", and copyfromparse.c, CopyGetData.
 */
import { ByteReader } from '../../../base/byte-reader.ts'
import { GatewayError } from '../../../base/gateway-error.ts'
import { kindOfType } from '../codec/frontend-message.ts'
import type { IncomingBytes } from '../incoming-bytes.ts'

export type CopyMessage =
  | { readonly kind: 'data'; readonly bytes: Buffer }
  | { readonly kind: 'done' }
  /** `reason`: the client's words. */
  | { readonly kind: 'fail'; readonly reason: string }

export class CopyMessages {
  readonly #incoming: IncomingBytes
  readonly #messageBytesMax: number
  #lost = false

  constructor(incoming: IncomingBytes, messageBytesMax: number) {
    this.#incoming = incoming
    this.#messageBytesMax = messageBytesMax
  }

  /** The client sent something that cannot be read on from: its connection must end. */
  get lostSynchrony(): boolean {
    return this.#lost
  }

  /**
   * Flush and Sync are passed over.
   *
   * @throws GatewayError `protocol_violation` for anything else, `cancelled` for a client that has
   *         gone; the signal's reason.
   */
  async next(signal: AbortSignal): Promise<CopyMessage> {
    for (;;) {
      signal.throwIfAborted()
      const message = this.#take()
      if (message === 'ignored') continue
      if (message) return message
      if (this.#incoming.finished) throw clientGone()
      await this.#more(signal)
    }
  }

  #take(): CopyMessage | 'ignored' | undefined {
    const { firstByte } = this.#incoming
    if (firstByte === undefined) return undefined
    const kind = kindOfType(firstByte)
    if (kind === 'terminate') throw clientGone() // it stays, and ends the conversation
    this.#lost = true // unless all goes well
    if (!COPY_TYPES.includes(String.fromCharCode(firstByte))) throw unexpected(firstByte)
    const packet = this.#incoming.takeMessage(this.#messageBytesMax)
    this.#lost = false
    if (!packet) return undefined
    switch (String.fromCharCode(packet.type)) {
      case 'd':
        return { kind: 'data', bytes: packet.body }
      case 'c':
        return { kind: 'done' }
      case 'f':
        return { kind: 'fail', reason: reasonOf(packet.body) }
      default:
        return 'ignored'
    }
  }

  async #more(signal: AbortSignal): Promise<void> {
    const wake = (): void => this.#incoming.interrupt()
    signal.addEventListener('abort', wake)
    try {
      await this.#incoming.more()
    } finally {
      signal.removeEventListener('abort', wake)
    }
  }
}

/** CopyData, CopyDone, CopyFail, Flush, Sync. */
const COPY_TYPES = 'dcfHS'

function reasonOf(body: Buffer): string {
  const reader = new ByteReader('CopyFail', body)
  const reason = reader.cstring('reason')
  reader.end()
  return reason
}

function unexpected(type: number): GatewayError {
  const hex = type.toString(16).toUpperCase().padStart(2, '0')
  return new GatewayError(
    'protocol_violation',
    `unexpected message type 0x${hex} during COPY from stdin`,
  )
}

function clientGone(): GatewayError {
  return new GatewayError('cancelled', 'the client closed its connection')
}
