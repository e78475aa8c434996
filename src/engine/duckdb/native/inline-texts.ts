/**
 * The quick way for columns of short strings: the engine keeps up to 12 bytes inside the vector.
 *
 * A `duckdb_string_t` is 16 bytes: a length of 32 bits, then the bytes, or above 12 of them a prefix
 * and a pointer. Where every string of a vector is inline nothing has to be followed, which takes a
 * third of the time of the way through Arrow (text-gatherer.ts).
 */
import type { Texts } from './text-gatherer.ts'

export const STRING_BYTES = 16
/** Of 32 bits. */
const WORDS = STRING_BYTES / 4
export const LENGTH_BYTES = 4
export const INLINE_BYTES_MAX = 12

/**
 * @param strings Copy of the vector's data, `rowCount` times 16 bytes. Rows that are NULL hold
 *                anything.
 * @param offsets Room for `rowCount + 1`.
 * @returns undefined when a string is longer.
 */
export function inlineTexts(
  strings: Uint8Array,
  validity: Uint8Array | undefined,
  rowCount: number,
  offsets: Int32Array,
  room: (byteCount: number) => Uint8Array,
): Texts | undefined {
  const words = new Uint32Array(strings.buffer, strings.byteOffset, rowCount * WORDS)
  let end = 0
  offsets[0] = 0
  for (let row = 0; row < rowCount; row += 1) {
    const length = lengthAt(words, validity, row)
    if (length > INLINE_BYTES_MAX) return undefined
    end += length
    offsets[row + 1] = end
  }
  const bytes = room(end)
  let target = 0
  for (let row = 0; row < rowCount; row += 1) {
    const rowEnd = offsets[row + 1] ?? 0
    let source = row * STRING_BYTES + LENGTH_BYTES
    while (target < rowEnd) {
      bytes[target] = strings[source] ?? 0
      target += 1
      source += 1
    }
  }
  return { offsets, bytes }
}

/** 0 for NULL. `words`: of the vector's data. */
export function lengthAt(
  words: Uint32Array,
  validity: Uint8Array | undefined,
  row: number,
): number {
  const valid = validity === undefined || ((validity[row >> 3] ?? 0) & (1 << (row & 7))) !== 0
  return valid ? (words[row * WORDS] ?? 0) : 0
}
