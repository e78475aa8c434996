/** Walks over a CSV file record by record, a bounded part of it in memory at a time. */
import { isUtf8 } from 'node:buffer'
import { createReadStream } from 'node:fs'
import { RECORD_BYTES_MAX } from '../sql/load-statement.ts'
import { readRecord } from './csv-record.ts'
import type { CsvDialect, CsvRecord } from './csv-record.ts'

/** A part is gone through in about a millisecond; between parts others have their turn. */
const PART_BYTES = 64 * 1024

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf])

export interface ScannedRecord extends CsvRecord {
  /** Holds the record; good until the callback returns. */
  readonly bytes: Uint8Array
  /** The first of its lines, from 1. */
  readonly line: number
}

/**
 * @param onRecord Ends the walk by answering `stop`.
 * @throws the error of the file system, or the signal's reason.
 */
export async function scanCsv(
  file: string,
  dialect: CsvDialect,
  onRecord: (record: ScannedRecord) => 'stop' | undefined,
  signal?: AbortSignal,
): Promise<void> {
  let held: Buffer = Buffer.alloc(0)
  let line = 1
  let lineEnd: CsvRecord['lineEnd'] = ''

  /** @returns true to stop. */
  function take(isWhole: boolean): boolean {
    let at = 0
    while (at < held.length) {
      const record = readRecord(held, at, dialect, isWhole)
      if (!record && held.length - at <= RECORD_BYTES_MAX) break
      const found = record ?? tooLong(held)
      const differs = lineEnd !== '' && found.lineEnd !== '' && found.lineEnd !== lineEnd
      if (found.lineEnd !== '') lineEnd ||= found.lineEnd
      const isText = dialect.encoding !== 'utf-8' || isUtf8(held.subarray(at, found.end))
      const problem =
        found.problem ??
        (isText ? undefined : 'it is not UTF-8') ??
        (differs ? 'its line end is another than that of the lines before' : undefined)
      const answer = onRecord({ ...found, problem, bytes: held, line })
      if (answer === 'stop' || !record) return true
      line += found.lines
      at = found.end
    }
    held = held.subarray(at)
    return false
  }

  const stream = createReadStream(file, { highWaterMark: PART_BYTES })
  let isFirst = true
  for await (const part of stream as AsyncIterable<Buffer>) {
    signal?.throwIfAborted()
    held = held.length === 0 ? part : Buffer.concat([held, part])
    if (isFirst && held.subarray(0, 3).equals(BYTE_ORDER_MARK)) held = held.subarray(3)
    isFirst = false
    if (take(false)) return // leaving the loop closes the file
  }
  take(true)
}

function tooLong(held: Buffer): CsvRecord {
  const problem = `it is longer than ${RECORD_BYTES_MAX / 1024 ** 2} MiB, or a quote is never closed`
  return { end: held.length, fields: [], lines: 0, lineEnd: '', problem }
}
