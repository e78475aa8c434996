/**
 * A bounded big-endian reader for what clients send. Every byte is hostile.
 *
 * Nothing is read past the end, no length or count is believed before it fits into what is left,
 * and every error names the message, the field and the bytes that were left. It knows no protocol.
 */
import { GatewayError } from './gateway-error.ts'

export class ByteReader {
  readonly #message: string
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #position = 0

  /**
   * @param message What is being read, for errors: `Bind`, `a binary numeric`.
   * @param bytes   Exactly the message's body.
   */
  constructor(message: string, bytes: Uint8Array) {
    this.#message = message
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  get position(): number {
    return this.#position
  }

  get bytesLeft(): number {
    return this.#bytes.length - this.#position
  }

  uint8(field: string): number {
    return this.#view.getUint8(this.#advance(field, 1))
  }

  int16(field: string): number {
    return this.#view.getInt16(this.#advance(field, 2))
  }

  uint16(field: string): number {
    return this.#view.getUint16(this.#advance(field, 2))
  }

  int32(field: string): number {
    return this.#view.getInt32(this.#advance(field, 4))
  }

  uint32(field: string): number {
    return this.#view.getUint32(this.#advance(field, 4))
  }

  int64(field: string): bigint {
    return this.#view.getBigInt64(this.#advance(field, 8))
  }

  float32(field: string): number {
    return this.#view.getFloat32(this.#advance(field, 4))
  }

  float64(field: string): number {
    return this.#view.getFloat64(this.#advance(field, 8))
  }

  /**
   * A 16-bit count of things that take at least `bytesEach` bytes each.
   *
   * @throws GatewayError `protocol_violation` when so many cannot be in what is left, so that a loop
   *         over them, or an array for them, is bounded by the length of the message.
   */
  count16(field: string, bytesEach: number): number {
    return this.#boundCount(field, this.uint16(field), bytesEach)
  }

  /** As `count16`, 32 bits wide. */
  count32(field: string, bytesEach: number): number {
    return this.#boundCount(field, this.int32(field), bytesEach)
  }

  /** A view of the next `byteCount` bytes; valid as long as the message's memory is. */
  raw(field: string, byteCount: number): Uint8Array {
    const start = this.#advance(field, byteCount)
    return this.#bytes.subarray(start, start + byteCount)
  }

  /** A view of all that is left. */
  rest(): Uint8Array {
    return this.raw('the rest', this.bytesLeft)
  }

  /** A 32-bit length and so many bytes, or null where the length is -1 (a NULL value). */
  value(field: string): Uint8Array | null {
    const byteCount = this.int32(field)
    return byteCount === -1 ? null : this.raw(field, byteCount)
  }

  /**
   * UTF-8 of `byteCount` bytes.
   *
   * @throws GatewayError `character_not_in_repertoire` for bytes that are not UTF-8.
   */
  utf8(field: string, byteCount: number): string {
    return this.#decode(field, this.raw(field, byteCount))
  }

  /** UTF-8 up to a zero byte, which is skipped. Errors as `utf8`. */
  cstring(field: string): string {
    const end = this.#bytes.indexOf(0, this.#position)
    if (end === -1) {
      throw new GatewayError('protocol_violation', `${this.#message}: ${field} has no end`, {
        detail: `${this.bytesLeft} bytes were left.`,
      })
    }
    const text = this.#decode(field, this.#bytes.subarray(this.#position, end))
    this.#position = end + 1
    return text
  }

  /** @throws GatewayError `protocol_violation` when bytes are left over. */
  end(): void {
    if (this.bytesLeft === 0) return
    throw new GatewayError(
      'protocol_violation',
      `${this.#message}: ${this.bytesLeft} bytes after the last field`,
    )
  }

  #advance(field: string, byteCount: number): number {
    const start = this.#position
    if (byteCount < 0 || byteCount > this.#bytes.length - start) {
      throw new GatewayError(
        'protocol_violation',
        `${this.#message}: ${field} needs ${byteCount} bytes, ${this.bytesLeft} are left`,
      )
    }
    this.#position = start + byteCount
    return start
  }

  #boundCount(field: string, count: number, bytesEach: number): number {
    if (count >= 0 && count * bytesEach <= this.bytesLeft) return count
    throw new GatewayError(
      'protocol_violation',
      `${this.#message}: ${count} ${field} cannot be in ${this.bytesLeft} bytes`,
    )
  }

  #decode(field: string, bytes: Uint8Array): string {
    try {
      return utf8Decoder.decode(bytes)
    } catch (cause) {
      throw new GatewayError(
        'character_not_in_repertoire',
        `${this.#message}: ${field} is not valid UTF-8`,
        { cause },
      )
    }
  }
}

const utf8Decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
