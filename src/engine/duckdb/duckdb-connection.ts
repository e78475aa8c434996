/**
 * A connection: one transaction, one running statement or open stream at a time.
 *
 * Any second call on a connection silently ends its open stream (design, engine fact 2): callers
 * keep them apart. A wrapper holds nothing but the address and may be made anew in any thread, as
 * long as no two threads use the connection at once (`interrupt` excepted).
 */
import { present } from '../../base/assert.ts'
import { GatewayError } from '../../base/gateway-error.ts'
import { prepareStatement } from './duckdb-statement.ts'
import type { DuckDbStatement } from './duckdb-statement.ts'
import { readTextRows } from './text-rows.ts'
import { engineError } from './engine-error.ts'
import { changedRows } from './changed-rows.ts'
import { duckdb } from './native/library.ts'
import type { Address } from './native/library.ts'
import { allocateResult, destroy, freeResult, resultByValue } from './native/memory.ts'
import { zeroTerminated } from './native/sql-text.ts'

const cell = new BigUint64Array(16)

export class DuckDbConnection {
  readonly address: Address

  private constructor(address: Address) {
    this.address = address
  }

  /** @throws GatewayError `internal` when the instance takes no connection any more. */
  static open(databaseAddress: Address): DuckDbConnection {
    cell[0] = 0n
    if (duckdb.connect(databaseAddress, cell) !== 0) {
      throw new GatewayError('internal', 'the engine takes no connection')
    }
    return new DuckDbConnection(present(cell[0], 'the address of the connection'))
  }

  static at(address: Address): DuckDbConnection {
    return new DuckDbConnection(address)
  }

  /**
   * Runs one or several statements to their end, for the host's own SQL. The result is read into
   * memory whole and dropped; `rowsChanged` is that of the last statement, where it is a write.
   *
   * @throws GatewayError of the first statement that failed; those before it have run.
   */
  execute(sql: string): { rowsChanged: number | undefined } {
    const text = zeroTerminated(sql)
    const result = allocateResult()
    try {
      if (duckdb.query(this.address, text, result) !== 0) {
        throw engineError(duckdb.resultError(result) ?? '', duckdb.resultErrorType(result), sql)
      }
      return { rowsChanged: changedRows(result, resultByValue(result)) }
    } finally {
      freeResult(result)
    }
  }

  /**
   * All rows of one SELECT, each value cast to text by the engine. Parameters are bound as text.
   * For catalogue reads and the like: everything is held in memory.
   */
  rows(sql: string, parameters: readonly string[] = []): (string | null)[][] {
    return readTextRows(this.address, sql, parameters)
  }

  /** @throws GatewayError when the text does not parse or bind, or is not exactly one statement. */
  prepare(sql: string): DuckDbStatement {
    return prepareStatement(this.address, sql)
  }

  /** Rolls back an open transaction. Its results and statements must be closed before. */
  close(): void {
    destroy(duckdb.disconnect, this.address)
  }
}

/**
 * Asks the statement that runs on a connection to end with `cancelled`. From any thread, while the
 * connection is open; without effect when nothing runs. It can be heard late (engine fact 3).
 */
export function interrupt(connectionAddress: Address): void {
  duckdb.interrupt(connectionAddress)
}

/** Before a statement whose progress is to be known; printing it is the first thing to switch off. */
export const TRACK_PROGRESS = [
  'SET enable_progress_bar_print = false',
  'SET enable_progress_bar = true',
]

/**
 * How far the statement is that runs on a connection after `TRACK_PROGRESS`, from 0 to 100; undefined
 * while that is not known. From any thread, while the connection is open.
 */
export function progress(connectionAddress: Address): number | undefined {
  const { percentage } = duckdb.queryProgress(connectionAddress)
  return percentage >= 0 && percentage <= 100 ? percentage : undefined
}
