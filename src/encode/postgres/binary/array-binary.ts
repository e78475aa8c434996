import { present } from '../../../base/assert.ts'
import { isNull } from '../../../columnar/column-batch.ts'
import { elementRange } from '../../element-range.ts'
import { appendValue, type FreeEncoder, type ValueEncoder } from '../../value-encoder.ts'

const NULL_LENGTH = -1

/**
 * Arrays of one dimension. An empty one has no dimension at all.
 *
 * Source: PostgreSQL, arrayfuncs.c, array_send.
 */
export function arrayBinary(elementOid: number, element: ValueEncoder): FreeEncoder {
  return {
    kind: 'free',
    write(vector, row, out) {
      const child = present(vector.children[0], 'elements')
      const { start, end } = elementRange(vector, row)
      out.int32(end > start ? 1 : 0)
      const nullFlag = out.position
      out.int32(0)
      out.int32(elementOid)
      if (end === start) return
      out.int32(end - start)
      out.int32(1) // the lowest index
      for (let index = start; index < end; index += 1) {
        if (isNull(child, index)) {
          out.int32At(nullFlag, 1)
          out.int32(NULL_LENGTH)
          continue
        }
        const length = out.position
        out.int32(0)
        appendValue(element, child, index, out)
        out.int32At(length, out.position - length - 4)
      }
    },
  }
}
