/** Texts as JSON strings, byte by byte: UTF-8 stays as it is, and is never cut. */
import type { ByteWriter } from '../../base/byte-writer.ts'

const QUOTE = 0x22
const BACKSLASH = 0x5c

/** The letter of a two-character escape, by byte; 0 where there is none. */
const SHORT = new Uint8Array(0x80)
for (const [byte, letter] of Object.entries({ 8: 'b', 9: 't', 10: 'n', 12: 'f', 13: 'r' })) {
  SHORT[Number(byte)] = letter.charCodeAt(0)
}
SHORT[QUOTE] = QUOTE
SHORT[BACKSLASH] = BACKSLASH

const HEX = new Uint8Array(Buffer.from('0123456789abcdef'))

/** `text` is UTF-8. */
export function writeJsonText(text: Uint8Array, out: ByteWriter): void {
  out.uint8(QUOTE)
  if (isPlain(text)) out.raw(text)
  else writeEscaped(text, out)
  out.uint8(QUOTE)
}

export function jsonStringOf(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(JSON.stringify(text)))
}

function isPlain(text: Uint8Array): boolean {
  for (let i = 0; i < text.length; i += 1) {
    const byte = text[i] as number
    if (byte < 0x20 || byte === QUOTE || byte === BACKSLASH) return false
  }
  return true
}

function writeEscaped(text: Uint8Array, out: ByteWriter): void {
  out.reserve(text.length * 6)
  const { bytes } = out
  let at = out.position
  for (const byte of text) {
    const short = byte < 0x80 ? (SHORT[byte] as number) : 0
    if (short !== 0) {
      bytes[at++] = BACKSLASH
      bytes[at++] = short
    } else if (byte < 0x20) {
      bytes.set(
        [BACKSLASH, 0x75, 0x30, 0x30, HEX[byte >> 4] as number, HEX[byte & 15] as number],
        at,
      )
      at += 6
    } else {
      bytes[at++] = byte
    }
  }
  out.position = at
}
