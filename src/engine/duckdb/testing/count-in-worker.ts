/** For tests: goes on with a half-read result in a worker thread and tells how many rows it had. */
import { parentPort, workerData } from 'node:worker_threads'
import { GatewayError } from '../../../base/gateway-error.ts'
import type { Schema } from '../../../columnar/column-type.ts'
import { DuckDbResult } from '../duckdb-result.ts'

const { address, columns, batches } = workerData as {
  address: bigint
  columns: Schema
  batches: number
}

const result = DuckDbResult.at(address, columns)
let rows = 0
let sum = 0n
let failure: string | undefined
try {
  for (let read = 0; read < batches; read += 1) {
    const batch = result.next()
    if (batch === undefined) break
    rows += batch.rowCount
    for (const value of batch.columns[0]?.values ?? []) sum += BigInt(value)
  }
} catch (error) {
  if (!(error instanceof GatewayError)) throw error
  failure = error.kind
}
parentPort?.postMessage({ rows, sum, failure })
