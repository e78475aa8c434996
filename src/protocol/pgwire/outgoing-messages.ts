/**
 * The way out: messages are gathered and leave together; rows are forwarded as they are; and when
 * the client does not read, whoever makes rows waits.
 */
import type { Socket } from 'node:net'
import { ByteWriter } from '../../base/byte-writer.ts'
import { freeMemory } from '../../base/free-memory.ts'

/** Gathered bytes leave at this size even before the end of a step. */
const GATHERED_BYTES_MAX = 64 * 1024

/** Frames up to here are copied and leave with the messages around them: one write, one packet. */
const COPIED_FRAME_BYTES_MAX = 16 * 1024

/** Most sessions only ever send small answers. */
const FIRST_CAPACITY_BYTES = 2048

export class OutgoingMessages {
  /** Messages are written here; `flush` sends them. */
  readonly writer = new ByteWriter(FIRST_CAPACITY_BYTES)
  readonly #unsentBytesMax: number
  #socket: Socket
  #unsentBytes = 0
  #closed = false
  #wake: (() => void) | undefined

  constructor(socket: Socket, unsentBytesMax: number) {
    this.#socket = socket
    this.#unsentBytesMax = unsentBytesMax
    this.#watch()
  }

  /** From now on through TLS. Nothing may be gathered or unsent. */
  moveTo(socket: Socket): void {
    this.#socket = socket
    this.#watch()
  }

  /** Bytes that the socket has not passed on yet. */
  get unsentBytes(): number {
    return this.#unsentBytes
  }

  flush(): void {
    if (this.writer.position > 0) this.#send(this.writer.take())
  }

  /**
   * Forwards whole messages, untouched; the bytes belong to the socket from now on.
   * @param owned Their memory serves nothing else, and is freed when they have left.
   */
  forward(frame: Uint8Array, owned = false): void {
    if (frame.length <= COPIED_FRAME_BYTES_MAX) {
      this.writer.raw(frame)
      if (this.writer.position >= GATHERED_BYTES_MAX) this.flush()
    } else {
      this.flush()
      this.#send(frame, owned)
    }
  }

  /** After a step: what was gathered leaves if it is much, and the client has to take it. */
  async relieve(): Promise<void> {
    if (this.writer.position < GATHERED_BYTES_MAX) return
    this.flush()
    await this.room()
  }

  /**
   * Resolves when the client has taken enough for more to be sent, or is gone.
   * @throws the signal's reason when it is aborted before.
   */
  async room(signal?: AbortSignal): Promise<void> {
    while (this.#unsentBytes > this.#unsentBytesMax && !this.#closed) {
      signal?.throwIfAborted()
      await this.#taken(signal)
      signal?.throwIfAborted()
    }
  }

  /** Forgets what was gathered and not sent. */
  discard(): void {
    this.writer.truncate(0)
  }

  async #taken(signal: AbortSignal | undefined): Promise<void> {
    const notify = (): void => this.#notify()
    signal?.addEventListener('abort', notify)
    await new Promise<void>((resolve) => {
      this.#wake = resolve
    })
    signal?.removeEventListener('abort', notify)
  }

  #send(bytes: Uint8Array, owned = false): void {
    if (this.#closed || !this.#socket.writable) return
    const { length } = bytes
    this.#unsentBytes += length
    this.#socket.write(bytes, (error) => {
      if (owned && !error) freeMemory(bytes)
      this.#unsentBytes -= length
      if (this.#unsentBytes <= this.#unsentBytesMax / 2) this.#notify()
    })
  }

  #watch(): void {
    this.#socket.once('close', () => {
      this.#closed = true
      this.#notify()
    })
  }

  #notify(): void {
    const wake = this.#wake
    this.#wake = undefined
    wake?.()
  }
}
