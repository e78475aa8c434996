/** Statements that the gateway answers itself, in the same form as those of the engine. */
import type { Schema } from '../columnar/column-type.ts'
import type { ResultFormat } from '../columnar/result-format.ts'
import { rowsToBatch } from '../columnar/rows-to-batch.ts'
import type { Cell } from '../columnar/rows-to-batch.ts'
import { ByteWriter } from '../base/byte-writer.ts'
import { createRowEncoder } from '../encode/row-encoder.ts'
import type { Notice, RunningStatement, StatementEvent } from './executor.ts'

export type Row = readonly Cell[]

/** A statement without rows: done, with a command tag. */
export function command(tag: string, notices: readonly Notice[] = []): RunningStatement {
  return {
    columns: undefined,
    isRead: false,
    next: () => Promise.resolve({ kind: 'complete', tag, notices }),
    recheck: () => undefined,
    resume: () => undefined,
    close: () => Promise.resolve(),
  }
}

/**
 * Rows of the gateway's own, encoded here.
 *
 * @param batches Rows as they come; each batch is one frame, cut where `rowsMax` suspends.
 * @param tagWord The command tag's first word: `SHOW`, or `SELECT` followed by the count.
 */
export function answer(
  columns: Schema,
  batches: AsyncIterable<readonly Row[]> | Iterable<readonly Row[]>,
  tagWord: 'SHOW' | 'SELECT',
  format: ResultFormat,
  rowsMax: number,
): RunningStatement {
  const encoder = createRowEncoder(columns, format)
  const source = iterate(batches)
  let held: readonly Row[] = []
  let given = 0
  let left = rowsMax === 0 ? Infinity : rowsMax

  async function next(): Promise<StatementEvent> {
    while (held.length === 0) {
      const batch = await source.next()
      if (batch.done) {
        const tag = tagWord === 'SHOW' ? 'SHOW' : `SELECT ${given}`
        return { kind: 'complete', tag, notices: [] }
      }
      held = batch.value
    }
    if (left === 0) return { kind: 'suspended' }
    const rows = held.slice(0, Math.min(held.length, left))
    held = held.slice(rows.length)
    given += rows.length
    left -= rows.length
    const out = new ByteWriter()
    encoder.encode(rowsToBatch(columns, rows), 0, rows.length, out, Infinity)
    return { kind: 'frame', bytes: out.take(), rows: rows.length }
  }

  return {
    columns,
    isRead: true,
    next,
    recheck: () => undefined,
    resume(more) {
      left = more === 0 ? Infinity : more
      given = 0
    },
    close: async () => {
      await source.return?.(undefined)
    },
  }
}

async function* iterate(
  batches: AsyncIterable<readonly Row[]> | Iterable<readonly Row[]>,
): AsyncGenerator<readonly Row[], undefined> {
  yield* batches
  return undefined
}
