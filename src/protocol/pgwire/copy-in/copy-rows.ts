/** Which reader reads the rows of a COPY. */
import type { CopyInColumn } from '../../../execution/executor.ts'
import type { CopyOptions } from '../../../sql/complete-copy-options.ts'
import { BinaryRows } from './binary-rows.ts'
import type { CopyRows } from './copy-row.ts'
import { LineRows } from './line-rows.ts'

/** @param bytesMax of one row. */
export function createCopyRows(
  options: CopyOptions,
  columns: readonly CopyInColumn[],
  bytesMax: number,
): CopyRows {
  return options.format === 'binary'
    ? new BinaryRows(columns.length, bytesMax)
    : new LineRows(options, columns, bytesMax)
}
