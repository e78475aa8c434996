/** Rows in text and csv. Source: PostgreSQL 15, copyfromparse.c, NextCopyFromRawFields. */
import type { GatewayError } from '../../../base/gateway-error.ts'
import type { CopyInColumn } from '../../../execution/executor.ts'
import type { CopyOptions } from '../../../sql/complete-copy-options.ts'
import { badCopyFormat } from './copy-refusals.ts'
import type { CopyRow, CopyRows } from './copy-row.ts'
import { fieldReader } from './line-fields.ts'
import type { ReadFields } from './line-fields.ts'
import { LineSplitter } from './line-splitter.ts'

export class LineRows implements CopyRows {
  /** The line in hand, for errors. */
  line: Buffer | undefined
  readonly #options: CopyOptions
  readonly #columns: readonly CopyInColumn[]
  readonly #lines: LineSplitter
  readonly #read: ReadFields
  readonly #keepsNull: readonly boolean[]
  readonly #makesNull: readonly boolean[]
  readonly #forces: boolean
  #headerDue: boolean

  constructor(options: CopyOptions, columns: readonly CopyInColumn[], bytesMax: number) {
    this.#options = options
    this.#columns = columns
    this.#lines = new LineSplitter(options, bytesMax)
    this.#read = fieldReader(options)
    this.#keepsNull = flags(columns, options.forceNotNull)
    this.#makesNull = flags(columns, options.forceNull)
    this.#forces = options.forceNotNull.length + options.forceNull.length > 0
    this.#headerDue = options.header !== false
  }

  get lineNumber(): number {
    return this.#lines.lineNumber
  }

  push(chunk: Buffer): void {
    this.#lines.push(chunk)
  }

  complete(): void {
    this.#lines.complete()
  }

  next(): CopyRow | undefined {
    this.line = undefined
    let line = this.#lines.next()
    if (line && this.#headerDue) {
      this.#headerDue = false
      this.line = line
      if (this.#options.header === 'match') this.#matchHeader(line)
      line = this.#lines.next()
    }
    if (!line) return undefined
    this.line = line
    const { values, count } = this.#read(line, this.#columns.length)
    if (count > this.#columns.length) throw badCopyFormat('extra data after last expected column')
    return { values: this.#forces ? this.#forced(values) : values, line, count }
  }

  #forced(values: readonly (string | null)[]): (string | null)[] {
    const { nullText } = this.#options
    return values.map((value, index) => {
      if (value === null) return this.#keepsNull[index] ? nullText : null
      return this.#makesNull[index] && value === nullText ? null : value
    })
  }

  #matchHeader(line: Buffer): void {
    const { values, count } = this.#read(line, this.#columns.length)
    if (count !== this.#columns.length) {
      throw badCopyFormat(
        `wrong number of fields in header line: got ${count}, expected ${this.#columns.length}`,
      )
    }
    for (const [index, { name }] of this.#columns.entries()) {
      const found = values[index] ?? null
      if (found !== name) throw this.#mismatch(index, found, name)
    }
  }

  #mismatch(index: number, found: string | null, name: string): GatewayError {
    const got = found === null ? `null value ("${this.#options.nullText}")` : `"${found}"`
    return badCopyFormat(
      `column name mismatch in header line field ${index + 1}: got ${got}, expected "${name}"`,
    )
  }
}

function flags(columns: readonly CopyInColumn[], names: readonly string[]): boolean[] {
  const lower = new Set(names.map((name) => name.toLowerCase()))
  return columns.map(({ name }) => lower.has(name.toLowerCase()))
}
