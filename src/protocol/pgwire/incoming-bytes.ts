/**
 * From a socket's chunks to whole packets, bounded.
 *
 * Reading goes on while a statement runs, so that the end of the connection is seen; but no more
 * than `readAheadBytesMax` is kept, then the socket waits. It knows lengths and no contents.
 */
import type { Socket } from 'node:net'
import { GatewayError } from '../../base/gateway-error.ts'

export interface Packet {
  /** The type byte; 0 for a packet of the start-up, which has none. */
  readonly type: number
  /** A view of memory that is never written again. */
  readonly body: Buffer
}

const LENGTH_BYTES = 4
const EMPTY = Buffer.alloc(0)

export class IncomingBytes {
  readonly #readAheadBytesMax: number
  #socket: Socket | undefined
  #bytes: Buffer = EMPTY
  #start = 0
  #end = 0
  /** True when `#bytes` was made here and may be filled further after `#end`. */
  #growing = false
  #finished = false
  #ignoring = false
  #wake: (() => void) | undefined
  /** Called once, when nothing more will come. */
  onFinish: () => void = () => undefined

  constructor(readAheadBytesMax: number) {
    this.#readAheadBytesMax = readAheadBytesMax
  }

  attach(socket: Socket): void {
    this.#socket = socket
    socket.on('data', this.#onData)
    socket.on('end', this.#onEnd)
    socket.on('close', this.#onEnd)
  }

  /** Lets the socket go, paused, so that TLS can take it over; what was read stays here. */
  detach(): void {
    this.#socket?.off('data', this.#onData)
    this.#socket?.off('end', this.#onEnd)
    this.#socket?.off('close', this.#onEnd)
    this.#socket?.pause()
    this.#socket = undefined
  }

  /** Bytes that are here and not taken. */
  get bytesHeld(): number {
    return this.#end - this.#start
  }

  /** True when the other side sends nothing more; what is held can still be taken. */
  get finished(): boolean {
    return this.#finished
  }

  /** The first byte held. */
  get firstByte(): number | undefined {
    return this.bytesHeld > 0 ? this.#bytes[this.#start] : undefined
  }

  /** Takes everything that is held. */
  takeAll(): Buffer {
    return this.#consume(this.bytesHeld)
  }

  /**
   * The next packet without a type byte, or undefined while it is not whole.
   * @throws GatewayError `protocol_violation` for a length out of bounds.
   */
  takeStartupPacket(bytesMax: number): Packet | undefined {
    if (this.bytesHeld < LENGTH_BYTES) return undefined
    const length = this.#bytes.readUInt32BE(this.#start)
    if (length < 2 * LENGTH_BYTES || length > bytesMax) {
      throw new GatewayError('protocol_violation', 'invalid length of startup packet')
    }
    if (this.bytesHeld < length) return undefined
    return { type: 0, body: this.#consume(length).subarray(LENGTH_BYTES) }
  }

  /**
   * The next message, or undefined while it is not whole.
   * @throws GatewayError `protocol_violation` for a length too small, `program_limit` for one too
   *         large. The stream cannot be read further then.
   */
  takeMessage(bytesMax: number): Packet | undefined {
    if (this.bytesHeld < 1 + LENGTH_BYTES) return undefined
    const length = this.#bytes.readUInt32BE(this.#start + 1)
    if (length < LENGTH_BYTES) {
      throw new GatewayError('protocol_violation', 'invalid message length')
    }
    if (length > bytesMax) {
      throw new GatewayError(
        'program_limit',
        `a message of ${length} bytes is longer than this gateway takes (${bytesMax} bytes)`,
        { hint: 'Send the values in several statements.' },
      )
    }
    if (this.bytesHeld < 1 + length) {
      this.#socket?.resume() // a message may be longer than what is read ahead
      return undefined
    }
    const type = this.#bytes[this.#start] ?? 0
    const packet = { type, body: this.#consume(1 + length).subarray(1 + LENGTH_BYTES) }
    if (this.bytesHeld <= this.#readAheadBytesMax) this.#socket?.resume()
    return packet
  }

  /** Resolves when bytes came, or nothing more will come. One caller at a time. */
  async more(): Promise<void> {
    if (this.#finished) return
    this.#socket?.resume()
    await new Promise<void>((resolve) => {
      this.#wake = resolve
    })
  }

  /** From now on whatever comes is thrown away, so that the end of the connection is still seen. */
  ignoreRest(): void {
    this.#ignoring = true
    this.#bytes = EMPTY
    this.#start = this.#end = 0
    this.#socket?.resume()
  }

  /** Makes `more` resolve now. */
  interrupt(): void {
    this.#notify()
  }

  readonly #onData = (chunk: Buffer): void => {
    if (this.#ignoring) return
    if (this.bytesHeld === 0) {
      this.#bytes = chunk
      this.#start = 0
      this.#end = chunk.length
      this.#growing = false
    } else {
      this.#append(chunk)
    }
    if (this.bytesHeld > this.#readAheadBytesMax && !this.#wake) this.#socket?.pause()
    this.#notify()
  }

  readonly #onEnd = (): void => {
    if (this.#finished) return
    this.#finished = true
    this.#notify()
    this.onFinish()
  }

  /** Memory doubles as it grows, and is never written twice: views that were given out stay true. */
  #append(chunk: Buffer): void {
    const held = this.bytesHeld
    if (!this.#growing || this.#bytes.length - this.#end < chunk.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(2 * (held + chunk.length), 4096))
      this.#bytes.copy(grown, 0, this.#start, this.#end)
      this.#bytes = grown
      this.#start = 0
      this.#end = held
      this.#growing = true
    }
    chunk.copy(this.#bytes, this.#end)
    this.#end += chunk.length
  }

  #consume(byteCount: number): Buffer {
    const taken = this.#bytes.subarray(this.#start, this.#start + byteCount)
    this.#start += byteCount
    if (this.#start === this.#end) this.#bytes = EMPTY // the views keep it alive as long as needed
    return taken
  }

  #notify(): void {
    const wake = this.#wake
    this.#wake = undefined
    wake?.()
  }
}
