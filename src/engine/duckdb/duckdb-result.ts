/**
 * A result, read batch by batch.
 *
 * It lives in native memory, so that a half-read one can move to another worker thread: make a
 * wrapper there with `at` and go on. Never two threads at once; the statement's connection must
 * stay open and do nothing else meanwhile.
 */
import type { ColumnBatch } from '../../columnar/column-batch.ts'
import type { Schema } from '../../columnar/column-type.ts'
import type { GatewayError } from '../../base/gateway-error.ts'
import { changedRows } from './changed-rows.ts'
import { engineError } from './engine-error.ts'
import { ChunkReader } from './native/chunk-reader.ts'
import { duckdb } from './native/library.ts'
import type { Address, ResultByValue } from './native/library.ts'
import { destroy, freeResult, resultByValue } from './native/memory.ts'

export class DuckDbResult {
  readonly address: Address
  readonly columns: Schema
  readonly #value: ResultByValue
  readonly #reader: ChunkReader
  #changed: number | undefined
  #outcome: 'open' | 'complete' | GatewayError = 'open'
  #closed = false

  private constructor(address: Address, columns: Schema) {
    this.address = address
    this.columns = columns
    this.#value = resultByValue(address)
    this.#reader = new ChunkReader(columns.map((column) => column.type))
  }

  /** @param columns As the wrapper that `start` gave has them. */
  static at(address: Address, columns: Schema): DuckDbResult {
    return new DuckDbResult(address, columns)
  }

  /**
   * The next rows, at least one. What it gives is valid until the next call of any method.
   *
   * @returns undefined at the true end only.
   * @throws GatewayError when the statement failed or was interrupted, however many rows were read
   *         before (design, engine fact 1); again at each further call.
   */
  next(): ColumnBatch | undefined {
    if (this.#outcome === 'complete') return undefined
    if (this.#outcome !== 'open') throw this.#outcome
    const chunk = duckdb.fetchChunk(this.#value)
    if (chunk === null) return this.#end()
    try {
      return this.#reader.read(this.address, chunk)
    } finally {
      destroy(duckdb.destroyDataChunk, chunk)
    }
  }

  /**
   * Rows changed by a write (INSERT, UPDATE, DELETE, MERGE, COPY, CREATE TABLE … AS), read in place
   * of `next`; undefined for anything else, the rows of which stay readable.
   */
  rowsChanged(): number | undefined {
    this.#changed ??= changedRows(this.address, this.#value)
    this.#throwFailure()
    return this.#changed
  }

  /**
   * Frees the result; ends a statement that still runs. No other wrapper of it may be used again; of this
   * one another `close` does nothing, so that what fails behind a close can be caught where it stands.
   */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    freeResult(this.address)
  }

  /** A NULL chunk is the end only if the result says so. */
  #end(): undefined {
    this.#throwFailure()
    this.#outcome = 'complete'
    return undefined
  }

  #throwFailure(): void {
    const type = duckdb.resultErrorType(this.address)
    const message = duckdb.resultError(this.address)
    if (type === 0 && message === null) return
    this.#outcome = engineError(message ?? '', type)
    throw this.#outcome
  }
}
