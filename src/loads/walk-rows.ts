/** A CSV file's records as the engine counts them: the header, then rows from 1; blank lines are none. */
import type { CsvReading } from '../sql/load-statement.ts'
import { isBlank } from './csv-record.ts'
import type { CsvField } from './csv-record.ts'
import type { BadRow } from './load-document.ts'
import { scanCsv } from './scan-csv.ts'
import type { ScannedRecord } from './scan-csv.ts'

/** @param onRow Told the row's number, or that it is the header; ends the walk with `stop`. */
export async function walkRows(
  file: string,
  reading: CsvReading,
  onRow: (record: ScannedRecord, place: number | 'header') => 'stop' | undefined,
  signal?: AbortSignal,
): Promise<void> {
  let fields: number | undefined
  let row = 0
  const visit = (record: ScannedRecord): 'stop' | undefined => {
    // of a file with one column a blank line is a row without a value, except before the first
    if (isBlank(record) && fields !== 1) return undefined
    const isHeader = fields === undefined && reading.header
    fields ??= record.fields.length
    if (isHeader) return onRow(record, 'header')
    row += 1
    return onRow(record, row)
  }
  await scanCsv(file, reading, visit, signal)
}

/** What is wrong with a record's form. Empty fields behind the last one are no harm. */
export function problemOf(record: ScannedRecord, fields: number): string | undefined {
  if (record.problem !== undefined) return record.problem
  const count = record.fields.length
  if (count < fields) return `it has ${count} fields, and the first line has ${fields}`
  const isMore = record.fields.slice(fields).some(holdsText)
  return isMore ? `it has ${count} fields, and the first line has ${fields}` : undefined
}

function holdsText({ start, end, quoted }: CsvField): boolean {
  return quoted || start !== end
}

/** All records that are broken: the first `listMax` of them, and how many there are. */
export async function findBroken(
  file: string,
  reading: CsvReading,
  fields: number,
  listMax: number,
  signal: AbortSignal,
): Promise<{ badRows: BadRow[]; count: number }> {
  const badRows: BadRow[] = []
  let count = 0
  const visit = (record: ScannedRecord): undefined => {
    const problem = problemOf(record, fields)
    if (problem === undefined) return
    count += 1
    if (badRows.length < listMax) badRows.push({ line: record.line, problem })
  }
  await walkRows(file, reading, visit, signal)
  return { badRows, count }
}

/** On which lines some rows begin. @param rows Ascending. */
export async function linesOfRows(
  file: string,
  reading: CsvReading,
  rows: readonly number[],
  signal: AbortSignal,
): Promise<Map<number, number>> {
  const lines = new Map<number, number>()
  const wanted = new Set(rows)
  const visit = (record: ScannedRecord, place: number | 'header'): 'stop' | undefined => {
    if (typeof place === 'number' && wanted.has(place)) lines.set(place, record.line)
    return lines.size === wanted.size ? 'stop' : undefined
  }
  if (wanted.size > 0) await walkRows(file, reading, visit, signal)
  return lines
}
