/** Values of the engine's JSON type inside other JSON. */
import { bytesAt, type FreeEncoder } from '../value-encoder.ts'
import { writeJsonText } from './json-string.ts'

/**
 * The document as it stands, with line breaks turned into spaces (JSON allows them only between
 * tokens), because a line is a row in JSON lines.
 *
 * The engine's reader is more generous than JSON (NaN, a comma before the end): a document that is
 * not JSON becomes a string, so that the row around it stays readable.
 */
export const embedJson: FreeEncoder = {
  kind: 'free',
  write(vector, row, out) {
    const document = bytesAt(vector, row)
    if (!isJson(document)) {
      writeJsonText(document, out)
      return
    }
    const from = out.position
    out.raw(document)
    const { bytes } = out
    for (let i = from; i < out.position; i += 1) {
      if (bytes[i] === 0x0a || bytes[i] === 0x0d) bytes[i] = 0x20
    }
  },
}

function isJson(document: Uint8Array): boolean {
  try {
    JSON.parse(Buffer.from(document.buffer, document.byteOffset, document.length).toString())
    return true
  } catch {
    return false
  }
}
