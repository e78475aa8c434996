/** Types whose binary form is their bits, in network order. */
import { fixed, valuesOf, wordsOf, type FixedEncoder } from '../../value-encoder.ts'

export const booleanBinary = fixed<Uint8Array>(
  'boolean binary',
  1,
  valuesOf,
  (values, row, bytes, at) => {
    bytes[at] = values[row] as number
    return at + 1
  },
)

/** Of any integer column whose values fit 16 bits with a sign. */
export function int16Binary(name: string): FixedEncoder {
  return fixed<Int16Array>(`${name} binary`, 2, valuesOf, (values, row, bytes, at) => {
    const value = values[row] as number
    bytes[at] = value >> 8
    bytes[at + 1] = value
    return at + 2
  })
}

/** Of any integer column whose values fit 32 bits with a sign. */
export function int32Binary(name: string): FixedEncoder {
  return fixed<Int32Array>(`${name} binary`, 4, valuesOf, (values, row, bytes, at) =>
    storeWord(bytes, at, values[row] as number),
  )
}

export const uint32Binary = fixed<Uint32Array>(
  'uinteger binary',
  8,
  valuesOf,
  (values, row, bytes, at) => storeWord(bytes, storeWord(bytes, at, 0), values[row] as number),
)

/** Of a bigint, and of a double, whose bits are two words like a bigint's. */
export const eightBytesBinary = fixed<Int32Array>(
  'eight bytes binary',
  8,
  wordsOf,
  (words, row, bytes, at) =>
    storeWords(bytes, at, words[row * 2] as number, words[row * 2 + 1] as number),
)

export const floatBinary = fixed<Int32Array>('float binary', 4, wordsOf, (words, row, bytes, at) =>
  storeWord(bytes, at, words[row] as number),
)

export const uuidBinary = fixed<Int32Array>('uuid binary', 16, wordsOf, (words, row, bytes, at) => {
  // The engine flips the top bit, so that its signed 128-bit order is the order of the text.
  const high = (words[row * 4 + 3] as number) ^ 0x8000_0000
  const middle = storeWords(bytes, at, words[row * 4 + 2] as number, high)
  return storeWords(bytes, middle, words[row * 4] as number, words[row * 4 + 1] as number)
})

/** Microseconds, days, months. */
export const intervalBinary = fixed<Int32Array>(
  'interval binary',
  16,
  valuesOf,
  (words, row, bytes, at) => {
    const time = storeWords(bytes, at, words[row * 4 + 2] as number, words[row * 4 + 3] as number)
    return storeWords(bytes, time, words[row * 4] as number, words[row * 4 + 1] as number)
  },
)

export function storeWord(bytes: Uint8Array, at: number, word: number): number {
  bytes[at] = word >>> 24
  bytes[at + 1] = word >>> 16
  bytes[at + 2] = word >>> 8
  bytes[at + 3] = word
  return at + 4
}

/** 64 bits, given as two words. */
export function storeWords(bytes: Uint8Array, at: number, low: number, high: number): number {
  return storeWord(bytes, storeWord(bytes, at, high), low)
}
