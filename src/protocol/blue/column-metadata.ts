/** What Compile tells of a result's columns. It rules how clients read what Fetch brings. */
import { BLUE_TYPE, blueTypeOf } from '../../columnar/blue-type.ts'
import type { ColumnField } from '../../columnar/column-type.ts'
import type { ColumnMetadata } from './messages.ts'

export function columnMetadata({ name, type }: ColumnField): ColumnMetadata {
  const blue = blueTypeOf(type)
  const scalar = blue.code === BLUE_TYPE.ARRAY ? blue.element : blue
  return {
    type: blue.code,
    nullable: true, // as the chunks of every column are written
    truVarchar: blue.code === BLUE_TYPE.BLOB,
    name,
    valueSize: blue.code === BLUE_TYPE.ARRAY ? 0 : blue.size,
    scale: scalar.scale,
    precision: scalar.precision,
    subType: blue.code === BLUE_TYPE.ARRAY ? blue.element.code : 0,
  }
}
