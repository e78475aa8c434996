/** The first rows of a CSV file: its columns with their likely types, and what is broken in them. */
import type { CsvReading } from '../sql/load-statement.ts'
import { columnNames } from './column-names.ts'
import { fieldText } from './csv-record.ts'
import type { BadRow } from './load-document.ts'
import { TypeGuess } from './guess-type.ts'
import { problemOf, walkRows } from './walk-rows.ts'

/** What types are guessed from. */
const SAMPLE_ROWS_MAX = 10_000
const SAMPLE_BYTES_MAX = 4 * 1024 * 1024

const SHOWN_ROWS_MAX = 50
const SHOWN_CHARACTERS_MAX = 200
const BAD_ROWS_MAX = 100

export interface CsvLook {
  /** Fields of a record. */
  readonly fields: number
  readonly columns: readonly {
    readonly name: string
    readonly fileName: string
    readonly type: string
  }[]
  readonly rows: readonly (readonly (string | null)[])[]
  readonly badRows: readonly BadRow[]
  readonly rowsLookedAt: number
}

export async function lookAtCsv(file: string, reading: CsvReading): Promise<CsvLook> {
  let fields = 0
  let inFile: string[] = []
  let guesses: TypeGuess[] = []
  const rows: (string | null)[][] = []
  const badRows: BadRow[] = []
  const nulls = new Set(reading.nullTexts)
  let rowsLookedAt = 0
  let bytes = 0

  await walkRows(file, reading, (record, place) => {
    const texts = (): (string | undefined)[] =>
      record.fields.slice(0, fields).map((field) => {
        const text = fieldText(record.bytes, field, reading)
        return text !== undefined && !field.quoted && nulls.has(text) ? undefined : text
      })
    if (fields === 0) {
      fields = record.fields.length
      guesses = Array.from({ length: fields }, () => new TypeGuess(reading.decimal))
      inFile = record.fields.map((field) => fieldText(record.bytes, field, reading) ?? '')
    }
    const problem = problemOf(record, fields)
    if (problem !== undefined) {
      if (badRows.length < BAD_ROWS_MAX) badRows.push({ line: record.line, problem })
      return record.fields.length === 0 ? 'stop' : undefined
    }
    if (place === 'header') return undefined
    rowsLookedAt += 1
    bytes += (record.fields.at(-1)?.end ?? 0) - (record.fields[0]?.start ?? 0)
    const values = texts()
    for (const [at, value] of values.entries()) guesses[at]?.see(value)
    if (rows.length < SHOWN_ROWS_MAX) rows.push(values.map(shown))
    return rowsLookedAt >= SAMPLE_ROWS_MAX || bytes >= SAMPLE_BYTES_MAX ? 'stop' : undefined
  })

  const names = columnNames(reading.header ? inFile : inFile.map(() => undefined))
  const columns = names.map((name, at) => ({
    name,
    fileName: reading.header ? (inFile[at] ?? '') : '',
    type: guesses[at]?.typeName ?? 'VARCHAR',
  }))
  return { fields, columns, rows, badRows, rowsLookedAt }
}

function shown(text: string | undefined): string | null {
  if (text === undefined) return null
  return text.length > SHOWN_CHARACTERS_MAX ? `${text.slice(0, SHOWN_CHARACTERS_MAX)}…` : text
}
