/** What a load runs in the engine: every value exactly, or an error; and which values are bad. */
import { typeName } from '../columnar/parse-type-name.ts'
import type { CheckedColumn } from './load-columns.ts'
import { quoteName } from './quote-name.ts'

/** Of a value in a report. */
const SHOWN_CHARACTERS_MAX = 100

/** The rows of a table; the engine stops at the first value that does not fit. */
export function rowsText(reader: string, columns: readonly CheckedColumn[]): string {
  const items = columns.map(({ conversion, type, name }, at) => {
    const fits = conversion.fits(`t${at}`, `v${at}`)
    const value =
      fits === 'true'
        ? `v${at}`
        : `CASE WHEN t${at} IS NULL THEN NULL WHEN ${fits} THEN v${at} ELSE error('a value does not fit') END`
    return `CAST(${value} AS ${typeName(type)}) AS ${quoteName(name)}`
  })
  return `SELECT ${items.join(', ')} FROM ${layers(reader, columns, [])}`
}

/** The number of each row with bad values, from 1, and those values, cut; NULL for good ones. */
export function badRowsText(reader: string, columns: readonly CheckedColumn[]): string {
  const cells = columns.map(({ conversion, required }, at) => {
    const fits = conversion.fits(`t${at}`, `v${at}`)
    const shown = `left(CAST(t${at} AS VARCHAR), ${SHOWN_CHARACTERS_MAX})`
    const empty = required ? `WHEN t${at} IS NULL THEN '' ` : ''
    return `CASE ${empty}WHEN t${at} IS NOT NULL AND NOT coalesce(${fits}, false) THEN ${shown} END`
  })
  const numbered = layers(reader, columns, ['row_number() OVER () AS n'])
  const found = `(SELECT n, [${cells.join(', ')}] AS cells FROM ${numbered})`
  return `SELECT n, cells FROM ${found} WHERE list_count(cells) > 0`
}

/** One layer for what is taken and one for its value: both are used more than once. */
function layers(
  reader: string,
  columns: readonly CheckedColumn[],
  besides: readonly string[],
): string {
  const taken = columns.map(({ from, conversion }, at) => `${conversion.take(from)} AS t${at}`)
  const values = columns.map(
    ({ conversion }, at) => `t${at}, ${conversion.value(`t${at}`)} AS v${at}`,
  )
  const inner = `SELECT ${[...besides, ...taken].join(', ')} FROM ${reader}`
  return `(SELECT ${[...besides.map(() => 'n'), ...values].join(', ')} FROM (${inner}))`
}
