/** One JSON value a line. */
export const NDJSON_TYPE = 'application/x-ndjson; charset=utf-8'

export function ndjsonLine(value: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(value)}\n`)
}
