/** Which record of a file holds the value that did not fit: what a person needs to find it. */
import { relative, sep } from 'node:path'
import { parseTypeName } from '../columnar/parse-type-name.ts'
import type { PermittedFiles } from '../identity/permit.ts'
import type { CheckedStatement } from './checked-statement.ts'
import { DEFAULT_CSV } from './foreign-options.ts'
import { firstMisfitText } from './foreign-text.ts'

/**
 * Reads one file of a foreign table that a permit is there for, and gives a number alone.
 *
 * @param path Of the file, absolute: the host looks at where it leads, as at any.
 */
export function searchMisfit(
  files: PermittedFiles,
  column: string,
  path: string,
): Pick<CheckedStatement, 'text' | 'files'> | undefined {
  const { tableId, format, csv = DEFAULT_CSV } = files
  if (format === 'parquet') return undefined
  const columns = files.columns.map(({ name, typeName }) => ({
    name,
    type: parseTypeName(typeName),
  }))
  const text = firstMisfitText({ tableId, format, columns, csv }, column)
  const inside = relative(files.directory, path).split(sep).join('/')
  return text === undefined ? undefined : { text, files: [{ ...files, path: inside }] }
}
