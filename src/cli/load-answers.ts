/** What the gateway says of loads, and how a terminal shows it. */
import { formatCount, formatTable } from './format-table.ts'

export interface LoadAnswer {
  readonly id: string
  readonly state: 'uploaded' | 'running' | 'succeeded' | 'failed' | 'cancelled'
  readonly percent?: number
  readonly rowsLoaded?: number
  readonly badRows: readonly BadRowAnswer[]
  readonly badRowCount: number
  readonly badRowsUncounted: boolean
  readonly error?: { readonly code: string; readonly title: string; readonly hint?: string }
}

export interface BadRowAnswer {
  readonly line: number
  readonly column?: string
  readonly value?: string
  readonly problem: string
}

export interface PreviewAnswer {
  readonly columns: readonly {
    readonly from: number
    readonly name: string
    readonly type: string
  }[]
  readonly rows: readonly (readonly (string | null)[])[]
  readonly badRows: readonly BadRowAnswer[]
}

const ROWS_SHOWN = 3
const CHARACTERS_SHOWN = 40

/** One line for each column: a file has more columns than a terminal has room. */
export function previewTable({ columns, rows }: PreviewAnswer): string {
  const shown = rows.slice(0, ROWS_SHOWN)
  const heads = shown.map((_, at) => `row ${at + 1}`)
  const lines = columns.map(({ name, type }, at) => [
    name,
    type,
    ...shown.map((row) => cut(row[at] ?? 'NULL')),
  ])
  return formatTable(['column', 'type', ...heads], lines)
}

export function badRowsTable(
  badRows: readonly BadRowAnswer[],
  count: number,
  uncounted: boolean,
): string {
  const lines = badRows.map(({ line, column, value, problem }) => [
    String(line),
    column ?? '',
    cut(value ?? ''),
    problem,
  ])
  const more = uncounted ? 'more than ' : ''
  const all = `${more}${formatCount(count, 'bad row')}`
  const note = count > badRows.length ? `; the first ${badRows.length} problems are shown` : ''
  return `${formatTable(['line', 'column', 'value', 'problem'], lines)}(${all}${note})\n`
}

function cut(text: string): string {
  return text.length > CHARACTERS_SHOWN ? `${text.slice(0, CHARACTERS_SHOWN)}…` : text
}
