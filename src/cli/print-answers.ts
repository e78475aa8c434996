/** Answers of the gateway as tables, as CSV, or as one JSON document. */
import type { CliPorts } from './cli-ports.ts'
import { formatCsvRow } from './format-csv.ts'
import { formatCount, formatTable } from './format-table.ts'
import type { SqlAnswer } from './sql-answers.ts'

/** A table is laid out as a whole, so it is held in memory. */
const TABLE_ROWS_MAX = 1_000

/** @throws GatewayError that ended the answer, after what came before it was printed. */
export async function printAsTables(
  ports: CliPorts,
  answers: AsyncIterable<SqlAnswer>,
): Promise<void> {
  let headers: string[] | undefined
  let rows: string[][] = []
  for await (const answer of answers) {
    switch (answer.kind) {
      case 'columns':
        headers = answer.columns?.map(({ name }) => name)
        rows = []
        break
      case 'row':
        if (rows.length < TABLE_ROWS_MAX) rows.push(cellsOf(answer.json).map(cellText))
        break
      case 'end': {
        for (const { severity, message } of answer.notices) {
          ports.writeError(`${severity}: ${message}\n`)
        }
        if (headers) await ports.write(table(headers, rows, answer.rows))
        else await ports.write(`${answer.tag}\n`)
        break
      }
      case 'error':
        throw answer.error
    }
  }
}

function table(headers: readonly string[], rows: readonly string[][], count: number): string {
  const hidden = count - rows.length
  const note =
    hidden > 0 ? `; the first ${formatCount(rows.length, 'row')} are shown, --csv gives all` : ''
  return `${formatTable(headers, rows)}(${formatCount(count, 'row')}${note})\n`
}

/** Tags of statements without rows go to the other stream, so that the first holds only CSV. */
export async function printAsCsv(
  ports: CliPorts,
  answers: AsyncIterable<SqlAnswer>,
): Promise<void> {
  for await (const answer of answers) {
    switch (answer.kind) {
      case 'columns':
        if (answer.columns) await ports.write(formatCsvRow(answer.columns.map(({ name }) => name)))
        break
      case 'row':
        await ports.write(formatCsvRow(cellsOf(answer.json)))
        break
      case 'end':
        ports.writeError(`${answer.tag}\n`)
        break
      case 'error':
        throw answer.error
    }
  }
}

/**
 * `{"statements":[{"columns":[…],"rows":[…],"tag":…}]}`, written as it comes: a valid document also
 * when an error ends it.
 */
export async function printAsJson(
  ports: CliPorts,
  answers: AsyncIterable<SqlAnswer>,
): Promise<void> {
  let statements = 0
  let rows: number | undefined // of the open statement
  const endStatement = async (rest: string): Promise<void> => {
    if (rows !== undefined) await ports.write(`]${rest}}`)
    rows = undefined
  }
  await ports.write('{"statements":[')
  for await (const answer of answers) {
    switch (answer.kind) {
      case 'columns':
        await ports.write(
          `${statements > 0 ? ',' : ''}{"columns":${JSON.stringify(answer.columns ?? null)},"rows":[`,
        )
        statements += 1
        rows = 0
        break
      case 'row':
        await ports.write(`${rows ? ',' : ''}${answer.json}`)
        rows = 1
        break
      case 'end':
        await endStatement(`,"tag":${JSON.stringify(answer.tag)}`)
        break
      case 'error':
        await endStatement('')
        await ports.write(']}\n')
        throw answer.error
    }
  }
  await ports.write(']}\n')
}

function cellsOf(json: string): unknown[] {
  return JSON.parse(json) as unknown[]
}

function cellText(value: unknown): string {
  if (value === null) return 'NULL'
  return typeof value === 'string' ? value : JSON.stringify(value)
}
