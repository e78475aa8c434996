/** Places in a text, as clients count them. */
import { GatewayError } from '../base/gateway-error.ts'
import type { ErrorKind } from '../base/gateway-error.ts'

/** 1-based position in characters (code points) of an index in UTF-16 units. */
export function characterPosition(text: string, index: number): number {
  let position = 1
  for (let i = 0; i < index && i < text.length; i += 1) {
    // The second half of a surrogate pair belongs to the character before it.
    const unit = text.charCodeAt(i)
    if (unit < 0xdc00 || unit > 0xdfff) position += 1
  }
  return position
}

/** Index in UTF-16 units of a 1-based position in characters. */
export function indexOfCharacter(text: string, position: number): number {
  let index = 0
  for (let character = 1; character < position && index < text.length; character += 1) {
    index += (text.codePointAt(index) ?? 0) < 0x10000 ? 1 : 2
  }
  return index
}

/** Index in UTF-16 units of an offset in UTF-8 bytes, as the engine counts. */
export function indexOfByte(text: string, byte: number): number {
  let bytes = 0
  let index = 0
  while (index < text.length && bytes < byte) {
    const code = text.codePointAt(index) ?? 0
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
    index += code < 0x10000 ? 1 : 2
  }
  return index
}

/** Offset in UTF-8 bytes of a 1-based position in characters. */
export function byteOffset(text: string, position: number): number {
  let bytes = 0
  let character = 1
  for (const char of text) {
    if (character >= position) break
    bytes += Buffer.byteLength(char)
    character += 1
  }
  return bytes
}

export function errorAt(
  kind: ErrorKind,
  message: string,
  text: string,
  index: number,
  hint?: string,
): GatewayError {
  return new GatewayError(kind, message, {
    position: characterPosition(text, index),
    ...(hint !== undefined && { hint }),
  })
}
