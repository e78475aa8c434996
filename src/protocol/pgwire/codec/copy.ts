/** The messages of COPY that go to the client. Source: PostgreSQL manual, "Message Formats". */
import type { ByteWriter } from '../../../base/byte-writer.ts'
import { beginMessage, endMessage } from './message.ts'

export function writeCopyOutResponse(
  out: ByteWriter,
  format: 'text' | 'csv' | 'binary',
  columns: number,
): void {
  writeResponse(out, 'H', format, columns)
}

export function writeCopyInResponse(
  out: ByteWriter,
  format: 'text' | 'csv' | 'binary',
  columns: number,
): void {
  writeResponse(out, 'G', format, columns)
}

function writeResponse(
  out: ByteWriter,
  type: 'G' | 'H',
  format: 'text' | 'csv' | 'binary',
  columns: number,
): void {
  const message = beginMessage(out, type)
  const code = format === 'binary' ? 1 : 0
  out.uint8(code)
  out.int16(columns)
  for (let column = 0; column < columns; column += 1) out.int16(code)
  endMessage(out, message)
}

export function writeCopyDone(out: ByteWriter): void {
  endMessage(out, beginMessage(out, 'c'))
}
