/** A CSV file's columns, as they seem or as they were chosen. */
import { csvField } from '../sql/load-statement.ts'
import type { PreviewChoice } from './loads.ts'
import { noSuchColumn } from './look.ts'
import type { Look } from './look.ts'
import { lookAtCsv } from './look-at-csv.ts'
import { sniffCsv } from './sniff-csv.ts'

export async function lookAtText(
  path: string,
  { csv, columns: chosen }: PreviewChoice,
): Promise<Look> {
  const reading = await sniffCsv(path, csv ?? {})
  const look = await lookAtCsv(path, reading)
  const choice = chosen ?? look.columns.map(({ name }, from) => ({ from, name, type: undefined }))
  const columns = choice.map(({ from, name, type }) => {
    const guessed = look.columns[from]
    if (!guessed) throw noSuchColumn(from, look.columns.length)
    return { from: csvField(from), name, type: type ?? guessed.type }
  })
  const file = { format: 'csv', path, csv: reading, fields: look.fields } as const
  const preview = {
    columns: columns.map(({ name, type }, at) => {
      const from = choice[at]?.from ?? at
      const fileName = look.columns[from]?.fileName ?? ''
      return { from, name, type, ...(fileName !== name && fileName !== '' && { fileName }) }
    }),
    rows: look.rows.map((row) => choice.map(({ from }) => row[from] ?? null)),
    csv: reading,
    badRows: look.badRows,
    rowsLookedAt: look.rowsLookedAt,
  }
  return { preview, file, columns }
}
