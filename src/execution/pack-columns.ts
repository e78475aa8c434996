/** The values of a batch as the parameters that the text of a COPY takes (`gate/check-copy-in.ts`). */
import { randomBytes } from 'node:crypto'
import type { ParameterValue } from '../columnar/parameter-value.ts'
import type { CopyInBatch } from './executor.ts'

/**
 * One text for each column, its values with a separator between them; then the separator, and what
 * stands for NULL. Neither occurs in what is packed, whatever that is.
 *
 * @param columns All of one length; without values, each is NULL, of which no row is made.
 */
export function packColumns(columns: CopyInBatch['columns']): ParameterValue[] {
  const nullMark = markFor(columns)
  for (const separator of candidates()) {
    const texts = columns.map((values) => pack(values, separator, nullMark))
    if (texts.includes(undefined)) continue
    return [
      ...texts.map((value) => (value === null ? NULL : text(value ?? ''))),
      text(separator),
      text(nullMark),
    ]
  }
  throw new Error('assertion failed: there is always a separator')
}

const NULL: ParameterValue = { kind: 'null' }

function text(value: string): ParameterValue {
  return { kind: 'text', value }
}

/** What no value is. */
function markFor(columns: CopyInBatch['columns']): string {
  const taken = new Set<string>()
  for (const values of columns) {
    for (const value of values) if (value?.startsWith(MARK)) taken.add(value)
  }
  let mark = MARK
  while (taken.has(mark)) mark += MARK
  return mark
}

const MARK = '\u001f'

/** @returns undefined where the separator occurs in a value. */
function pack(
  values: readonly (string | null)[],
  separator: string,
  nullMark: string,
): string | null | undefined {
  if (values.length === 0) return null
  const packed = values.map((value) => value ?? nullMark).join(separator)
  return occursTimes(packed, separator, values.length - 1) ? packed : undefined
}

/** At every place, also those that overlap. */
function occursTimes(packed: string, separator: string, times: number): boolean {
  let count = 0
  let at = packed.indexOf(separator)
  while (at >= 0 && count <= times) {
    count += 1
    at = packed.indexOf(separator, at + 1)
  }
  return count === times
}

/** Control characters that hardly any text has; then what no client can know before. */
function* candidates(): Generator<string> {
  yield* ['\u001e', '\u001d', '\u001c']
  for (;;) yield `\u001e${randomBytes(12).toString('hex')}\u001d`
}
