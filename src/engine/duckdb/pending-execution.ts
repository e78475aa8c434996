/**
 * A statement that is bound and has begun to run, and has no rows yet.
 *
 * It runs in slices, so that a thread need not stay with a long computation: between two slices it
 * is a native handle that any thread can go on with, while the engine's own threads keep working.
 * Never two threads at once; the connection must do nothing else meanwhile.
 */
import type { Schema } from '../../columnar/column-type.ts'
import { DuckDbResult } from './duckdb-result.ts'
import { engineError } from './engine-error.ts'
import { duckdb } from './native/library.ts'
import type { Address } from './native/library.ts'
import { allocateResult, destroy, freeResult } from './native/memory.ts'
import { resultColumns } from './result-columns.ts'

/** `duckdb_pending_state`. */
const FAILED = 2
const NO_TASK = 3

/**
 * A slice has so many steps at least. A small statement needs a handful, and is not to be put off
 * because a busy machine let its thread wait in the middle of them.
 */
const STEPS_MIN = 32

/** All work is with the engine's own threads: sleeps that grow from the shorter to the longer. */
const SLEEP_MS_MIN = 0.05
const SLEEP_MS_MAX = 1

const sleeper = new Int32Array(new SharedArrayBuffer(4))

export class PendingExecution {
  readonly address: Address
  readonly #columns: Schema
  readonly #sql: string | undefined
  #failed = false

  private constructor(address: Address, columns: Schema, sql: string | undefined) {
    this.address = address
    this.#columns = columns
    this.#sql = sql
  }

  /** @param columns As the statement's wrapper has them. */
  static at(address: Address, columns: Schema, sql?: string): PendingExecution {
    return new PendingExecution(address, columns, sql)
  }

  /**
   * Works for about `sliceMs`, longer where one step of the engine takes longer.
   *
   * @returns true when `finish` has nothing left to wait for: a result, or its error.
   */
  work(sliceMs: number): boolean {
    const deadline = performance.now() + sliceMs
    let sleepMs = SLEEP_MS_MIN
    for (let step = 1; ; step += 1) {
      const state = duckdb.pendingExecuteTask(this.address)
      this.#failed = state === FAILED
      if (duckdb.pendingExecutionIsFinished(state)) return true
      if (step >= STEPS_MIN && performance.now() >= deadline) return false
      if (state !== NO_TASK) {
        sleepMs = SLEEP_MS_MIN
        continue
      }
      Atomics.wait(sleeper, 0, 0, sleepMs)
      sleepMs = Math.min(sleepMs * 2, SLEEP_MS_MAX)
    }
  }

  /**
   * The result, with its first rows there. Not to be used again, whatever comes of it.
   *
   * @throws GatewayError what the statement failed with; nothing is left open.
   */
  finish(): DuckDbResult {
    const result = allocateResult()
    try {
      // to execute what has failed would give another error, about that
      if (this.#failed) throw engineError(duckdb.pendingError(this.address) ?? '', 0, this.#sql)
      if (duckdb.executePending(this.address, result) !== 0) {
        throw engineError(
          duckdb.resultError(result) ?? '',
          duckdb.resultErrorType(result),
          this.#sql,
        )
      }
      return DuckDbResult.at(result, resultColumns(result, this.#columns))
    } catch (error) {
      freeResult(result)
      throw error
    } finally {
      destroy(duckdb.destroyPending, this.address)
    }
  }
}
