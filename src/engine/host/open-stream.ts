/**
 * A result under way, in the worker that works on it: reads batches, encodes rows.
 *
 * Between two answers a stream is only its native handle, so that any worker can go on with it. The
 * exception is a batch too large to encode in one go: its rest is here, and the stream must come
 * back to this worker.
 */
import { ByteWriter } from '../../base/byte-writer.ts'
import { GatewayError } from '../../base/gateway-error.ts'
import type { ColumnBatch } from '../../columnar/column-batch.ts'
import type { Schema } from '../../columnar/column-type.ts'
import type { ResultFormat } from '../../columnar/result-format.ts'
import { createRowEncoder, type RowEncoder } from '../../encode/row-encoder.ts'
import type { DuckDbResult } from '../duckdb/duckdb-result.ts'
import { BODY_BYTES_MAX } from '../wire/frame.ts'
import { RecentMap } from './recent-map.ts'
import type { FormatKey, Rows, Stream } from './task.ts'

/** A frame is about so long: long enough to make its cost small, short enough to share workers. */
const FRAME_BYTES = 256 * 1024

/**
 * A part of a result, after its first frame: the worker has a few milliseconds of work, so that the
 * time between two tasks, which costs a thread's wake-up each way, is small beside it.
 */
const PART_BYTES = 2 * FRAME_BYTES

/** A batch that is longer than this, encoded, is answered in parts. */
const BATCH_BYTES_MAX = 4 * 1024 * 1024

/** Rows that are there leave after this time, even where the next ones take long to come. */
const FILL_MS_MAX = 20

/** The last row of a frame goes beyond its length; a longer row than this makes the writer grow. */
const LAST_ROW_BYTES = 16 * 1024

/** One a worker: results follow each other in it. */
const writer = new ByteWriter(FRAME_BYTES + LAST_ROW_BYTES)

export class OpenStream {
  readonly result: DuckDbResult
  readonly #encoder: RowEncoder
  #bytesWanted = FRAME_BYTES
  #rest: { readonly batch: ColumnBatch; readonly from: number } | undefined

  constructor(result: DuckDbResult, columns: Schema, format: FormatKey) {
    this.result = result
    this.#encoder = createRowEncoder(columns, formatOf(format))
  }

  /** True while the rest of a batch waits here. */
  get pinned(): boolean {
    return this.#rest !== undefined
  }

  /**
   * The next rows: one frame's worth at first, more later, unless that takes long or the end comes
   * first.
   *
   * @throws GatewayError when the statement failed, or a row cannot be carried; the result is still
   *         to be closed.
   */
  fill(): Stream {
    const startedAt = performance.now()
    const rows: Rows[] = []
    const bytesWanted = this.#bytesWanted
    this.#bytesWanted = PART_BYTES
    writer.truncate(0)
    let pending = 0
    let bytes = 0
    const cut = (): void => {
      if (pending === 0) return
      rows.push({ bytes: taken(), rows: pending })
      pending = 0
    }

    for (;;) {
      const rest = this.#rest
      this.#rest = undefined
      const batch = rest?.batch ?? this.result.next()
      if (!batch) {
        cut()
        return { rows, ended: true, pinned: false }
      }
      let from = rest?.from ?? 0
      while (from < batch.rowCount) {
        const position = writer.position
        const next = this.#encoder.encode(batch, from, batch.rowCount, writer, FRAME_BYTES)
        bytes += writer.position - position
        pending += next - from
        from = next
        if (writer.position >= FRAME_BYTES) cut()
        if (bytes >= BATCH_BYTES_MAX && from < batch.rowCount) {
          this.#rest = { batch, from }
          cut()
          return { rows, ended: false, pinned: true }
        }
      }
      if (bytes >= bytesWanted || performance.now() - startedAt > FILL_MS_MAX) {
        cut()
        return { rows, ended: false, pinned: false }
      }
    }
  }
}

/** Clients' settings vary little; a format that is parsed again costs some microseconds. */
const formats = new RecentMap<FormatKey, ResultFormat>(100)

function formatOf(key: FormatKey): ResultFormat {
  const known = formats.get(key)
  if (known) return known
  const format = JSON.parse(key) as ResultFormat
  formats.set(key, format)
  return format
}

/** @throws GatewayError `program_limit` for a row that no frame can carry. */
function taken(): Uint8Array<ArrayBuffer> {
  if (writer.position > BODY_BYTES_MAX - 4) {
    throw new GatewayError('program_limit', `a row of ${writer.position} bytes is too long`, {
      detail: `A row may have ${BODY_BYTES_MAX - 4} bytes as it is sent.`,
      hint: 'Select fewer columns, or parts of the long values.',
    })
  }
  return writer.take()
}
