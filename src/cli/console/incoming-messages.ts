/**
 * The bytes of a socket as whole messages.
 *
 * Bytes are joined once a message is whole, so that a large value is copied once, and the socket is
 * read no faster than messages are taken.
 */
import type { Readable } from 'node:stream'

export interface IncomingMessage {
  /** The letter of the message, such as `D` for DataRow. */
  readonly type: string
  readonly body: Uint8Array
}

const HEADER_BYTES = 5

export class IncomingMessages {
  readonly #pieces: AsyncIterator<Buffer>
  #kept: Buffer[] = []
  #keptBytes = 0
  /** So many bytes have to be there before it is worth looking. */
  #wanted = HEADER_BYTES

  constructor(socket: Readable) {
    this.#pieces = socket[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  }

  /** All messages that are whole, at least one; undefined at the end of the connection. */
  async next(): Promise<readonly IncomingMessage[] | undefined> {
    for (;;) {
      const piece = await this.#pieces.next().catch(() => undefined) // broken is closed
      if (!piece || piece.done === true) return undefined
      this.#kept.push(piece.value)
      this.#keptBytes += piece.value.length
      if (this.#keptBytes < this.#wanted) continue
      const messages = this.#takeWhole()
      if (messages.length > 0) return messages
    }
  }

  #takeWhole(): IncomingMessage[] {
    const [first, ...others] = this.#kept
    const bytes = first && others.length === 0 ? first : Buffer.concat(this.#kept)
    const messages: IncomingMessage[] = []
    let start = 0
    this.#wanted = HEADER_BYTES
    while (bytes.length - start >= HEADER_BYTES) {
      const length = bytes.readInt32BE(start + 1) + 1
      if (length < HEADER_BYTES) throw new Error('a message is shorter than its own length')
      if (bytes.length - start < length) {
        this.#wanted = length
        break
      }
      const type = String.fromCharCode(bytes[start] ?? 0)
      messages.push({ type, body: bytes.subarray(start + HEADER_BYTES, start + length) })
      start += length
    }
    const rest = bytes.subarray(start)
    this.#kept = rest.length > 0 ? [rest] : []
    this.#keptBytes = rest.length
    return messages
  }
}
