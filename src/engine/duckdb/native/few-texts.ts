/**
 * The quick way for a handful of longer strings: each is followed and copied by itself. The way
 * through Arrow (text-gatherer.ts) is some twenty calls, whatever it gathers; this is one for each.
 */
import { INLINE_BYTES_MAX, LENGTH_BYTES, STRING_BYTES, lengthAt } from './inline-texts.ts'
import type { Address } from './library.ts'
import { copyFrom } from './memory.ts'
import { checkType } from './text-gatherer.ts'
import type { Texts } from './text-gatherer.ts'

const ROWS_MAX = 16
const BYTES_MAX = 1024 * 1024

/**
 * @param strings As for `inlineTexts`, of the vector.
 * @returns undefined for more than a handful.
 */
export function fewTexts(
  vector: Address,
  typeId: number,
  strings: Uint8Array,
  validity: Uint8Array | undefined,
  rowCount: number,
  offsets: Int32Array,
  room: (byteCount: number) => Uint8Array,
): Texts | undefined {
  if (rowCount > ROWS_MAX) return undefined
  const words = new Uint32Array(strings.buffer, strings.byteOffset, strings.length / 4)
  let end = 0
  offsets[0] = 0
  for (let row = 0; row < rowCount; row += 1) {
    end += lengthAt(words, validity, row)
    if (end > BYTES_MAX) return undefined
    offsets[row + 1] = end
  }
  checkType(vector, typeId)
  const bytes = room(end)
  const pointers = new BigUint64Array(strings.buffer, strings.byteOffset, strings.length / 8)
  for (let row = 0; row < rowCount; row += 1) {
    const target = bytes.subarray(offsets[row], offsets[row + 1])
    const start = row * STRING_BYTES + LENGTH_BYTES
    if (target.length > INLINE_BYTES_MAX) {
      copyFrom(pointers[row * 2 + 1] ?? 0n, target, target.length)
    } else target.set(strings.subarray(start, start + target.length))
  }
  return { offsets, bytes }
}
