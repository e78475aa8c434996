/** Rows on their way to the engine, column by column. */
import type { CopyInBatch } from '../../../execution/executor.ts'

/** Enough to make little of what a statement costs, and few enough to keep two in memory. */
const ROWS_MAX = 8192
const TEXT_LENGTH_MAX = 1024 * 1024

export class RowBatch {
  readonly #table: string
  #columns: (string | null)[][]
  #rows = 0
  #length = 0
  #bytes = 0
  #firstLine = 0
  #lastLine = 0

  constructor(table: string, columnCount: number) {
    this.#table = table
    this.#columns = emptyColumns(columnCount)
  }

  get isFull(): boolean {
    return this.#rows >= ROWS_MAX || this.#length >= TEXT_LENGTH_MAX
  }

  get isEmpty(): boolean {
    return this.#rows === 0
  }

  /** @param values One for each column. */
  add(values: readonly (string | null)[], lineNumber: number): void {
    if (this.#rows === 0) this.#firstLine = lineNumber
    for (let column = 0; column < values.length; column += 1) {
      const value = values[column] as string | null
      this.#columns[column]?.push(value)
      this.#length += 1 + (value?.length ?? 0)
    }
    this.#rows += 1
    this.#lastLine = lineNumber
  }

  /** Counts bytes of the client, of rows that are here or in the making. */
  received(bytes: number): void {
    this.#bytes += bytes
  }

  /** Gives out all that is here, and is empty then. */
  take(): CopyInBatch {
    const [first, last] = [this.#firstLine, this.#lastLine]
    const lines = first === last ? `line ${first}` : `lines ${first} to ${last}`
    const batch = {
      columns: this.#columns,
      rows: this.#rows,
      bytes: this.#bytes,
      context: `COPY ${this.#table}, ${lines}`,
    }
    this.#columns = emptyColumns(batch.columns.length)
    this.#rows = this.#length = this.#bytes = 0
    return batch
  }
}

function emptyColumns(count: number): (string | null)[][] {
  return Array.from({ length: count }, () => [])
}
