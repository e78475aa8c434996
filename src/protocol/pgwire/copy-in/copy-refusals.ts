/** What is wrong with the bytes of a COPY, in PostgreSQL's words. */
import { GatewayError } from '../../../base/gateway-error.ts'

/** The data is not in the format that was announced (22P04). */
export function badCopyFormat(message: string, hint?: string): GatewayError {
  return new GatewayError('bad_copy_file_format', message, hint === undefined ? {} : { hint })
}

export function rowTooLong(bytesMax: number): GatewayError {
  return new GatewayError(
    'program_limit',
    `a row of COPY is longer than this gateway takes (${bytesMax} bytes)`,
  )
}

/** Longer ones are cut in what the client is told. Source: PostgreSQL, MAX_COPY_DATA_DISPLAY. */
const SHOWN_BYTES_MAX = 100

export function shown(value: Uint8Array | string): string {
  const bytes = typeof value === 'string' ? Buffer.from(value) : Buffer.from(value)
  if (bytes.length <= SHOWN_BYTES_MAX) return bytes.toString('utf8')
  let end = SHOWN_BYTES_MAX
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1 // not inside a character
  return `${bytes.toString('utf8', 0, end)}...`
}
