/** Packed values replaced by their text, row by row. */
import type { Texts } from './text-gatherer.ts'

export function rewriteTexts(
  packed: Texts,
  validity: Uint8Array | undefined,
  rewrite: (bytes: Uint8Array) => string,
): Texts {
  const rowCount = packed.offsets.length - 1
  const offsets = new Int32Array(rowCount + 1)
  const parts: Buffer[] = []
  let end = 0
  for (let row = 0; row < rowCount; row += 1) {
    if (validity === undefined || ((validity[row >> 3] ?? 0) & (1 << (row & 7))) !== 0) {
      const value = packed.bytes.subarray(packed.offsets[row], packed.offsets[row + 1])
      const text = Buffer.from(rewrite(value), 'latin1')
      parts.push(text)
      end += text.length
    }
    offsets[row + 1] = end
  }
  return { offsets, bytes: Buffer.concat(parts) }
}
