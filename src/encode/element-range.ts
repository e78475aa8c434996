import { unreachable } from '../base/assert.ts'
import type { ColumnVector } from '../columnar/column-batch.ts'
import { wordsOf } from './value-encoder.ts'

/** Where the elements of one list, map or array lie in `children[0]`: `start` up to `end`. */
export function elementRange(
  vector: ColumnVector,
  row: number,
): { readonly start: number; readonly end: number } {
  const { type } = vector
  switch (type.kind) {
    case 'array':
      return { start: row * type.length, end: (row + 1) * type.length }
    case 'list':
    case 'map': {
      // Both are 64 bits wide; a batch has fewer elements than 2^31.
      const words = wordsOf(vector)
      const start = words[row * 4] as number
      return { start, end: start + (words[row * 4 + 2] as number) }
    }
    default:
      return unreachable(type as never)
  }
}
