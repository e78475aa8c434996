import type { ByteWriter } from '../../../base/byte-writer.ts'
import { writeHex } from '../../text/hex.ts'
import { bytesAt, type FreeEncoder } from '../../value-encoder.ts'

const BACKSLASH = 0x5c

/** Source: PostgreSQL manual, "Binary Data Types". */
export function byteaText(style: 'hex' | 'escape'): FreeEncoder {
  const write = style === 'hex' ? hex : escape
  return { kind: 'free', write: (vector, row, out) => write(bytesAt(vector, row), out) }
}

function hex(from: Uint8Array, out: ByteWriter): void {
  out.reserve(2 + from.length * 2)
  out.bytes[out.position] = BACKSLASH
  out.bytes[out.position + 1] = 0x78
  out.position = writeHex(out.bytes, out.position + 2, from)
}

/** A backslash is doubled; what is not printable ASCII is three octal digits. */
function escape(from: Uint8Array, out: ByteWriter): void {
  out.reserve(from.length * 4)
  const { bytes } = out
  let at = out.position
  for (const byte of from) {
    if (byte >= 0x20 && byte < 0x7f) {
      if (byte === BACKSLASH) bytes[at++] = BACKSLASH
      bytes[at++] = byte
    } else {
      bytes[at++] = BACKSLASH
      bytes[at++] = 48 + (byte >> 6)
      bytes[at++] = 48 + ((byte >> 3) & 7)
      bytes[at++] = 48 + (byte & 7)
    }
  }
  out.position = at
}
