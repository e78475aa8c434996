/**
 * From the chunks of a socket to whole frames.
 *
 * A frame inside one chunk is a view of it; one that spans chunks is gathered into memory of its
 * own, each byte copied once. It knows no types: `frame.ts` understands what comes out here.
 */
import { BODY_BYTES_MAX, FrameError, HEADER_BYTES, type RawFrame } from './frame.ts'

const NO_BYTES = new Uint8Array(0)

export class FrameSplitter {
  readonly #bodyBytesMax: number
  /** Of a header that spans chunks. */
  readonly #header = new Uint8Array(HEADER_BYTES)
  #headerFilled = 0
  #body: Uint8Array = NO_BYTES
  #bodyFilled = 0

  constructor(bodyBytesMax = BODY_BYTES_MAX) {
    this.#bodyBytesMax = bodyBytesMax
  }

  /**
   * Calls `onFrame` for every frame that `chunk` completes, in order.
   *
   * @throws FrameError for a length that cannot be; nothing after it can be read.
   */
  push(chunk: Uint8Array, onFrame: (frame: RawFrame) => void): void {
    let at = 0
    while (at < chunk.length) {
      at += this.#takeHeader(chunk, at)
      if (this.#headerFilled < HEADER_BYTES) return
      const { type, id, bodyBytes } = this.#readHeader()
      if (this.#bodyFilled === 0 && chunk.length - at >= bodyBytes) {
        this.#headerFilled = 0
        onFrame({ type, id, body: chunk.subarray(at, at + bodyBytes), owned: false })
        at += bodyBytes
        continue
      }
      if (this.#bodyFilled === 0) this.#body = Buffer.allocUnsafeSlow(bodyBytes)
      const part = chunk.subarray(at, at + bodyBytes - this.#bodyFilled)
      this.#body.set(part, this.#bodyFilled)
      this.#bodyFilled += part.length
      at += part.length
      if (this.#bodyFilled < bodyBytes) return
      const body = this.#body
      this.#headerFilled = 0
      this.#bodyFilled = 0
      this.#body = NO_BYTES
      onFrame({ type, id, body, owned: true })
    }
  }

  #takeHeader(chunk: Uint8Array, at: number): number {
    const part = chunk.subarray(at, at + HEADER_BYTES - this.#headerFilled)
    this.#header.set(part, this.#headerFilled)
    this.#headerFilled += part.length
    return part.length
  }

  #readHeader(): { type: number; id: number; bodyBytes: number } {
    const view = new DataView(this.#header.buffer)
    const bodyBytes = view.getUint32(0, true) - (HEADER_BYTES - 4)
    if (bodyBytes < 0 || bodyBytes > this.#bodyBytesMax) {
      throw new FrameError(`a frame with a body of ${bodyBytes} bytes`)
    }
    return { type: view.getUint8(4), id: view.getUint32(5, true), bodyBytes }
  }
}
