/** Types of few or of opaque values: boolean, enum, uuid. */
import { present } from '../../../base/assert.ts'
import { fixed, valuesOf, wordsOf, type ValueEncoder } from '../../value-encoder.ts'
import { writeHex32 } from '../../text/hex.ts'

const TRUE = 0x74
const FALSE = 0x66
const HYPHEN = 0x2d

/** Labels longer than this (in bytes) do not take the quick way of short values. */
const QUICK_LABEL_BYTES_MAX = 255

export const booleanText = fixed<Uint8Array>('boolean', 1, valuesOf, (values, row, bytes, at) => {
  bytes[at] = values[row] === 0 ? FALSE : TRUE
  return at + 1
})

export function enumText(labels: readonly string[]): ValueEncoder {
  const encoded = labels.map((label) => new Uint8Array(Buffer.from(label)))
  const longest = encoded.reduce((max, label) => Math.max(max, label.length), 0)
  if (longest > QUICK_LABEL_BYTES_MAX) {
    return {
      kind: 'free',
      write: (vector, row, out) =>
        out.raw(present(encoded[Number(valuesOf(vector)[row])], 'enum label')),
    }
  }
  return fixed<Uint8Array>('enum', longest, valuesOf, (values, row, bytes, at) => {
    const label = present(encoded[values[row] as number], 'enum label')
    for (let i = 0; i < label.length; i += 1) bytes[at + i] = label[i] as number
    return at + label.length
  })
}

export const uuidText = fixed<Int32Array>('uuid', 36, wordsOf, (words, row, bytes, at) => {
  // The engine flips the top bit, so that its signed 128-bit order is the order of the text.
  const first = (words[row * 4 + 3] as number) ^ 0x8000_0000
  const second = words[row * 4 + 2] as number
  const third = words[row * 4 + 1] as number
  writeHex32(bytes, at, first, 8)
  bytes[at + 8] = HYPHEN
  writeHex32(bytes, at + 9, second >>> 16, 4)
  bytes[at + 13] = HYPHEN
  writeHex32(bytes, at + 14, second & 0xffff, 4)
  bytes[at + 18] = HYPHEN
  writeHex32(bytes, at + 19, third >>> 16, 4)
  bytes[at + 23] = HYPHEN
  writeHex32(bytes, at + 24, third & 0xffff, 4)
  return writeHex32(bytes, at + 28, words[row * 4] as number, 8)
})
