/** A row of a COPY as values for the engine, or an error that says where it is wrong. */
import { arisingIn, GatewayError } from '../../../base/gateway-error.ts'
import type { CopyInColumn } from '../../../execution/executor.ts'
import { valueReader } from './column-value.ts'
import type { ReadValue } from './column-value.ts'
import { badCopyFormat, shown } from './copy-refusals.ts'
import type { CopyRow } from './copy-row.ts'

export class RowValues {
  readonly #table: string
  readonly #columns: readonly CopyInColumn[]
  readonly #readers: readonly ReadValue[]

  /**
   * @param zone The session's.
   * @throws GatewayError `feature_not_supported` for a column that COPY cannot fill.
   */
  constructor(table: string, columns: readonly CopyInColumn[], zone: string) {
    this.#table = table
    this.#columns = columns
    this.#readers = columns.map((column) => valueReader(column, zone))
  }

  /** @throws GatewayError with its line, and its column and value where one of them is wrong. */
  read(row: CopyRow, lineNumber: number): (string | null)[] {
    const values: (string | null)[] = []
    const where = `COPY ${this.#table}, line ${lineNumber}`
    for (const [index, { name }] of this.#columns.entries()) {
      if (index >= row.count) {
        throw arisingIn(badCopyFormat(`missing data for column "${name}"`), whole(where, row.line))
      }
      const sent = row.values[index] ?? null
      try {
        values.push(sent === null ? null : (this.#readers[index] as ReadValue)(sent))
      } catch (thrown) {
        if (!(thrown instanceof GatewayError)) throw thrown
        const value = typeof sent === 'string' ? `: "${shown(sent)}"` : ''
        throw arisingIn(thrown, `${where}, column ${name}${value}`)
      }
    }
    this.#refuseNulls(values, whole(where, row.line))
    return values
  }

  #refuseNulls(values: readonly (string | null)[], where: string): void {
    for (const [index, { name, nullable }] of this.#columns.entries()) {
      if (nullable || values[index] !== null) continue
      throw new GatewayError(
        'not_null_violation',
        `null value in column "${name}" of relation "${this.#table}" violates not-null constraint`,
        { context: where },
      )
    }
  }
}

/** `COPY t, line 3: "1,x"`. */
export function whole(where: string, line: Buffer | undefined): string {
  return line === undefined ? where : `${where}: "${shown(line)}"`
}
