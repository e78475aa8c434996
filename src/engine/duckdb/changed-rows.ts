/**
 * How many rows a write changed: the engine gives a result of one column, `Count`, with one row.
 * CREATE TABLE … AS has the row, other definitions have the column alone.
 */
import { duckdb } from './native/library.ts'
import type { Address, ResultByValue } from './native/library.ts'
import { copyFrom, destroy } from './native/memory.ts'

/** `duckdb_result_type`: rows that the statement asked for (SELECT, RETURNING, EXPLAIN). */
const QUERY_RESULT = 3
/** `duckdb_type` */
const BIGINT = 5

/** Reads the result to its end. Undefined for a statement that counts nothing. */
export function changedRows(result: Address, value: ResultByValue): number | undefined {
  if (duckdb.resultReturnType(value) === QUERY_RESULT) return undefined
  if (duckdb.columnType(result, 0) !== BIGINT) return undefined
  let total: number | undefined
  for (;;) {
    const chunk = duckdb.fetchChunk(value)
    if (chunk === null) return total
    total = (total ?? 0) + readCount(chunk)
    destroy(duckdb.destroyDataChunk, chunk)
  }
}

function readCount(chunk: Address): number {
  const data = duckdb.vectorData(duckdb.chunkVector(chunk, 0))
  if (data !== null && Number(duckdb.chunkSize(chunk)) > 0) copyFrom(data, count, 8)
  return Number(count[0] ?? 0n)
}

const count = new BigInt64Array(1)
