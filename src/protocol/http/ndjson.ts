/** One JSON value a line. */
import type { TSchema } from 'typebox'

export const NDJSON_TYPE = 'application/x-ndjson; charset=utf-8'

export function ndjsonLine(value: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(value)}\n`)
}

/** The description of an answer whose lines are each a `line`. */
export function ndjsonOf(line: TSchema, description = 'One JSON value a line.') {
  return { description, content: { 'application/x-ndjson': { schema: line } } }
}
