/**
 * A growable writer for messages and frames, big-endian, as the PostgreSQL protocol wants it.
 *
 * It knows no protocol: lengths that are known only later are set with `int32At`. Encoders of whole
 * results work on `bytes` themselves, between `reserve` and setting `position`, because a call per
 * value would cost more than the value.
 */
import { GatewayError } from './gateway-error.ts'

const CAPACITY_BYTES = 64 * 1024

/** Node's typed arrays go further, but no message or frame of ours does. */
const CAPACITY_BYTES_MAX = 0x7fff_ffff

/** A writer keeps its memory and hands over a copy when less than this share of it is filled. */
const COPY_BELOW = 1 / 4

export class ByteWriter {
  /** Bytes written so far; the next one goes here. */
  position = 0
  /** The memory, at least `position` long. Replaced when it grows: read it again after `reserve`. */
  bytes: Uint8Array<ArrayBuffer>
  /** Over the same memory as `bytes`. */
  view: DataView<ArrayBuffer>

  constructor(capacityBytes = CAPACITY_BYTES) {
    this.bytes = allocate(Math.max(capacityBytes, 16))
    this.view = new DataView(this.bytes.buffer)
  }

  /**
   * Makes room for `byteCount` bytes after `position`.
   *
   * @throws GatewayError `program_limit` beyond 2 GiB; what was written stays.
   */
  reserve(byteCount: number): void {
    const needed = this.position + byteCount
    if (needed <= this.bytes.length) return
    if (needed > CAPACITY_BYTES_MAX) {
      throw new GatewayError('program_limit', `a message of ${needed} bytes is too long`)
    }
    const grown = allocate(Math.min(Math.max(needed, this.bytes.length * 2), CAPACITY_BYTES_MAX))
    grown.set(this.bytes.subarray(0, this.position))
    this.bytes = grown
    this.view = new DataView(grown.buffer)
  }

  uint8(value: number): void {
    this.reserve(1)
    this.bytes[this.position] = value
    this.position += 1
  }

  int16(value: number): void {
    this.reserve(2)
    this.view.setInt16(this.position, value)
    this.position += 2
  }

  int32(value: number): void {
    this.reserve(4)
    this.view.setInt32(this.position, value)
    this.position += 4
  }

  int64(value: bigint): void {
    this.reserve(8)
    this.view.setBigInt64(this.position, value)
    this.position += 8
  }

  float32(value: number): void {
    this.reserve(4)
    this.view.setFloat32(this.position, value)
    this.position += 4
  }

  float64(value: number): void {
    this.reserve(8)
    this.view.setFloat64(this.position, value)
    this.position += 8
  }

  /** UTF-8 without a terminator. A lone surrogate becomes U+FFFD. */
  utf8(text: string): void {
    // 3 is the most that one UTF-16 unit can need
    this.reserve(text.length * 3)
    this.position += utf8Encoder.encodeInto(text, this.bytes.subarray(this.position)).written
  }

  /**
   * UTF-8 and a zero byte.
   *
   * @throws GatewayError `character_not_in_repertoire` for a text that holds a zero itself: it
   *         would end the field early and shift everything after it. Nothing is written.
   */
  cstring(text: string): void {
    if (text.includes('\0')) {
      throw new GatewayError('character_not_in_repertoire', 'a text here may not hold a zero byte')
    }
    this.utf8(text)
    this.uint8(0)
  }

  raw(bytes: Uint8Array): void {
    this.reserve(bytes.length)
    this.bytes.set(bytes, this.position)
    this.position += bytes.length
  }

  /** Overwrites four bytes that were written before, for lengths. */
  int32At(position: number, value: number): void {
    this.view.setInt32(position, value)
  }

  /** As `int32At`, for counts. */
  int16At(position: number, value: number): void {
    this.view.setInt16(position, value)
  }

  /** Takes back everything from `position` on. */
  truncate(position: number): void {
    this.position = position
  }

  /**
   * What was written, as bytes that belong to the caller; the writer starts afresh.
   *
   * The bytes have an ArrayBuffer of their own (it may be longer than they are), so that they can be
   * transferred to another thread.
   */
  take(): Uint8Array<ArrayBuffer> {
    const { bytes, position } = this
    this.position = 0
    if (position < bytes.length * COPY_BELOW) return bytes.slice(0, position)
    this.bytes = allocate(bytes.length)
    this.view = new DataView(this.bytes.buffer)
    return bytes.subarray(0, position)
  }
}

const utf8Encoder = new TextEncoder()

/** Not zeroed: a frame of 1 MiB is written right after, and only what was written leaves. */
function allocate(byteCount: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.allocUnsafeSlow(byteCount).buffer as ArrayBuffer)
}
