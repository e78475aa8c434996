/** A data chunk of the engine as a ColumnBatch, in the layouts of columnar/column-batch.ts. */
import type { ColumnBatch } from '../../../columnar/column-batch.ts'
import type { ColumnType } from '../../../columnar/column-type.ts'
import { duckdb } from './library.ts'
import type { Address } from './library.ts'
import { vectorReader } from './vector-reader.ts'
import type { VectorReader } from './vector-reader.ts'

export class ChunkReader {
  readonly #readers: readonly VectorReader[]

  constructor(types: readonly ColumnType[]) {
    this.#readers = types.map(vectorReader)
  }

  /**
   * Copies the chunk, which may then be destroyed. The batch is valid until the next call: its
   * memory is used again.
   *
   * @param result The open result that the chunk came from.
   */
  read(result: Address, chunk: Address): ColumnBatch {
    const rowCount = Number(duckdb.chunkSize(chunk))
    const columns = this.#readers.map((reader, index) =>
      reader.read(result, duckdb.chunkVector(chunk, index), rowCount),
    )
    return { rowCount, columns }
  }
}
