/** The short messages that end a step. */
import type { ByteWriter } from '../../../base/byte-writer.ts'
import { beginMessage, endMessage, writeText } from './message.ts'

const TYPE_BYTES = {
  parse_complete: '1',
  bind_complete: '2',
  close_complete: '3',
  no_data: 'n',
  portal_suspended: 's',
  empty_query: 'I',
} as const

/** One of the messages without a body. */
export function writeStep(out: ByteWriter, step: keyof typeof TYPE_BYTES): void {
  endMessage(out, beginMessage(out, TYPE_BYTES[step]))
}

/** @param tag Such as `SELECT 3`, `INSERT 0 1`, `CREATE TABLE`. */
export function writeCommandComplete(out: ByteWriter, tag: string): void {
  const message = beginMessage(out, 'C')
  writeText(out, tag)
  endMessage(out, message)
}
