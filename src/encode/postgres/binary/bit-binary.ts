import type { ByteWriter } from '../../../base/byte-writer.ts'
import { bytesAt, type FreeEncoder } from '../../value-encoder.ts'

const ONE = 0x31

/** The number of bits, then the bits from the left; the column holds them as text of 0 and 1. */
export const bitBinary: FreeEncoder = {
  kind: 'free',
  write: (vector, row, out) => writeBits(bytesAt(vector, row), out),
}

function writeBits(digits: Uint8Array, out: ByteWriter): void {
  out.int32(digits.length)
  const byteCount = Math.ceil(digits.length / 8)
  out.reserve(byteCount)
  out.bytes.fill(0, out.position, out.position + byteCount)
  for (let i = 0; i < digits.length; i += 1) {
    if (digits[i] === ONE) {
      const at = out.position + (i >> 3)
      out.bytes[at] = (out.bytes[at] as number) | (0x80 >> (i & 7))
    }
  }
  out.position += byteCount
}
