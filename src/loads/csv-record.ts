/**
 * Where one record of a CSV file ends, and what is in it (RFC 4180, with the engine's allowances:
 * blanks around quotes, a quote inside an unquoted field, any one line end).
 *
 * The engine reads the rows of a load; this says where things are in the file, and what is wrong
 * with it. The two are held against each other in test/contracts.
 */
import type { CsvReading } from '../sql/load-statement.ts'

export type CsvDialect = Pick<CsvReading, 'delimiter' | 'quote' | 'escape' | 'encoding'>

export interface CsvRecord {
  /** Of the byte after its line end. */
  readonly end: number
  readonly fields: readonly CsvField[]
  /** Line ends in it and after it. */
  readonly lines: number
  /** Empty at the end of a file without one. */
  readonly lineEnd: '' | '\n' | '\r\n' | '\r'
  readonly problem: string | undefined
}

/** In bytes, with its quotes left out. */
export interface CsvField {
  readonly start: number
  readonly end: number
  readonly quoted: boolean
}

const LF = 10
const CR = 13
const SPACE = 32

/**
 * The record that begins at `start`.
 *
 * @param isWhole No more bytes follow.
 * @returns undefined when its end is not in `bytes` yet.
 */
export function readRecord(
  bytes: Uint8Array,
  start: number,
  dialect: CsvDialect,
  isWhole: boolean,
): CsvRecord | undefined {
  const delimiter = dialect.delimiter.charCodeAt(0)
  const quote = dialect.quote === '' ? -1 : dialect.quote.charCodeAt(0)
  const escape = dialect.escape === 'backslash' && quote !== -1 ? 92 : quote
  const fields: CsvField[] = []
  let problem: string | undefined
  let lines = 0
  let at = start
  for (;;) {
    let fieldStart = at
    let fieldEnd: number
    while (bytes[at] === SPACE && delimiter !== SPACE) at += 1
    const quoted = bytes[at] === quote
    if (quoted) {
      at += 1
      fieldStart = at
      for (;;) {
        const byte = bytes[at]
        if (byte === undefined) break
        const next = bytes[at + 1]
        if (byte === escape && (next === quote || (next === escape && next !== undefined))) {
          at += 2
          continue
        }
        if (byte === quote) break
        if (byte === LF || (byte === CR && next !== LF)) lines += 1
        at += 1
      }
      // whether a quote at the very end closes the field, the next byte tells
      if (at >= bytes.length - 1 && !isWhole) return undefined
      fieldEnd = Math.min(at, bytes.length)
      if (at >= bytes.length) {
        problem ??= 'a quote is opened and never closed'
      } else {
        at += 1
        while (bytes[at] === SPACE && delimiter !== SPACE) at += 1
        if (!endsField(bytes[at], delimiter)) problem ??= 'text follows a closing quote'
      }
    } else {
      fieldEnd = -1
    }
    while (at < bytes.length && !endsField(bytes[at], delimiter)) at += 1
    if (fieldEnd === -1) fieldEnd = at
    const byte = bytes[at]
    if (byte === undefined && !isWhole) return undefined
    fields.push({ start: fieldStart, end: fieldEnd, quoted })
    if (byte === delimiter) {
      at += 1
      continue
    }
    if (byte === undefined) return { end: at, fields, lines, lineEnd: '', problem }
    if (byte === LF) return { end: at + 1, fields, lines: lines + 1, lineEnd: '\n', problem }
    const next = bytes[at + 1]
    if (next === undefined && !isWhole) return undefined
    return next === LF
      ? { end: at + 2, fields, lines: lines + 1, lineEnd: '\r\n', problem }
      : { end: at + 1, fields, lines: lines + 1, lineEnd: '\r', problem }
  }
}

/** A line with nothing in it: the engine skips it, unless records have one field. */
export function isBlank({ fields }: CsvRecord): boolean {
  const [only, second] = fields
  return second === undefined && only?.quoted === false && only.start === only.end
}

/** The field's text; undefined for an unquoted empty one. */
export function fieldText(
  bytes: Uint8Array,
  field: CsvField,
  dialect: CsvDialect,
): string | undefined {
  if (!field.quoted && field.start === field.end) return undefined
  const part = Buffer.from(bytes.buffer, bytes.byteOffset + field.start, field.end - field.start)
  const text = part.toString(dialect.encoding === 'latin-1' ? 'latin1' : 'utf8')
  if (!field.quoted) return text
  if (dialect.escape === 'backslash') return text.replaceAll(/\\(["'\\])/g, '$1')
  return text.replaceAll(`${dialect.quote}${dialect.quote}`, dialect.quote)
}

function endsField(byte: number | undefined, delimiter: number): boolean {
  return byte === undefined || byte === delimiter || byte === LF || byte === CR
}
