/**
 * The one way to open and close a backend message.
 *
 * Source: PostgreSQL manual, "Message Formats": a type byte, then a length that counts itself but
 * not the type byte, then the body.
 */
import type { ByteWriter } from '../../../base/byte-writer.ts'

/** @returns where the message's length stands, for `endMessage`. */
export function beginMessage(out: ByteWriter, type: string): number {
  out.uint8(type.charCodeAt(0))
  const lengthAt = out.position
  out.int32(0)
  return lengthAt
}

export function endMessage(out: ByteWriter, lengthAt: number): void {
  out.int32At(lengthAt, out.position - lengthAt)
}

/** A text for people or a name; a zero byte, which would end it early, is left out. */
export function writeText(out: ByteWriter, text: string): void {
  out.cstring(text.includes('\0') ? text.replaceAll('\0', '') : text)
}
