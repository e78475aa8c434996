/**
 * The events of one text as tables or CSV.
 *
 * CSV is written as it comes, and what is no row goes to the error stream, so that the output holds
 * rows alone. A table is laid out as a whole: a bounded number of rows is kept, and it says so.
 */
import type { CliPorts } from '../cli-ports.ts'
import { formatCount, formatTable } from '../format-table.ts'
import { printable } from '../printable.ts'
import { errorText } from './error-text.ts'
import { csvLine, NULL_TEXT } from './result-form.ts'
import type { ResultForm } from './result-form.ts'
import type { SqlEvent } from './sql-connection.ts'

const TABLE_ROWS_MAX = 1_000

/** In UTF-16 units, of all values that are kept. */
const TABLE_LENGTH_MAX = 4 * 1024 * 1024

interface Table {
  readonly names: readonly string[]
  readonly rows: (readonly string[])[]
  count: number
  length: number
}

type Ports = Pick<CliPorts, 'write' | 'writeError'>

/** @returns whether it succeeded. @throws what reading the events throws. */
export async function printResult(
  ports: Ports,
  events: AsyncIterable<readonly SqlEvent[]>,
  statement: string,
  form: ResultForm,
): Promise<boolean> {
  const startedAt = performance.now()
  let table: Table | undefined
  let isGood = true
  const note = async (text: string): Promise<void> => {
    if (form.resultsOnly) return
    if (form.table) await ports.write(text)
    else ports.writeError(text)
  }
  for await (const some of events) {
    let out = '' // one write for each piece that arrived
    for (const event of some) {
      switch (event.kind) {
        case 'columns':
          table = { names: event.names, rows: [], count: 0, length: 0 }
          if (!form.table && !form.resultsOnly && form.rows) out += csvLine(event.names, form)
          break
        case 'row':
          if (table) table.count += 1
          if (!form.rows) break
          if (!form.table) out += csvLine(event.values, form)
          else if (table) keep(table, event.values)
          break
        case 'bytes':
          await ports.write(form.forTerminal ? shownBytes(event.bytes) : event.bytes)
          break
        case 'tag':
          if (table && form.table && form.rows) await ports.write(tableText(table, form))
          if (out !== '') await ports.write(out)
          out = ''
          await note(table ? `${formatCount(table.count, 'row')}\n` : `${printable(event.tag)}\n`)
          table = undefined
          break
        case 'notice':
          ports.writeError(`${printable(`${event.message.severity}: ${event.message.message}`)}\n`)
          break
        case 'error':
          isGood = false
          if (out !== '') await ports.write(out)
          out = ''
          ports.writeError(errorText(event.message, statement))
          break
      }
    }
    if (out !== '') await ports.write(out)
  }
  if (isGood) await note(`time: ${((performance.now() - startedAt) / 1000).toFixed(3)} s\n`)
  return isGood
}

/** The first rows, as many as fit; none after one that did not. */
function keep(table: Table, values: readonly (string | null)[]): void {
  const isFull = table.rows.length >= TABLE_ROWS_MAX || table.rows.length < table.count - 1
  if (isFull) return
  const row = values.map((value) => value ?? NULL_TEXT)
  const length = row.reduce((sum, text) => sum + text.length, 0)
  if (table.length + length > TABLE_LENGTH_MAX) return
  table.length += length
  table.rows.push(row)
}

function tableText({ names, rows, count }: Table, form: ResultForm): string {
  const text = formatTable(form.resultsOnly ? [] : names, rows)
  if (rows.length === count) return text
  return `${text}(the first ${formatCount(rows.length, 'row')} of ${count.toLocaleString('en-US')} are shown; --table-view false gives all)\n`
}

function shownBytes(bytes: Uint8Array): string {
  return printable(new TextDecoder().decode(bytes))
}
