/** A socket without a network: what the fuzzer pushes comes in, what the door writes is kept. */
import { Duplex } from 'node:stream'

export class LineInProcess extends Duplex {
  readonly remoteAddress = '127.0.0.1'
  readonly localAddress = '127.0.0.1'
  /** Bytes that the door has read. */
  delivered = 0
  /** True when the door has said its last word, or dropped the connection. */
  isEnded = false
  /** Calls back of writes that the client has not taken; undefined: it takes everything at once. */
  readonly #untaken: (() => void)[] | undefined
  readonly #received: Buffer[] = []
  #receivedBytes = 0

  /** @param slow The client takes what is written only when `takeWritten` is called. */
  constructor(slow: boolean) {
    super({ allowHalfOpen: false, emitClose: true })
    this.#untaken = slow ? [] : undefined
  }

  get received(): Buffer {
    return Buffer.concat(this.#received)
  }

  get receivedBytes(): number {
    return this.#receivedBytes
  }

  /** From now on what the door reads is counted; the door has to read already. */
  count(): void {
    this.on('data', (chunk: Buffer) => (this.delivered += chunk.length))
  }

  /** The client takes what was written. @returns whether there was anything. */
  takeWritten(): boolean {
    const untaken = this.#untaken?.splice(0) ?? []
    for (const callBack of untaken) callBack()
    return untaken.length > 0
  }

  setNoDelay(): this {
    return this
  }

  setKeepAlive(): this {
    return this
  }

  resetAndDestroy(): this {
    return this.destroy()
  }

  override _read(): void {
    // pushed from outside
  }

  override _write(chunk: Buffer, _: BufferEncoding, callBack: () => void): void {
    this.#received.push(chunk)
    this.#receivedBytes += chunk.length
    if (this.#untaken) this.#untaken.push(callBack)
    else callBack()
  }

  override _final(callBack: () => void): void {
    this.isEnded = true
    callBack()
  }

  override _destroy(error: Error | null, callBack: (error: Error | null) => void): void {
    this.isEnded = true
    for (const waiting of this.#untaken?.splice(0) ?? []) waiting()
    callBack(error)
  }
}
